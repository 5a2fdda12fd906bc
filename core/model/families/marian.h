// Marian (Junczys-Dowmunt et al. 2018), as Opus-MT trained it (Tiedemann, Thottingal 2020).
#pragma once

#include "core/model/family.h"

namespace heed {

std::unique_ptr<Network> open_marian(const ModelConfig& config, WeightSource& weights);

}  // namespace heed
