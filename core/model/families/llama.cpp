#include "core/model/families/llama.h"

#include <utility>

#include "core/model/rotary_decoder.h"

namespace heed {

std::unique_ptr<Network> open_llama(const ModelConfig& config, WeightSource& weights) {
    RotaryDecoderSpec spec = read_rotary_decoder(config, "Llama", {});
    const bool has_bias = config.flag("attention_bias", false);
    spec.has_qkv_bias = has_bias;
    spec.has_out_bias = has_bias;
    spec.has_mlp_bias = config.flag("mlp_bias", false);
    return make_rotary_decoder(std::move(spec), config, weights);
}

}  // namespace heed
