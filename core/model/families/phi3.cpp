#include "core/model/families/phi3.h"

#include <utility>

#include "core/model/rotary_decoder.h"

namespace heed {

namespace {

// Its class knows no other scaling than longrope, by several names.
void refuse_scaling(const ModelConfig& config) {
    for (const char* key : {"rope_scaling", "rope_parameters"}) {
        const Json* scaling = config.reader().get_object(key);
        if (scaling == nullptr) continue;
        const JsonReader reader(*scaling, config.where(), key);
        for (const char* name : {"rope_type", "type"}) {
            if (reader.get_string(name, "default") == "default") continue;
            reader.fail(name, "default (longrope is not supported)", scaling->find(name));
        }
    }
}

}  // namespace

std::unique_ptr<Network> open_phi3(const ModelConfig& config, WeightSource& weights) {
    refuse_scaling(config);
    RotaryDecoderDefaults defaults;
    defaults.vocabulary = 32064;
    defaults.d_model = 3072;
    defaults.d_mlp = 8192;
    defaults.positions = 4096;
    defaults.epsilon = 1e-5;
    defaults.rotary_share_key = "partial_rotary_factor";
    RotaryDecoderSpec spec = read_rotary_decoder(config, "Phi3", defaults);
    spec.has_span_class = false;
    spec.pad = 32000;
    spec.has_fused_maps = true;
    spec.window = read_window(config, 0);
    spec.sliding.assign(spec.sliding.size(), spec.window > 0);
    return make_rotary_decoder(std::move(spec), config, weights);
}

}  // namespace heed
