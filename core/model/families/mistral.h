// Mistral (Jiang et al. 2023): Llama with grouped keys and a window in every layer.
#pragma once

#include "core/model/family.h"

namespace heed {

std::unique_ptr<Network> open_mistral(const ModelConfig& config, WeightSource& weights);

}  // namespace heed
