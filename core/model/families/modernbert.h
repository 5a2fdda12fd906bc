// ModernBERT (Warner et al. 2024): a pre-norm encoder with rotary positions, a gated feed-forward
// and layers that see only a band of keys.
#pragma once

#include "core/model/family.h"

namespace heed {

std::unique_ptr<Network> open_modernbert(const ModelConfig& config, WeightSource& weights);

}  // namespace heed
