// Vision transformers: ViT (Dosovitskiy et al. 2021) and DeiT (Touvron et al. 2021), which has a
// second learned row that learns from a teacher. Reads config and tensors in the spelling of their
// published folders.
#pragma once

#include "core/model/family.h"

namespace heed {

std::unique_ptr<Network> open_vit(const ModelConfig& config, WeightSource& weights);
std::unique_ptr<Network> open_deit(const ModelConfig& config, WeightSource& weights);

}  // namespace heed
