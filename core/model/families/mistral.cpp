#include "core/model/families/mistral.h"

#include <utility>

#include "core/model/rotary_decoder.h"

namespace heed {

std::unique_ptr<Network> open_mistral(const ModelConfig& config, WeightSource& weights) {
    RotaryDecoderDefaults defaults;
    defaults.d_mlp = 14336;
    defaults.key_heads = 8;
    defaults.positions = 4096 * 32;
    RotaryDecoderSpec spec = read_rotary_decoder(config, "Mistral", defaults);
    // Absent it is 4,096, null it is none.
    const Json* window = config.reader().json().find("sliding_window");
    if (window == nullptr || !window->is_null()) {
        spec.window = config.rows({"sliding_window"}, 4096);
        spec.sliding.assign(spec.sliding.size(), true);
    }
    return make_rotary_decoder(std::move(spec), config, weights);
}

}  // namespace heed
