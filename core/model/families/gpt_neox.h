// GPT-NeoX (Black et al. 2022) and Pythia (Biderman et al. 2023): rotary positions on a part of the
// columns, attention and feed-forward side by side. Reads both dialects of config.
#pragma once

#include "core/model/family.h"

namespace heed {

std::unique_ptr<Network> open_gpt_neox(const ModelConfig& config, WeightSource& weights);

}  // namespace heed
