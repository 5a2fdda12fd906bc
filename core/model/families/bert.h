// BERT (Devlin, Chang, Lee, Toutanova 2018): a post-norm encoder. Reads config and tensors in the
// spelling of its published folders.
#pragma once

#include "core/model/family.h"

namespace heed {

std::unique_ptr<Network> open_bert(const ModelConfig& config, WeightSource& weights);

}  // namespace heed
