// CLIP (Radford et al. 2021): an encoder of texts and one of pictures that meet in one space. Reads
// config and tensors in the spelling of its published folders: one encoder alone, with or without
// the map into the common space, or both.
#pragma once

#include "core/model/family.h"

namespace heed {

// Both encoders. A text runs through the one, a picture through the other.
std::unique_ptr<Network> open_clip(const ModelConfig& config, WeightSource& weights);
std::unique_ptr<Network> open_clip_text(const ModelConfig& config, WeightSource& weights);
std::unique_ptr<Network> open_clip_vision(const ModelConfig& config, WeightSource& weights);

}  // namespace heed
