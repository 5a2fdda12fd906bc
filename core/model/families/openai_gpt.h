// GPT (Radford, Narasimhan, Salimans, Sutskever 2018): a decoder with its norms after the sums.
// Reads config and tensors in the spelling of its published folders.
#pragma once

#include "core/model/family.h"

namespace heed {

std::unique_ptr<Network> open_openai_gpt(const ModelConfig& config, WeightSource& weights);

}  // namespace heed
