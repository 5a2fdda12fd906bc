// OLMo 2 (Walsh et al. 2024): norms after attention and feed-forward, and over all of q and of k.
#pragma once

#include "core/model/family.h"

namespace heed {

std::unique_ptr<Network> open_olmo2(const ModelConfig& config, WeightSource& weights);

}  // namespace heed
