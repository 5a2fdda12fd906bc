// Tensors of files that differ from what the config promises.
#include <doctest/doctest.h>

#include "core/model/model_folder.h"
#include "tests/core/model/case_folder.h"
#include "tests/core/model/tiny_model.h"
#include "tests/support/close.h"
#include "tests/support/refusal.h"
#include "tests/support/temp_dir.h"

namespace heed::test {
namespace {

const ModelInput kInput = [] {
    ModelInput input;
    input.ids = {1, 5, 10};
    return input;
}();

// What `node` is after a run of the model of these tensors.
std::vector<float> run(const std::string& config, const TinyTensors& tensors,
                       std::string_view node = "logits") {
    const TempDir folder;
    write_model(folder.path(), config, tensors);
    const auto trace = run_model(*open_model(folder.path()), kInput);
    const Tensor values = trace->tensor(*trace->graph().find(node));
    return {values.values().begin(), values.values().end()};
}

std::string refuse(const std::string& config, const TinyTensors& tensors) {
    const TempDir folder;
    write_model(folder.path(), config, tensors);
    return message_of([&] { open_model(folder.path()); });
}

// The tensors under other names.
template <class Rename>
TinyTensors renamed(const TinyTensors& tensors, Rename rename) {
    TinyTensors out;
    for (const auto& [name, tensor] : tensors) out.emplace(rename(name), tensor);
    return out;
}

std::string without(std::string name, std::string_view prefix) {
    return name.starts_with(prefix) ? name.substr(prefix.size()) : name;
}

std::string replaced(std::string name, const std::string& from, const std::string& to) {
    const std::size_t at = name.find(from);
    return at == std::string::npos ? name : name.replace(at, from.size(), to);
}

TEST_SUITE_BEGIN("core/model/weights");

const std::string kGpt2 = tiny_gpt2("GPT2LMHeadModel");
const std::string kBert = tiny_bert("BertForMaskedLM");

TEST_CASE("a missing tensor is named with its file and the shape it should have") {
    TinyTensors tensors = draw_tensors(kGpt2);
    tensors.erase("transformer.h.1.mlp.c_fc.bias");
    CHECK(find_flaw(refuse(kGpt2, tensors), {"model.safetensors", "transformer.h.1.mlp.c_fc.bias",
                                             "[24]", "no tensor of this name"}) == "");
}

TEST_CASE("a wrong shape is named with both shapes") {
    TinyTensors tensors = draw_tensors(kGpt2);
    tensors["transformer.h.0.attn.c_attn.weight"] = {Dtype::kF32, {6, 17}, std::vector<float>(102)};
    CHECK(find_flaw(refuse(kGpt2, tensors),
                    {"model.safetensors", "transformer.h.0.attn.c_attn.weight", "expected [6, 18]",
                     "found [6, 17]"}) == "");
}

TEST_CASE("weights of integers are refused") {
    TinyTensors tensors = draw_tensors(kBert);
    tensors["bert.embeddings.LayerNorm.weight"].dtype = Dtype::kI64;
    CHECK(find_flaw(refuse(kBert, tensors),
                    {"bert.embeddings.LayerNorm.weight", "F32, F16, BF16 or F64", "I64"}) == "");
}

TEST_CASE("a prefix may be absent") {
    const TinyTensors gpt2 = draw_tensors(kGpt2);
    CHECK(run(kGpt2, renamed(gpt2, [](const std::string& name) {
                  return without(name, "transformer.");
              })) == run(kGpt2, gpt2));
    const TinyTensors bert = draw_tensors(kBert);
    CHECK(run(kBert, renamed(bert, [](const std::string& name) {
                  return without(name, "bert.");
              })) == run(kBert, bert));
}

TEST_CASE("norms may be called gamma and beta, and be of type F64") {
    const TinyTensors tensors = draw_tensors(kBert);
    CHECK(run(kBert, renamed(tensors, [](const std::string& name) {
                  return replaced(replaced(name, "LayerNorm.weight", "LayerNorm.gamma"),
                                  "LayerNorm.bias", "LayerNorm.beta");
              })) == run(kBert, tensors));
    TinyTensors doubled = tensors;
    for (auto& [name, tensor] : doubled) {
        if (name.find("LayerNorm") != std::string::npos) tensor.dtype = Dtype::kF64;
    }
    CHECK(run(kBert, doubled) == run(kBert, tensors));
}

TEST_CASE("buffers and heads of other classes are left alone") {
    const TinyTensors tensors = draw_tensors(kGpt2);
    TinyTensors more = tensors;
    more["transformer.h.0.attn.bias"] = {Dtype::kF32, {1, 1, 2, 2}, {1, 0, 1, 1}};
    more["transformer.h.0.attn.masked_bias"] = {Dtype::kF32, {}, {-10000}};
    more["position_ids"] = {Dtype::kI64, {1, 3}, {0, 1, 2}};
    more["score.weight"] = {Dtype::kF32, {2, 6}, std::vector<float>(12)};
    CHECK(run(kGpt2, more) == run(kGpt2, tensors));
}

TEST_CASE("tied tensors are read from whichever is there") {
    const TinyTensors tensors = draw_tensors(kGpt2);
    const std::vector<float> want = run(kGpt2, tensors);
    const std::string embedding = "transformer.wte.weight";
    CHECK(run(kGpt2, renamed(tensors, [&](const std::string& name) {
                  return name == embedding ? std::string("lm_head.weight") : name;
              })) == want);
    TinyTensors both = tensors;
    both["lm_head.weight"] = both[embedding];
    CHECK(run(kGpt2, both) == want);
    // Both there and different: the file is right, not the config.
    for (float& value : both["lm_head.weight"].values) value *= 2;
    std::vector<float> doubled = want;
    for (float& value : doubled) value *= 2;
    CHECK(find_difference(run(kGpt2, both), doubled, kRounding) == "");
}

TEST_CASE("an untied head needs its own tensor") {
    const std::string untied = tiny_gpt2("GPT2LMHeadModel", R"("tie_word_embeddings": false)");
    TinyTensors tensors = draw_tensors(untied);
    CHECK(tensors.count("lm_head.weight") == 1);
    tensors.erase("lm_head.weight");
    CHECK(find_flaw(refuse(untied, tensors), {"lm_head.weight", "[11, 6]"}) == "");
}

TEST_CASE("a head's labels are as many as its weight has rows") {
    const std::string config = tiny_bert("BertForTokenClassification", R"("num_labels": 7)");
    const TinyTensors tensors = draw_tensors(config);
    const std::string silent = tiny_bert("BertForTokenClassification");
    CHECK(run(silent, tensors).size() == 3 * 7);
}

TEST_CASE("a config without a class is read by what the file holds") {
    const TinyTensors tensors = draw_tensors(kBert);
    const std::string sparse = replaced(kBert, R"("architectures": ["BertForMaskedLM"],)", "");
    CHECK(run(sparse, tensors) == run(kBert, tensors));
}

TEST_CASE("packed weights are refused, their shapes are shown") {
    const std::string packed =
        tiny_gpt2("GPT2LMHeadModel", R"("quantization_config": {"quant_method": "gptq"})");
    CHECK(find_flaw(refuse(packed, draw_tensors(packed)),
                    {"quantization_config", "plain numbers", "gptq"}) == "");
    const TempDir folder;
    folder.write("config.json", packed);
    CHECK(open_model(folder.path())->graph(2)->find("logits"));
}

TEST_CASE("weights in another form than safetensors are named") {
    const TempDir folder;
    folder.write("config.json", kGpt2);
    folder.write("pytorch_model.bin", "PK");
    CHECK(find_flaw(message_of([&] { open_model(folder.path()); }),
                    {"model.safetensors", "pytorch_model.bin"}) == "");
}

TEST_CASE("numbers that lie well are used where they lie, others are converted once") {
    TinyTensors tensors = draw_tensors(kGpt2);
    tensors["transformer.ln_f.bias"].dtype = Dtype::kF64;
    const TempDir folder;
    write_model(folder.path(), kGpt2, tensors);
    const auto model = open_model(folder.path());
    CHECK(model->summary().weight_type == "F32, F64");
    const WeightStore& store = *model->weights();
    for (WeightId id = 0; id < store.size(); ++id) {
        CAPTURE(store.name(id));
        const TinyTensor& want = tensors.at(store.name(id));
        const auto got = store.values(id);
        CHECK(find_difference(got, want.values, kExact) == "");
        CHECK(store.values(id).data() == got.data());
    }
    CHECK(model->summary().parameters == store.count());
}

TEST_SUITE_END();

}  // namespace
}  // namespace heed::test
