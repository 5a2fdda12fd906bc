#include "core/model/families/qwen2.h"

#include <utility>

#include "core/model/rotary_decoder.h"

namespace heed {

namespace {

bool is_late_layer(const ModelConfig& config, int layer) {
    return config.flag("use_sliding_window", false) && read_window(config, 4096) > 0 &&
           layer >= config.layers({"max_window_layers"}, 28);
}

}  // namespace

std::unique_ptr<Network> open_qwen2(const ModelConfig& config, WeightSource& weights) {
    RotaryDecoderDefaults defaults;
    defaults.vocabulary = 151936;
    defaults.d_mlp = 22016;
    defaults.key_heads = 32;
    defaults.positions = 32768;
    RotaryDecoderSpec spec = read_rotary_decoder(config, "Qwen2", defaults);
    spec.has_qkv_bias = true;
    if (config.flag("use_sliding_window", false)) spec.window = read_window(config, 4096);
    spec.sliding = read_sliding_layers(config, spec.layers, is_late_layer);
    return make_rotary_decoder(std::move(spec), config, weights);
}

}  // namespace heed
