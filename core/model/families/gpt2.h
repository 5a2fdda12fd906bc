// GPT-2 (Radford, Wu, Child, Luan, Amodei, Sutskever 2019): a pre-norm decoder. Reads config and
// tensors in the spelling of its published folders.
#pragma once

#include "core/model/family.h"

namespace heed {

std::unique_ptr<Network> open_gpt2(const ModelConfig& config, WeightSource& weights);

}  // namespace heed
