// DistilBERT (Sanh, Debut, Chaumond, Wolf 2019): BERT without token types and pooler.
#pragma once

#include "core/model/family.h"

namespace heed {

std::unique_ptr<Network> open_distilbert(const ModelConfig& config, WeightSource& weights);

}  // namespace heed
