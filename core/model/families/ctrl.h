// CTRL (Keskar, McCann, Varshney, Xiong, Socher 2019): a pre-norm decoder whose positions are
// waves. Reads config and tensors in the spelling of its published folders.
#pragma once

#include "core/model/family.h"

namespace heed {

std::unique_ptr<Network> open_ctrl(const ModelConfig& config, WeightSource& weights);

}  // namespace heed
