// Pegasus (Zhang et al. 2020): mBART with sinusoidal positions, without a norm of the embedding.
#pragma once

#include "core/model/family.h"

namespace heed {

std::unique_ptr<Network> open_pegasus(const ModelConfig& config, WeightSource& weights);

}  // namespace heed
