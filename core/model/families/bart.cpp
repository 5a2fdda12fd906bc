#include "core/model/families/bart.h"

#include "core/model/encoder_decoder.h"

namespace heed {

std::unique_ptr<Network> open_bart(const ModelConfig& config, WeightSource& weights) {
    EncoderDecoderSpec spec;
    spec.class_prefix = "Bart";
    spec.has_classifiers = true;
    spec.labels = 3;
    spec.has_embedding_norm = true;
    // Two rows before that of position 0 are left from padding.
    spec.position_offset = 2;
    return make_encoder_decoder(spec, config, weights);
}

}  // namespace heed
