#include "core/model/config.h"

#include <doctest/doctest.h>

#include "core/model/model_folder.h"
#include "core/model/registry.h"
#include "tests/core/model/tiny_model.h"
#include "tests/support/oracle.h"
#include "tests/support/refusal.h"

namespace heed::test {
namespace {

struct Refusal {
    const char* claim;
    std::string text;
    std::vector<std::string_view> parts;
};

std::string refuse(const std::string& text) {
    return message_of([&text] {
        const ModelConfig config = parse_config(text, "config.json");
        WeightSource shapes;
        open_network(config, shapes);
    });
}

const std::vector<Refusal> kRefusals = {
    {"an empty file", "", {"config.json", "JSON"}},
    {"a list", "[]", {"config.json", "an object"}},
    {"no model_type", "{}", {"model_type", "one of ", "gpt2", "nothing"}},
    {"another family",
     "{\n\"model_type\": \"no-such\"}",
     {"line 2", "model_type", "one of ", "gpt2", "no-such"}},
    {"a model_type that is no text", R"({"model_type": 3})", {"model_type", "the number 3"}},
    {"a class that heed does not have",
     tiny_bert("BertForMultipleChoice"),
     {"architectures", "BertForMaskedLM", "BertForMultipleChoice"}},
    {"architectures that are no texts",
     R"({"model_type": "bert", "architectures": [1]})",
     {"architectures", "names of classes"}},
    {"heads that do not divide",
     R"({"model_type": "bert", "hidden_size": 10, "num_attention_heads": 3})",
     {"num_attention_heads", "a divisor of the model's width 10", "3 heads"}},
    {"heads that do not divide, in gpt2",
     R"({"model_type": "gpt2", "n_embd": 10, "n_head": 3})",
     {"n_head", "a divisor of the model's width 10", "3 heads"}},
    {"default heads that do not divide",
     R"({"model_type": "gpt2", "n_embd": 10})",
     {"n_head", "12 heads"}},
    {"no heads",
     R"({"model_type": "bert", "num_attention_heads": 0})",
     {"num_attention_heads", "from 1"}},
    {"a width of 2^63",
     R"({"model_type": "gpt2", "n_embd": 9223372036854775808})",
     {"n_embd", "from 1 to 1048576"}},
    {"a negative width", R"({"model_type": "gpt2", "n_embd": -1})", {"n_embd", "from 1"}},
    {"a billion layers",
     R"({"model_type": "gpt2", "n_layer": 1000000000})",
     {"n_layer", "from 0 to 1024"}},
    {"a width that is a text",
     R"({"model_type": "gpt2", "n_embd": "768"})",
     {"n_embd", "a whole number", "768"}},
    {"an unknown activation",
     R"({"model_type": "bert", "hidden_act": "mish"})",
     {"hidden_act", "one of gelu", "mish"}},
    {"an unknown activation in gpt2",
     R"({"model_type": "gpt2", "activation_function": "laplace"})",
     {"activation_function", "gelu_new", "laplace"}},
    {"cross-attention in bert",
     R"({"model_type": "bert", "add_cross_attention": true})",
     {"add_cross_attention", "no cross-attention in bert", "true"}},
    {"cross-attention in gpt2",
     R"({"model_type": "gpt2", "add_cross_attention": true})",
     {"add_cross_attention", "no cross-attention in gpt2", "true"}},
    {"relative positions",
     R"({"model_type": "bert", "position_embedding_type": "relative_key"})",
     {"position_embedding_type", "absolute", "relative_key"}},
    {"layers of GPT-Neo that are not as many as said",
     R"({"model_type": "gpt_neo", "num_layers": 3, "attention_types": [[["global", "local"], 1]]})",
     {"attention_types", "for 3 layers"}},
    {"a kind of attention that GPT-Neo does not have",
     R"({"model_type": "gpt_neo", "num_layers": 1, "attention_types": [[["dilated"], 1]]})",
     {"attention_types", "global", "for 1 layers"}},
    {"more rotary columns than a head of GPT-J has",
     R"({"model_type": "gptj", "n_embd": 32, "n_head": 4, "rotary_dim": 10})",
     {"rotary_dim", "up to 8", "10"}},
    {"an activation that GPT does not have",
     R"({"model_type": "openai-gpt", "afn": "tanh"})",
     {"afn", "gelu, relu, silu or swish", "tanh"}},
    {"groups of Falcon that do not divide",
     R"({"model_type": "falcon", "new_decoder_architecture": true, "hidden_size": 48,
         "num_attention_heads": 6, "num_kv_heads": 4})",
     {"num_kv_heads", "a divisor of the 6 heads", "4"}},
    {"an odd share of Phi's columns",
     R"({"model_type": "phi", "hidden_size": 24, "num_attention_heads": 4})",
     {"partial_rotary_factor", "an even number of a head's 6 columns", "3 columns"}},
    {"more of Pythia's columns than there are",
     R"({"model_type": "gpt_neox", "hidden_size": 24, "num_attention_heads": 4, "rotary_pct": 2})",
     {"partial_rotary_factor", "pairs of a head's 6 columns", "12 columns"}},
    {"a class that OPT does not have",
     R"({"model_type": "opt", "architectures": ["OPTForMaskedLM"]})",
     {"architectures", "OPTForCausalLM", "OPTForMaskedLM"}},
    {"a negative epsilon",
     R"({"model_type": "bert", "layer_norm_eps": -1})",
     {"layer_norm_eps", "from 0 to 1", "-1"}},
    {"a flag that is no flag",
     R"({"model_type": "gpt2", "scale_attn_weights": 1})",
     {"scale_attn_weights", "true or false", "the number 1"}},
    {"labels that are no object",
     tiny_bert("BertForTokenClassification", R"("id2label": [1])"),
     {"id2label", "an object", "an array of 1"}},
    {"a picture smaller than a patch",
     R"({"model_type": "vit", "image_size": 8, "patch_size": 16})",
     {"patch_size", "patches in a picture of 8 x 8", "16"}},
    {"a patch with three edges",
     R"({"model_type": "deit", "patch_size": [2, 2, 2]})",
     {"patch_size", "height and width", "an array of 3"}},
    {"an edge of 0",
     R"({"model_type": "vit", "image_size": [0, 4]})",
     {"image_size", "height and width, 1 to 16384"}},
    {"a rectangle for CLIP",
     R"({"model_type": "clip_vision_model", "image_size": [8, 8]})",
     {"image_size", "a whole number", "an array of 2"}},
    {"a billion channels",
     R"({"model_type": "vit", "num_channels": 1000000})",
     {"num_channels", "numbers in a patch", "1000000"}},
    {"a million patches",
     R"({"model_type": "vit", "image_size": 16384, "patch_size": 1})",
     {"patch_size", "1 to 1048576 patches"}},
    {"pictures filled in",
     R"({"model_type": "vit", "architectures": ["ViTForMaskedImageModeling"]})",
     {"architectures", "one of ViTModel, ViTForImageClassification", "Masked"}},
    {"a class that judges pictures",
     R"({"model_type": "clip", "architectures": ["StableDiffusionSafetyChecker"]})",
     {"architectures", "one of CLIPModel", "StableDiffusionSafetyChecker"}},
    {"a wrong field of one of two encoders",
     R"({"model_type": "clip", "vision_config": {"patch_size": "4"}})",
     {"vision_config", "patch_size", "a whole number"}},
    {"an end of a text that is a list",
     R"({"model_type": "clip_text_model", "eos_token_id": [1, 2]})",
     {"eos_token_id", "a whole number", "an array of 2"}},
};

