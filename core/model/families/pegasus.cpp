#include "core/model/families/pegasus.h"

#include "core/model/encoder_decoder.h"

namespace heed {

std::unique_ptr<Network> open_pegasus(const ModelConfig& config, WeightSource& weights) {
    EncoderDecoderSpec spec;
    spec.class_prefix = "Pegasus";
    spec.norms_first = true;
    spec.has_final_norm = true;
    spec.is_sinusoidal = true;
    spec.start_token = 0;
    return make_encoder_decoder(spec, config, weights);
}

}  // namespace heed
