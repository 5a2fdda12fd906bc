// OPT (Zhang et al. 2022): a decoder with learned positions, its norms before or after. Reads
// config and tensors in the spelling of its published folders.
#pragma once

#include "core/model/family.h"

namespace heed {

std::unique_ptr<Network> open_opt(const ModelConfig& config, WeightSource& weights);

}  // namespace heed
