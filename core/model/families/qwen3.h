// Qwen3 (Yang et al. 2025): RMS norms over each head of q and k before the rotation.
#pragma once

#include "core/model/family.h"

namespace heed {

std::unique_ptr<Network> open_qwen3(const ModelConfig& config, WeightSource& weights);

}  // namespace heed
