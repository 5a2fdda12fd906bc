// mBART (Liu et al. 2020): BART with the norms first and one more at the end of each tower.
#pragma once

#include "core/model/family.h"

namespace heed {

std::unique_ptr<Network> open_mbart(const ModelConfig& config, WeightSource& weights);

}  // namespace heed
