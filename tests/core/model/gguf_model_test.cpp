// GGUF files as models: the numbers of the same model as a folder.
#include <doctest/doctest.h>

#include <cmath>

#include "core/model/generation.h"
#include "core/model/gguf_config.h"
#include "core/model/gguf_weights.h"
#include "core/model/model_folder.h"
#include "core/model/registry.h"
#include "tests/core/model/case_folder.h"
#include "tests/core/model/gguf_case.h"
#include "tests/support/close.h"
#include "tests/support/refusal.h"
#include "tests/support/temp_dir.h"

namespace heed::test {
namespace {

const ModelInput kInput = [] {
    ModelInput input;
    input.ids = {1, 5, 10, 0, 5};
    return input;
}();

bool is_supported(const GgufCase& c) {
    const std::string type = find_gguf_architecture(c.architecture)->model_type.data();
    return (", " + supported_families() + ",").find(", " + type + ",") != std::string::npos;
}

std::string refuse(const GgufWriter& writer) {
    const TempDir folder;
    const auto path = folder.write("m.gguf", writer.done());
    return message_of([&] { open_model(path); });
}

GgufCase case_of(std::string_view architecture) {
    for (GgufCase& c : list_gguf_cases()) {
        if (c.architecture == architecture) return c;
    }
    FAIL("no case of " << architecture);
    std::abort();
}

TEST_SUITE_BEGIN("core/model/gguf");

TEST_CASE("a GGUF file gives the numbers of the folder that it was made of, at every node") {
    for (const GgufCase& c : list_gguf_cases()) {
        if (!is_supported(c)) continue;
        CAPTURE(c.config);
        TinyTensors tensors = draw_tensors(c.config);
        if (c.architecture == "bert") {
            tensors.erase("bert.pooler.dense.weight");
            tensors.erase("bert.pooler.dense.bias");
        }
        // Numbers to which 1 can be added and taken away again without a rounding.
        for (auto& [name, tensor] : tensors) {
            for (float& value : tensor.values) value = std::round(value * 4096) / 4096;
        }
        const TempDir place;
        write_model(place / "folder", c.config, tensors);
        const auto file = place.write("tiny.gguf", write_gguf(c, tensors));
        const auto from_folder = open_model(place / "folder");
        const auto from_file = open_model(file);
        CHECK(from_file->summary().name == "tiny");
        CHECK(from_file->summary().family == from_folder->summary().family);
        CHECK(from_file->summary().architecture == from_folder->summary().architecture);
        CHECK(from_file->summary().parameters == from_folder->summary().parameters);
        CHECK(from_file->summary().weight_type == "F32");
        const auto want = run_model(*from_folder, kInput);
        const auto got = run_model(*from_file, kInput);
        CHECK(got->graph().nodes().size() == want->graph().nodes().size());
        for (const Node& node : want->graph().nodes()) {
            CAPTURE(node.name);
            const auto in_file = got->graph().find(node.name);
            REQUIRE(in_file);
            const Tensor value = want->tensor(*want->graph().find(node.name));
            CHECK(find_difference(got->tensor(*in_file).values(), value.values(), kExact) == "");
        }
    }
}

TEST_CASE("weights are called as in the folder") {
    const GgufCase c = case_of("gpt2");
    const TempDir place;
    const auto model = open_model(place.write("blob", write_gguf(c, draw_tensors(c.config))));
    CHECK(model->summary().name == "blob");
    bool has_map = false;
    for (WeightId id = 0; id < model->weights()->size(); ++id) {
        const std::string& name = model->weights()->name(id);
        CHECK(name.starts_with("transformer."));
        has_map = has_map || name == "transformer.h.1.attn.c_attn.weight";
    }
    CHECK(has_map);
}

TEST_CASE("rows that lie in pairs are set apart") {
    // Two heads of four rows, a number a row: of each head 0 2 1 3 lie as 0 1 2 3.
    const std::vector<float> from = {0, 2, 1, 3, 10, 12, 11, 13};
    std::vector<float> to(from.size());
    set_rows_apart(from, 2, 1, to);
    CHECK(to == std::vector<float>{0, 1, 2, 3, 10, 11, 12, 13});
}

TEST_CASE("what a file lacks or says wrongly is named by its key") {
    const GgufCase c = case_of("gpt2");
    const auto without = [&](std::string_view key) {
        GgufCase other = c;
        const std::size_t at = other.config.find(key);
        other.config.replace(at, 3, "xxx");
        GgufWriter writer = write_metadata(other);
        write_tensors(c, draw_tensors(c.config), writer);
        return refuse(writer);
    };
    CHECK(find_flaw(without("n_layer"), {"m.gguf", "gpt2.block_count", "nothing"}) == "");
    CHECK(find_flaw(without("n_head"), {"gpt2.attention.head_count"}) == "");
    CHECK(find_flaw(without("n_embd"), {"gpt2.embedding_length"}) == "");
    CHECK(find_flaw(without("layer_norm_epsilon"), {"gpt2.attention.layer_norm_epsilon"}) == "");

    GgufWriter other;
    other.string("general.architecture", "mamba");
    CHECK(find_flaw(refuse(other), {"general.architecture", "one of llama, qwen2", "mamba"}) == "");
    CHECK(find_flaw(refuse(GgufWriter()), {"general.architecture", "nothing"}) == "");
    CHECK(find_flaw(refuse(write_metadata(c)), {"token_embd.weight", "no tensor of this name"}) ==
          "");
    TinyTensors tensors = draw_tensors(c.config);
    tensors.erase("transformer.h.1.ln_1.bias");
    GgufWriter missing = write_metadata(c);
    write_tensors(c, tensors, missing);
    CHECK(find_flaw(refuse(missing), {"transformer.h.1.ln_1.bias", "no tensor"}) == "");
    GgufWriter experts = write_metadata(c);
    experts.number("gpt2.expert_count", 8);
    CHECK(find_flaw(refuse(experts), {"gpt2.expert_count", "mixture of experts"}) == "");
    GgufWriter layers = GgufWriter();
    layers.string("general.architecture", "gpt2");
    layers.number("gpt2.block_count", 4000000000U);
    CHECK(find_flaw(refuse(layers), {"gpt2.block_count", "0 to 1024"}) == "");
}

TEST_CASE("the config says what the metadata says") {
    GgufWriter writer;
    writer.string("general.architecture", "llama");
    writer.number("llama.block_count", 1);
    writer.number("llama.context_length", 64);
    writer.number("llama.embedding_length", 16);
    writer.number("llama.feed_forward_length", 24);
    writer.number("llama.attention.head_count", 2);
    writer.number("llama.attention.head_count_kv", 1);
    writer.number("llama.rope.dimension_count", 4);
    writer.real("llama.rope.freq_base", 500000.0F);
    writer.real("llama.attention.layer_norm_rms_epsilon", 1e-5F);
    const auto config_of = [](GgufWriter w) {
        w.tensor("token_embd.weight", {3, 16}, std::vector<float>(48));
        const TempDir folder;
        const GgufFile file(folder.write("m.gguf", w.done()));
        return make_gguf_config(file);
    };
    const ModelConfig plain = config_of(writer);
    const JsonReader& reader = plain.reader();
    CHECK(reader.get_string("model_type", "") == "llama");
    CHECK(reader.get_int("vocab_size", 0, 0, 99) == 3);
    CHECK(reader.get_int("head_dim", 0, 0, 99) == 8);
    CHECK(reader.get_number("partial_rotary_factor", 1) == 0.5);
    CHECK(reader.get_number("rms_norm_eps", 1) == 1e-5);
    CHECK(reader.get_bool("tie_word_embeddings", false));
    CHECK(reader.get_object("rope_scaling") == nullptr);

    CHECK(read_generation_rules(reader).end_ids.empty());
    GgufWriter ending = writer;
    ending.number("tokenizer.ggml.eos_token_id", 2);
    ending.number("tokenizer.ggml.eot_token_id", 1);
    const ModelConfig ended = config_of(ending);
    CHECK(read_generation_rules(ended.reader()).end_ids == std::vector<int>{2, 1});

    GgufWriter yarn = writer;
    yarn.string("llama.rope.scaling.type", "yarn");
    yarn.real("llama.rope.scaling.factor", 4);
    yarn.number("llama.rope.scaling.original_context_length", 32);
    const ModelConfig scaled = config_of(yarn);
    const Json* scaling = scaled.reader().get_object("rope_scaling");
    REQUIRE(scaling != nullptr);
    CHECK(scaling->find("rope_type")->string == "yarn");
    CHECK(scaling->find("factor")->number == 4);
    CHECK(scaling->find("original_max_position_embeddings")->integer == 32);

    GgufWriter wide = writer;
    wide.number("llama.attention.value_length", 4);
    CHECK(find_flaw(message_of([&] { config_of(wide); }),
                    {"llama.attention.value_length", "8, as attention.key_length"}) == "");
}

TEST_CASE("Llama 3's table of divisors becomes its scaling, another one is refused") {
    // Heads of 16: wave lengths 6, 32, 167, 862, 4443, 22911 and longer.
    const double share = (8192 / (2 * M_PI * std::pow(500000.0, 0.5)) - 1) / 3;
    const auto between = static_cast<float>(1 / ((1 - share) / 8 + share));
    const auto config_of = [](const std::vector<float>& divisors) {
        GgufWriter writer;
        writer.string("general.architecture", "llama");
        for (const auto& [key, value] : {std::pair{"block_count", 1U},
                                         {"context_length", 64U},
                                         {"embedding_length", 32U},
                                         {"feed_forward_length", 24U},
                                         {"attention.head_count", 2U}}) {
            writer.number(std::string("llama.") + key, value);
        }
        writer.real("llama.rope.freq_base", 500000.0F);
        writer.real("llama.attention.layer_norm_rms_epsilon", 1e-5F);
        writer.tensor("token_embd.weight", {3, 32}, std::vector<float>(96));
        writer.tensor("rope_freqs.weight", {static_cast<std::int64_t>(divisors.size())}, divisors);
        const TempDir folder;
        const GgufFile file(folder.write("m.gguf", writer.done()));
        return make_gguf_config(file);
    };
    const ModelConfig config = config_of({1, 1, 1, 1, between, 8, 8, 8});
    const Json* scaling = config.reader().get_object("rope_scaling");
    REQUIRE(scaling != nullptr);
    CHECK(scaling->find("rope_type")->string == "llama3");
    CHECK(scaling->find("factor")->number == 8);
    const std::vector<float> others[] = {
        {1, 1, 1, 1, 2, 8, 8, 8}, {1, 1, 1, 1, NAN, 8, 8, 8}, {1, 1, 1}};
    for (const std::vector<float>& other : others) {
        CHECK(find_flaw(message_of([&] { config_of(other); }),
                        {"rope_freqs.weight", "Llama 3's scaling"}) == "");
    }
}

TEST_SUITE_END();

}  // namespace
}  // namespace heed::test
