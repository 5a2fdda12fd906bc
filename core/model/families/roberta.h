// RoBERTa (Liu et al. 2019), XLM-RoBERTa (Conneau et al. 2019), CamemBERT (Martin et al. 2019):
// BERT whose positions count from the number of the padding token on.
#pragma once

#include "core/model/family.h"

namespace heed {

std::unique_ptr<Network> open_roberta(const ModelConfig& config, WeightSource& weights);
std::unique_ptr<Network> open_xlm_roberta(const ModelConfig& config, WeightSource& weights);
std::unique_ptr<Network> open_camembert(const ModelConfig& config, WeightSource& weights);

}  // namespace heed
