// Falcon (Almazrouei et al. 2023): shared keys and values, attention and feed-forward side by side.
// Reads config and tensors of the 1B, 7B, 11B, 40B and 180B kind.
#pragma once

#include "core/model/family.h"

namespace heed {

std::unique_ptr<Network> open_falcon(const ModelConfig& config, WeightSource& weights);

}  // namespace heed
