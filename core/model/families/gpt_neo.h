// GPT-Neo (Black, Gao, Wang, Leahy, Biderman 2021): GPT-2 without a scale, every second layer
// local. Reads config and tensors in the spelling of its published folders.
#pragma once

#include "core/model/family.h"

namespace heed {

std::unique_ptr<Network> open_gpt_neo(const ModelConfig& config, WeightSource& weights);

}  // namespace heed
