#include "core/model/families/qwen3.h"

#include <utility>

#include "core/model/rotary_decoder.h"

namespace heed {

namespace {

bool is_late_layer(const ModelConfig& config, int layer) {
    return config.flag("use_sliding_window", false) && read_window(config, 4096) > 0 &&
           layer >= config.layers({"max_window_layers"}, 28);
}

}  // namespace

std::unique_ptr<Network> open_qwen3(const ModelConfig& config, WeightSource& weights) {
    RotaryDecoderDefaults defaults;
    defaults.vocabulary = 151936;
    defaults.d_mlp = 22016;
    defaults.key_heads = 32;
    defaults.d_head = 128;
    defaults.positions = 32768;
    RotaryDecoderSpec spec = read_rotary_decoder(config, "Qwen3", defaults);
    spec.qk_norm = RotaryDecoderSpec::QkNorm::kHead;
    const bool has_bias = config.flag("attention_bias", false);
    spec.has_qkv_bias = has_bias;
    spec.has_out_bias = has_bias;
    if (config.flag("use_sliding_window", false)) spec.window = read_window(config, 4096);
    spec.sliding = read_sliding_layers(config, spec.layers, is_late_layer);
    return make_rotary_decoder(std::move(spec), config, weights);
}

}  // namespace heed
