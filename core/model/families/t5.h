// T5 (Raffel et al. 2020), its version 1.1, and mT5 (Xue et al. 2021): positions are learned
// numbers for distances, norms have no mean, maps no bias, scores no scale.
#pragma once

#include "core/model/family.h"

namespace heed {

std::unique_ptr<Network> open_t5(const ModelConfig& config, WeightSource& weights);
std::unique_ptr<Network> open_mt5(const ModelConfig& config, WeightSource& weights);

}  // namespace heed
