// Gemma 1 to 3 (Gemma Team 2024, 2024, 2025), the text models: norms that multiply by 1 + w,
// embeddings times sqrt(D); from 2 on norms around everything and sliding layers.
#pragma once

#include "core/model/family.h"

namespace heed {

std::unique_ptr<Network> open_gemma(const ModelConfig& config, WeightSource& weights);
std::unique_ptr<Network> open_gemma2(const ModelConfig& config, WeightSource& weights);
std::unique_ptr<Network> open_gemma3_text(const ModelConfig& config, WeightSource& weights);
// Of a model that takes pictures too, the text's part.
std::unique_ptr<Network> open_gemma3(const ModelConfig& config, WeightSource& weights);

}  // namespace heed
