#include "core/model/families/gemma.h"

#include <cmath>
#include <utility>

#include "core/model/rotary_decoder.h"

namespace heed {
namespace {

// Every second layer, the first one among them.
bool is_even_layer(const ModelConfig&, int layer) {
    return layer % 2 == 0;
}

// All but every sixth.
bool is_not_sixth_layer(const ModelConfig& config, int layer) {
    const int pattern = config.size({"sliding_window_pattern", "_sliding_window_pattern"}, 6);
    return (layer + 1) % pattern != 0;
}

RotaryDecoderSpec read_gemma(const ModelConfig& config, const char* prefix,
                             RotaryDecoderDefaults defaults) {
    defaults.d_head = 256;
    defaults.is_tied = true;
    config.refuse_flag("use_bidirectional_attention", "text is read from left to right");
    RotaryDecoderSpec spec = read_rotary_decoder(config, prefix, defaults);
    spec.has_span_class = false;
    spec.norm_offset = 1;
    spec.pad = 0;
    spec.embedding_scale = static_cast<float>(std::sqrt(static_cast<double>(spec.d_model)));
    spec.activation = config.activation("hidden_activation", "gelu_pytorch_tanh");
    const bool has_bias = config.flag("attention_bias", false);
    spec.has_qkv_bias = has_bias;
    spec.has_out_bias = has_bias;
    return spec;
}

float read_cap(const ModelConfig& config, std::string_view key, double fallback) {
    const Json* value = config.reader().json().find(key);
    if (value != nullptr && value->is_null()) return 0;
    const double cap = config.reader().get_number(key, fallback);
    if (!(cap >= 0) || std::isinf(cap)) config.reader().fail(key, "a number above 0", value);
    return static_cast<float>(cap);
}

ScoreScale read_scale(const ModelConfig& config) {
    return inverse_root(config.size({"query_pre_attn_scalar"}, 256));
}

}  // namespace

std::unique_ptr<Network> open_gemma(const ModelConfig& config, WeightSource& weights) {
    RotaryDecoderDefaults defaults;
    defaults.vocabulary = 256000;
    defaults.d_model = 3072;
    defaults.d_mlp = 24576;
    defaults.layers = 28;
    defaults.heads = 16;
    defaults.key_heads = 16;
    defaults.positions = 8192;
    RotaryDecoderSpec spec = read_gemma(config, "Gemma", defaults);
    // Old files say "gelu" and mean its tanh form.
    spec.activation = config.activation("hidden_act", "gelu_pytorch_tanh");
    if (spec.activation == Activation::kGeluErf) spec.activation = Activation::kGeluTanh;
    return make_rotary_decoder(std::move(spec), config, weights);
}

std::unique_ptr<Network> open_gemma2(const ModelConfig& config, WeightSource& weights) {
    RotaryDecoderDefaults defaults;
    defaults.vocabulary = 256000;
    defaults.d_model = 2304;
    defaults.d_mlp = 9216;
    defaults.layers = 26;
    defaults.heads = 8;
    defaults.key_heads = 4;
    defaults.positions = 8192;
    RotaryDecoderSpec spec = read_gemma(config, "Gemma2", defaults);
    spec.norms = RotaryDecoderSpec::Norms::kAround;
    spec.scale = read_scale(config);
    spec.score_cap = read_cap(config, "attn_logit_softcapping", 50);
    spec.logit_cap = read_cap(config, "final_logit_softcapping", 30);
    spec.window = read_window(config, 4096);
    spec.sliding = read_sliding_layers(config, spec.layers, is_even_layer);
    return make_rotary_decoder(std::move(spec), config, weights);
}

namespace {

// The text's part of the config of a model that takes pictures too, with what its whole says. That
// model caps no logits, and whether it is tied is said by the whole alone.
ModelConfig text_part(const ModelConfig& config) {
    const Json* text = config.reader().get_object("text_config");
    Json part;
    part.kind = Json::Kind::kObject;
    if (text != nullptr) part = *text;
    std::erase_if(part.object, [](const auto& entry) {
        return entry.first == "final_logit_softcapping" || entry.first == "tie_word_embeddings";
    });
    for (const char* key :
         {"architectures", "tie_word_embeddings", "id2label", "num_labels", "problem_type"}) {
        const Json* outer = config.reader().json().find(key);
        if (outer == nullptr) continue;
        std::erase_if(part.object, [key](const auto& entry) { return entry.first == key; });
        part.object.emplace_back(key, *outer);
    }
    return ModelConfig(std::move(part), config.where() + ": text_config");
}

}  // namespace

std::unique_ptr<Network> open_gemma3(const ModelConfig& config, WeightSource& weights) {
    return open_gemma3_text(text_part(config), weights);
}

std::unique_ptr<Network> open_gemma3_text(const ModelConfig& config, WeightSource& weights) {
    RotaryDecoderDefaults defaults;
    defaults.vocabulary = 262208;
    defaults.d_model = 2304;
    defaults.d_mlp = 9216;
    defaults.layers = 26;
    defaults.heads = 8;
    defaults.key_heads = 4;
    defaults.positions = 131072;
    RotaryDecoderSpec spec = read_gemma(config, "Gemma3Text", defaults);
    spec.other_prefix = "Gemma3";
    spec.has_token_class = false;
    spec.norms = RotaryDecoderSpec::Norms::kAround;
    spec.qk_norm = RotaryDecoderSpec::QkNorm::kHead;
    spec.scale = read_scale(config);
    spec.logit_cap = read_cap(config, "final_logit_softcapping", 0);
    spec.window = read_window(config, 4096);
    spec.sliding = read_sliding_layers(config, spec.layers, is_not_sixth_layer);
    spec.rotary =
        RotaryConfig(config, {1000000, 1, "", false, defaults.positions}, "full_attention");
    spec.sliding_rotary = RotaryConfig(config, {10000, 1, "", false, defaults.positions},
                                       "sliding_attention", "rope_local_base_freq");
    return make_rotary_decoder(std::move(spec), config, weights);
}

}  // namespace heed
