#include "core/model/families/marian.h"

#include "core/model/encoder_decoder.h"

namespace heed {

std::unique_ptr<Network> open_marian(const ModelConfig& config, WeightSource& weights) {
    EncoderDecoderSpec spec;
    spec.class_prefix = "Marian";
    spec.language_class = "MTModel";
    spec.is_sinusoidal = true;
    spec.shares_tables = config.flag("share_encoder_decoder_embeddings", true);
    spec.vocabulary = 58101;
    spec.start_token = 58100;
    return make_encoder_decoder(spec, config, weights);
}

}  // namespace heed
