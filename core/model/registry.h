// The families that heed opens, by the model_type of their configs.
#pragma once

#include <memory>
#include <string>

#include "core/model/family.h"

namespace heed {

// Opens the family that `config` names. Throws Error, for a model_type that heed does not know too.
std::unique_ptr<Network> open_network(const ModelConfig& config, WeightSource& weights);

// `config` with the model_type that its class tells of where it names none. As it was where that
// tells of none either.
ModelConfig complete_model_type(ModelConfig config);

// "bert, gpt2"
std::string supported_families();

}  // namespace heed
