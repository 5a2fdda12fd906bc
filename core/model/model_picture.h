// Pictures for models that take them: prepared as the files of the model's folder say.
#pragma once

#include <string_view>

#include "core/format/image.h"
#include "core/model/model.h"

namespace heed {

// Gives `input` the pixels of `image` (3 channels, from `where`) and what the model sees of it.
// Throws Error: a model that takes no pictures, a processor that heed does not follow, an outcome
// of another size than the model's.
void add_picture(const Model& model, const Image& image, std::string_view where, ModelInput& input);

// Gives an input that has pixels alone a picture of them, where they can be shown.
void show_pixels(const Model& model, ModelInput& input);

}  // namespace heed
