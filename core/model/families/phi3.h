// Phi-3 (Abdin et al. 2024): Llama with q, k, v in one matrix and gate and up in another.
#pragma once

#include "core/model/family.h"

namespace heed {

std::unique_ptr<Network> open_phi3(const ModelConfig& config, WeightSource& weights);

}  // namespace heed
