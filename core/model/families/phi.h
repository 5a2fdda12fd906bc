// Phi 1 to 2 (Gunasekar et al. 2023): rotary positions on a part of the columns, one norm feeds
// attention and feed-forward. Reads both dialects of config.
#pragma once

#include "core/model/family.h"

namespace heed {

std::unique_ptr<Network> open_phi(const ModelConfig& config, WeightSource& weights);

}  // namespace heed
