// Llama (Touvron et al. 2023) and what its class opens: Llama 1 to 3, TinyLlama, Yi, DeepSeek LLM.
#pragma once

#include "core/model/family.h"

namespace heed {

std::unique_ptr<Network> open_llama(const ModelConfig& config, WeightSource& weights);

}  // namespace heed