TEST_SUITE_BEGIN("core/model/config");

TEST_CASE("each wrong config is refused by field, expected and found") {
    for (const Refusal& refusal : kRefusals) {
        CAPTURE(refusal.claim);
        const std::string message = refuse(refusal.text);
        for (const std::string_view part : refusal.parts) {
            CHECK(find_flaw(message, {part}) == "");
        }
    }
}

TEST_CASE("an empty config has the defaults of its class") {
    const auto open = [](const char* text) {
        const ModelConfig config = parse_config(text, "config.json");
        WeightSource shapes;
        return open_network(config, shapes)->sizes();
    };
    const ModelSummary bert = open(R"({"model_type": "bert"})");
    CHECK(bert.layers == 12);
    CHECK(bert.d_model == 768);
    CHECK(bert.d_mlp == 3072);
    CHECK(bert.heads == 12);
    CHECK(bert.vocabulary == 30522);
    CHECK(bert.positions == 512);
    CHECK(bert.takes_pair);
    const ModelSummary gpt2 = open(R"({"model_type": "gpt2", "n_inner": null})");
    CHECK(gpt2.layers == 12);
    CHECK(gpt2.d_mlp == 3072);
    CHECK(gpt2.vocabulary == 50257);
    CHECK(gpt2.positions == 1024);
    CHECK(!gpt2.takes_pair);
    const ModelSummary vit = open(R"({"model_type": "vit"})");
    CHECK(vit.positions == 197);
    CHECK(vit.channels == 3);
    CHECK(vit.image_height == 224);
    CHECK(vit.takes_image);
    CHECK(open(R"({"model_type": "deit"})").positions == 198);
    const ModelSummary text = open(R"({"model_type": "clip_text_model"})");
    CHECK(text.d_model == 512);
    CHECK(text.heads == 8);
    CHECK(text.positions == 77);
    CHECK(open(R"({"model_type": "clip_vision_model"})").positions == 50);
    const ModelSummary both = open(R"({"model_type": "clip"})");
    CHECK(both.positions == 77);
    CHECK(both.d_model == 512);
    CHECK(both.image_width == 224);
    CHECK(both.takes_text);
    CHECK(both.takes_image);
    // Where a file has both spellings, the older counts.
    CHECK(open(R"({"model_type": "clip", "text_config": {"hidden_size": 24},
                   "text_config_dict": {"hidden_size": 32}})")
              .d_model == 32);
    // The names that all families share are read too.
    CHECK(open(R"({"model_type": "gpt2", "hidden_size": 24, "num_hidden_layers": 1})").d_model ==
          24);
}

