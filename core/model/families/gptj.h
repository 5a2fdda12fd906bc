// GPT-J (Wang, Komatsuzaki 2021): rotary positions, one norm feeds attention and feed-forward.
// Reads config and tensors in the spelling of its published folders.
#pragma once

#include "core/model/family.h"

namespace heed {

std::unique_ptr<Network> open_gptj(const ModelConfig& config, WeightSource& weights);

}  // namespace heed
