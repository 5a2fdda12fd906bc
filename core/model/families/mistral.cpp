#include "core/model/families/mistral.h"

#include <utility>

#include "core/model/rotary_decoder.h"

namespace heed {

namespace {

bool has_window(const ModelConfig& config, int /*layer*/) {
    return read_window(config, 4096) > 0;
}

}  // namespace

std::unique_ptr<Network> open_mistral(const ModelConfig& config, WeightSource& weights) {
    RotaryDecoderDefaults defaults;
    defaults.d_mlp = 14336;
    defaults.key_heads = 8;
    defaults.positions = 4096 * 32;
    RotaryDecoderSpec spec = read_rotary_decoder(config, "Mistral", defaults);
    spec.window = read_window(config, 4096);
    spec.sliding = read_sliding_layers(config, spec.layers, has_window);
    return make_rotary_decoder(std::move(spec), config, weights);
}

}  // namespace heed
