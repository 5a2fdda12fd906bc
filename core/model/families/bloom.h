// BLOOM (Workshop BigScience 2022): positions as a slope of the scores (Press et al. 2021). Reads
// config and tensors in the spelling of its published folders.
#pragma once

#include "core/model/family.h"

namespace heed {

std::unique_ptr<Network> open_bloom(const ModelConfig& config, WeightSource& weights);

}  // namespace heed
