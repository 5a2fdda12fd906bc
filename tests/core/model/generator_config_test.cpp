// What configs say of Llama's relatives and of encoder-decoders: defaults, options, refusals.
#include <doctest/doctest.h>

#include <algorithm>

#include "core/model/model.h"
#include "core/model/registry.h"
#include "tests/support/oracle.h"
#include "tests/support/refusal.h"

namespace heed::test {
namespace {

std::unique_ptr<Network> open(const std::string& text) {
    const ModelConfig config = parse_config(text, "config.json");
    WeightSource shapes;
    return open_network(config, shapes);
}

// `extra` is what follows: ", \"vocab_size\": 11".
std::string tiny(const std::string& model_type, const std::string& extra = "") {
    return "{\"model_type\": \"" + model_type +
           "\", \"hidden_size\": 8, \"num_attention_heads\": 2, \"num_hidden_layers\": 3, "
           "\"intermediate_size\": 5, \"num_key_value_heads\": 1, \"head_dim\": 4, "
           "\"vocab_size\": 11, \"pad_token_id\": null" +
           extra + "}";
}

// What each layer sees: all before it (f), or a window (s).
std::string layers_of(const std::string& text) {
    std::string layers;
    const auto graph = open(text)->build_graph({5, 0, 0});
    for (const Node& node : graph->nodes()) {
        if (!node.name.ends_with("attn.masked")) continue;
        layers += node.attributes.mask == MaskRule::kWindow ? 's' : 'f';
    }
    return layers;
}

std::string refuse(const std::string& text) {
    return message_of([&text] { open(text); });
}

TEST_SUITE_BEGIN("core/model/generators");

TEST_CASE("an empty config has the defaults of its class") {
    const ModelSummary mistral = open(R"({"model_type": "mistral"})")->sizes();
    CHECK(mistral.key_heads == 8);
    CHECK(mistral.d_mlp == 14336);
    // Without a default of its own, null is as many as there are heads.
    CHECK(open(R"({"model_type": "qwen2", "num_key_value_heads": null, "num_attention_heads": 4,
                   "hidden_size": 8})")
              ->sizes()
              .key_heads == 4);
    const ModelSummary gemma = open(R"({"model_type": "gemma2"})")->sizes();
    CHECK(gemma.d_head == 256);
    CHECK(gemma.layers == 26);
    const ModelSummary bart = open(R"({"model_type": "bart"})")->sizes();
    CHECK(bart.layers == 12);
    CHECK(bart.target_vocabulary == 50265);
    const ModelSummary mt5 = open(R"({"model_type": "mt5", "num_layers": 3})")->sizes();
    CHECK(mt5.heads == 6);
    CHECK(mt5.decoder_layers == 3);
    // The words of a decoder count where the tables are its own.
    const std::string apart =
        R"({"model_type": "marian", "vocab_size": 9, "decoder_vocab_size": 7)";
    CHECK(open(apart + "}")->sizes().target_vocabulary == 9);
    CHECK(open(apart + R"(, "share_encoder_decoder_embeddings": false})")
              ->sizes()
              .target_vocabulary == 7);
}

TEST_CASE("the text of a model that takes pictures too is opened by its part of the config") {
    const std::string part = tiny("gemma3_text");
    const ModelSummary sizes = open(R"({"model_type": "gemma3", "architectures":
        ["Gemma3ForConditionalGeneration"], "text_config": )" +
                                    part + "}")
                                   ->sizes();
    CHECK(sizes.d_model == 8);
    CHECK(sizes.architecture == "Gemma3ForConditionalGeneration");
    // The part's own words on tied heads do not count: the head takes the 11 x 8 table.
    const std::string untied = tiny("gemma3_text", R"(, "tie_word_embeddings": false)");
    const auto parameters = [](const std::string& text) {
        const ModelConfig config = parse_config(text, "config.json");
        WeightSource shapes;
        open_network(config, shapes);
        return shapes.store()->count();
    };
    const std::string whole = R"({"model_type": "gemma3", "architectures":
        ["Gemma3ForConditionalGeneration"], "text_config": )" +
                              untied;
    CHECK(parameters(whole + R"(, "tie_word_embeddings": false})") == parameters(whole + "}") + 88);
    CHECK(open(tiny("gemma3_text", R"(, "architectures": ["Gemma3TextModel"])"))->sizes().layers ==
          3);
}

