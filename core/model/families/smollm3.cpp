#include "core/model/families/smollm3.h"

#include <utility>
#include <vector>

#include "core/model/rotary_decoder.h"

namespace heed {

namespace {

// no_rope_layers: 1 for each layer that has positions.
std::vector<bool> read_rotary_layers(const ModelConfig& config, int layers) {
    const Json* list = config.reader().get_array("no_rope_layers");
    const int interval = config.size({"no_rope_layer_interval"}, 4);
    std::vector<bool> has_rotary;
    for (int layer = 0; layer < layers; ++layer) {
        if (list == nullptr) {
            has_rotary.push_back((layer + 1) % interval != 0);
            continue;
        }
        const auto at = static_cast<std::size_t>(layer);
        if (at >= list->array.size() || !list->array[at].is_integer) {
            config.reader().fail("no_rope_layers", "0 or 1 for each layer", list);
        }
        has_rotary.push_back(list->array[at].integer != 0);
    }
    return has_rotary;
}

bool slides_without_rotary(const ModelConfig& config, int layer) {
    const bool has_window = read_window(config, 0) > 0;
    if (!has_window || !config.flag("use_sliding_window", false)) return false;
    return !read_rotary_layers(config, layer + 1)[static_cast<std::size_t>(layer)];
}

}  // namespace

std::unique_ptr<Network> open_smollm3(const ModelConfig& config, WeightSource& weights) {
    RotaryDecoderDefaults defaults;
    defaults.vocabulary = 128256;
    defaults.d_model = 2048;
    defaults.layers = 36;
    defaults.heads = 16;
    defaults.key_heads = 4;
    defaults.positions = 32768;
    defaults.theta = 2000000;
    defaults.is_tied = true;
    RotaryDecoderSpec spec = read_rotary_decoder(config, "SmolLM3", defaults);
    spec.pad = 128004;
    const bool has_bias = config.flag("attention_bias", false);
    spec.has_qkv_bias = has_bias;
    spec.has_out_bias = has_bias;
    spec.has_mlp_bias = config.flag("mlp_bias", false);
    spec.has_rotary = read_rotary_layers(config, spec.layers);
    spec.window = read_window(config, 0);
    spec.sliding = read_sliding_layers(config, spec.layers, slides_without_rotary);
    return make_rotary_decoder(std::move(spec), config, weights);
}

}  // namespace heed
