#include "core/model/families/mbart.h"

#include "core/model/encoder_decoder.h"

namespace heed {

std::unique_ptr<Network> open_mbart(const ModelConfig& config, WeightSource& weights) {
    EncoderDecoderSpec spec;
    spec.class_prefix = "MBart";
    spec.has_classifiers = true;
    spec.turns_round = true;
    spec.norms_first = true;
    spec.has_embedding_norm = true;
    spec.has_final_norm = true;
    spec.position_offset = 2;
    return make_encoder_decoder(spec, config, weights);
}

}  // namespace heed