TEST_CASE("layers slide where their class says so") {
    const std::string two = R"(, "sliding_window": 2)";
    CHECK(layers_of(tiny("mistral")) == "sss");
    CHECK(layers_of(tiny("mistral", R"(, "sliding_window": null)")) == "fff");
    CHECK(layers_of(tiny("phi3")) == "fff");
    CHECK(layers_of(tiny("phi3", two)) == "sss");
    CHECK(layers_of(tiny("qwen2", two + R"(, "max_window_layers": 1)")) == "fff");
    const std::string used = two + R"(, "max_window_layers": 1, "use_sliding_window": true)";
    CHECK(layers_of(tiny("qwen2", used)) == "fss");
    CHECK(layers_of(tiny("qwen3", used)) == "fss");
    const std::string none = R"(, "max_window_layers": 1, "use_sliding_window": true,
        "sliding_window": null)";
    CHECK(layers_of(tiny("qwen3", none)) == "fff");
    CHECK(layers_of(tiny("gemma2")) == "sfs");
    CHECK(layers_of(tiny("gemma3_text", R"(, "sliding_window_pattern": 2)")) == "sfs");
    CHECK(layers_of(tiny("smollm3", two + R"(, "no_rope_layer_interval": 2)")) == "fff");
    CHECK(layers_of(tiny("smollm3", two + R"(, "no_rope_layer_interval": 2,
        "use_sliding_window": true)")) == "fsf");
}

TEST_CASE("a gate's function is what the file says last of it") {
    const std::string t5 = R"({"model_type": "t5", "d_model": 4, "d_ff": 3, "num_layers": 1,
                               "architectures": ["T5EncoderModel"], "feed_forward_proj": )";
    const auto has_up = [&](const std::string& rest) {
        const auto graph = open(t5 + rest + "}")->build_graph({2, 1, 0});
        return std::any_of(graph->nodes().begin(), graph->nodes().end(),
                           [](const Node& node) { return node.name.ends_with("mlp.up"); });
    };
    CHECK(!has_up(R"("relu")"));
    CHECK(has_up(R"("gated-gelu")"));
    CHECK(has_up(R"("relu", "is_gated_act": true)"));
    CHECK(find_flaw(refuse(t5 + R"("relu", "dense_act_fn": "laplace"})"),
                    {"dense_act_fn", "laplace"}) == "");
}

TEST_CASE("what heed does not have of these families is refused by name") {
    const std::string window = R"(, "layer_types": ["sliding_attention", "full_attention",
        "sliding_attention"])";
    CHECK(find_flaw(refuse(tiny("qwen2", window)), {"sliding_window", "sliding_attention"}) == "");
    CHECK(find_flaw(refuse(tiny("gemma2", R"(, "sliding_window": null)")),
                    {"sliding_window", "null"}) == "");
    CHECK(refuse(tiny("qwen2", window + R"(, "use_sliding_window": true, "sliding_window": 2)")) ==
          kNotRefused);
    for (const char* type : {"longrope", "su", "yarn"}) {
        CAPTURE(type);
        const std::string name = '"' + std::string(type) + '"';
        const std::string old = R"(, "rope_scaling": {"type": )" + name + "}";
        const std::string now = R"(, "rope_parameters": {"rope_type": )" + name + "}";
        CHECK(find_flaw(refuse(tiny("phi3", old)), {"type", "longrope is not", type}) == "");
        CHECK(find_flaw(refuse(tiny("phi3", now)), {"rope_type", "longrope is not", type}) == "");
    }
    CHECK(find_flaw(refuse(tiny("llama", R"(, "rope_scaling": {"type": "longrope"})")),
                    {"type", "yarn", "longrope"}) == "");
    CHECK(find_flaw(refuse(tiny("gemma3_text", R"(, "use_bidirectional_attention": true)")),
                    {"use_bidirectional_attention", "left to right"}) == "");
    CHECK(find_flaw(refuse(tiny("llama", R"(, "architectures": ["LlamaForImages"])")),
                    {"architectures", "LlamaForCausalLM", "LlamaForImages"}) == "");
    CHECK(find_flaw(
              refuse(
                  R"({"model_type": "llama", "num_attention_heads": 2, "num_key_value_heads": 3})"),
              {"num_key_value_heads", "a divisor of the 2 heads"}) == "");
    CHECK(find_flaw(refuse(R"({"model_type": "bart", "architectures": ["BartForImages"]})"),
                    {"architectures", "BartForQuestionAnswering", "BartForImages"}) == "");
    const std::string marian =
        refuse(R"({"model_type": "marian", "architectures": ["MarianForQuestionAnswering"]})");
    CHECK(find_flaw(marian, {"architectures", "MarianMTModel, MarianForCausalLM, found"}) == "");
    CHECK(find_flaw(refuse(R"({"model_type": "t5", "architectures": ["T5Decoder"]})"),
                    {"architectures", "T5EncoderModel", "T5Decoder"}) == "");
    for (const char* type : {"xlnet", "deberta", "deberta-v2", "longformer", "mixtral", "qwen2_moe",
                             "qwen3_moe", "whisper"}) {
        CAPTURE(type);
        CHECK(find_flaw(refuse(tiny(type)), {"model_type", "one of ", "llama", type}) == "");
    }
}

