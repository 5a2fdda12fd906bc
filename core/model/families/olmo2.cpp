#include "core/model/families/olmo2.h"

#include <utility>

#include "core/model/rotary_decoder.h"

namespace heed {

std::unique_ptr<Network> open_olmo2(const ModelConfig& config, WeightSource& weights) {
    RotaryDecoderDefaults defaults;
    defaults.vocabulary = 50304;
    defaults.epsilon = 1e-5;
    RotaryDecoderSpec spec = read_rotary_decoder(config, "Olmo2", defaults);
    spec.has_token_class = false;
    spec.has_span_class = false;
    spec.pad = 1;
    spec.norms = RotaryDecoderSpec::Norms::kAfter;
    spec.qk_norm = RotaryDecoderSpec::QkNorm::kWhole;
    const bool has_bias = config.flag("attention_bias", false);
    spec.has_qkv_bias = has_bias;
    spec.has_out_bias = has_bias;
    return make_rotary_decoder(std::move(spec), config, weights);
}

}  // namespace heed