TEST_CASE("real configs open as models of shapes or are refused by name") {
    const auto configs = find_oracle("configs");
    if (!configs) return;
    int opened = 0;
    for (const auto& entry : std::filesystem::directory_iterator(*configs)) {
        if (!entry.is_directory()) continue;
        CAPTURE(entry.path().filename().string());
        const std::string message = message_of([&] {
            const auto model = open_model(entry.path());
            CHECK(!model->summary().has_weights);
            CHECK(model->summary().weight_type == "none");
            const auto graph = model->graph(4);
            CHECK(graph->layers() == model->summary().layers);
            CHECK(message_of([&] { model->prepare({}); }).find("only a config") !=
                  std::string::npos);
            ++opened;
        });
        if (message != kNotRefused) CHECK(find_flaw(message, {"expected one of"}) == "");
    }
    CHECK(opened >= 8);
}

TEST_CASE("a config without a model_type is of the family of its class") {
    const auto type_of = [](const std::string& fields) {
        const ModelConfig config =
            complete_model_type(parse_config("{\"n\": 1" + fields + "}", "config.json"));
        return config.reader().get_string("model_type", "");
    };
    const auto of_class = [&](const std::string& name) {
        return type_of(", \"architectures\": [\"" + name + "\"]");
    };
    const std::vector<std::pair<std::string, std::string>> known = {
        {"BertForMaskedLM", "bert"},
        {"RobertaForMaskedLM", "roberta"},
        {"XLMRobertaModel", "xlm-roberta"},
        {"GPT2LMHeadModel", "gpt2"},
        {"GPTNeoForCausalLM", "gpt_neo"},
        {"GPTNeoXForCausalLM", "gpt_neox"},
        {"OpenAIGPTDoubleHeadsModel", "openai-gpt"},
        {"PhiForCausalLM", "phi"},
        {"Phi3ForCausalLM", "phi3"},
        {"Gemma3ForCausalLM", "gemma3_text"},
        {"MarianMTModel", "marian"},
        {"T5EncoderModel", "t5"},
        {"MT5ForConditionalGeneration", "mt5"},
        {"CLIPModel", "clip"},
        {"CLIPTextModelWithProjection", "clip_text_model"},
        {"TransfoXLLMHeadModel", "transfo-xl"},
        {"PhiMoEForCausalLM", ""},
        {"Llama4ForCausalLM", ""},
        {"DebertaModel", ""}};
    for (const auto& [name, type] : known) {
        CAPTURE(name);
        CHECK(of_class(name) == type);
    }
    CHECK(type_of(R"(, "model_type": "llama", "architectures": ["BertModel"])") == "llama");
    CHECK(type_of(R"(, "model_type": null, "architectures": ["BertModel"])") == "bert");
    CHECK(type_of("") == "");
    CHECK(type_of(R"(, "architectures": [])") == "");
    CHECK(type_of(R"(, "architectures": [1])") == "");
    // All families are named where none is told.
    CHECK(find_flaw(refuse("{}"), {"albert", "xlm-roberta, found nothing"}) == "");
}

TEST_CASE("known sizes of published configs") {
    const auto configs = find_oracle("configs");
    if (!configs) return;
    const auto parameters = [&](const char* name) {
        return open_model(*configs / name)->summary().parameters;
    };
    CHECK(parameters("gpt2") == 124439808);
    CHECK(parameters("gpt2-medium") == 354823168);
    CHECK(parameters("bert-base-uncased") == 109514298);
    CHECK(open_model(*configs / "gpt2-kv260" / "config.json")->summary().layers == 12);
}

TEST_SUITE_END();

}  // namespace
}  // namespace heed::test