TEST_CASE("a refused class names those that there are") {
    const std::vector<std::pair<std::string, std::string>> all = {
        {"openai-gpt",
         "OpenAIGPTModel, OpenAIGPTLMHeadModel, OpenAIGPTDoubleHeadsModel, "
         "OpenAIGPTForSequenceClassification, found"},
        {"ctrl", "CTRLModel, CTRLLMHeadModel, CTRLForSequenceClassification, found"},
        {"olmo2", "Olmo2Model, Olmo2ForCausalLM, Olmo2ForSequenceClassification, found"},
        {"gptj",
         "GPTJModel, GPTJForCausalLM, GPTJForSequenceClassification, GPTJForQuestionAnswering, "
         "found"}};
    for (const auto& [type, names] : all) {
        CAPTURE(type);
        CHECK(find_flaw(refuse(tiny(type, R"(, "rotary_dim": 4, "architectures": ["Other"])")),
                        {"one of " + names}) == "");
    }
}

TEST_CASE("a classifier on both towers reads its text twice, and where it ends") {
    const std::string sizes =
        R"("d_model": 8, "num_attention_heads": 2, "encoder_attention_heads": 2,
        "decoder_attention_heads": 2, "encoder_layers": 1, "decoder_layers": 1, "num_heads": 2,
        "num_layers": 1, "vocab_size": 11, "architectures": [)";
    using Ids = std::vector<int>;
    const Ids ids = {5, 2, 6, 2, 7, 1, 1};
    const auto bart =
        open(R"({"model_type": "bart", )" + sizes + R"("BartForSequenceClassification"]})");
    CHECK(bart->usual_target(ids) == Ids{2, 5, 2, 6, 2, 7, 1});
    CHECK(bart->derived_ids("pooled_position", ids) == Ids{3});
    CHECK(find_flaw(message_of([&] {
                        bart->derived_ids("pooled_position", {5, 6});
                    }),
                    {"config.json", "input_ids", "the id 2", "eos_token_id"}) == "");
    const auto mbart =
        open(R"({"model_type": "mbart", )" + sizes + R"("MBartForQuestionAnswering"]})");
    CHECK(mbart->usual_target(ids) == Ids{7, 5, 2, 6, 2, 7, 1});
    const auto t5 = open(R"({"model_type": "t5", "decoder_start_token_id": 0, )" + sizes +
                         R"("T5ForSequenceClassification"]})");
    CHECK(t5->usual_target(ids) == Ids{0, 5, 2, 6, 2, 7, 1});
    CHECK(t5->derived_ids("pooled_position", {5, 1, 4}) == Ids{1});
    // Other classes' decoders begin with what a text begins with.
    const auto words =
        open(R"({"model_type": "bart", )" + sizes + R"("BartForConditionalGeneration"]})");
    CHECK(words->usual_target(ids) == Ids{2});
}

TEST_CASE("published configs of these families have their published number of parameters") {
    const auto configs = find_oracle("configs");
    if (!configs) return;
    const std::vector<std::pair<const char*, std::size_t>> known = {
        {"Llama-2-7b-hf", 6738415616},   {"Llama-2-13b-hf", 13015864320},
        {"Llama-2-70b-hf", 68976648192}, {"Meta-Llama-3-8B", 8030261248},
        {"Qwen2-7B", 7615616512},        {"TinyLlama-1.1B-Chat-v1.0", 1100048384},
        {"gemma-2-2b", 2614341888},      {"t5-small", 60506624},
        {"t5-base", 222903552},          {"t5-large", 737668096}};
    for (const auto& [name, parameters] : known) {
        CAPTURE(name);
        CHECK(open_model(*configs / name)->summary().parameters == parameters);
    }
    for (const char* name :
         {"Yi-1.5-6B", "bart-base-smiles", "bart-large-cnn", "deepseek-llm-7b-base",
          "hunyuan-mt5-encoder", "opus-mt-en-mg", "opus-mt-tc-big-fr-en", "opus-mt-uk-en",
          "pegasus-autonlp", "t5-v1_1-xxl-encoder", "transfo-xl-wt103-bert4torch"}) {
        CAPTURE(name);
        CHECK(message_of([&] { open_model(*configs / name)->graph(4); }) == kNotRefused);
    }
    for (const char* name : {"whisper-large-v3", "xlnet-base-cased", "hf-fixture-gpt2"}) {
        CAPTURE(name);
        CHECK(find_flaw(message_of([&] { open_model(*configs / name); }),
                        {"config.json", "model_type", "one of "}) == "");
    }
}

TEST_SUITE_END();

}  // namespace
}  // namespace heed::test
