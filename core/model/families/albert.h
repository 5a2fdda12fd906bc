// ALBERT (Lan et al. 2019): BERT with a narrow embedding, a map from it to the model's width, and
// layers that share their weights in groups.
#pragma once

#include "core/model/family.h"

namespace heed {

std::unique_ptr<Network> open_albert(const ModelConfig& config, WeightSource& weights);

}  // namespace heed
