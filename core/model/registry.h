// The families that heed opens, by the model_type of their configs.
#pragma once

#include <memory>
#include <string>

#include "core/model/family.h"

namespace heed {

// Opens the family that `config` names. Throws Error, for a model_type that heed does not know too.
std::unique_ptr<Network> open_network(const ModelConfig& config, WeightSource& weights);

// "bert, gpt2"
std::string supported_families();

}  // namespace heed
