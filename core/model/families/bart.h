// BART (Lewis et al. 2020): learned positions, norms after the sums.
#pragma once

#include "core/model/family.h"

namespace heed {

std::unique_ptr<Network> open_bart(const ModelConfig& config, WeightSource& weights);

}  // namespace heed
