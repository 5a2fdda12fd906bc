// Qwen2 (Yang et al. 2024): Llama with biases on q, k and v, and a window in its last layers.
#pragma once

#include "core/model/family.h"

namespace heed {

std::unique_ptr<Network> open_qwen2(const ModelConfig& config, WeightSource& weights);

}  // namespace heed
