#include "core/model/families/phi3.h"

#include <utility>

#include "core/model/rotary_decoder.h"

namespace heed {

std::unique_ptr<Network> open_phi3(const ModelConfig& config, WeightSource& weights) {
    RotaryDecoderDefaults defaults;
    defaults.vocabulary = 32064;
    defaults.d_model = 3072;
    defaults.d_mlp = 8192;
    defaults.positions = 4096;
    defaults.epsilon = 1e-5;
    RotaryDecoderSpec spec = read_rotary_decoder(config, "Phi3", defaults);
    spec.has_fused_maps = true;
    if (config.reader().has("sliding_window")) {
        spec.window = config.rows({"sliding_window"}, 0);
        spec.sliding.assign(spec.sliding.size(), true);
    }
    return make_rotary_decoder(std::move(spec), config, weights);
}

}  // namespace heed
