// SmolLM3 (Bakouch et al. 2025): Llama without positions in every fourth layer.
#pragma once

#include "core/model/family.h"

namespace heed {

std::unique_ptr<Network> open_smollm3(const ModelConfig& config, WeightSource& weights);

}  // namespace heed
