// ELECTRA (Clark, Luong, Le, Manning 2020): BERT as a discriminator, which tells replaced tokens,
// or as the generator that replaces them.
#pragma once

#include "core/model/family.h"

namespace heed {

std::unique_ptr<Network> open_electra(const ModelConfig& config, WeightSource& weights);

}  // namespace heed
