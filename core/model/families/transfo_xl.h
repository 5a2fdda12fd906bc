// Transformer-XL (Dai et al. 2019): positions are distances, and a segment sees the states of the
// one before. Vocabularies in clusters after Grave et al. 2017 and Baevski, Auli 2019.
#pragma once

#include "core/model/family.h"

namespace heed {

std::unique_ptr<Network> open_transfo_xl(const ModelConfig& config, WeightSource& weights);

}  // namespace heed
