// Resizes pictures as Pillow does, bit for bit: each filter is widened when shrinking, rows and
// columns are two passes of 8-bit values with coefficients of 22 fractional bits. It knows no
// model.
#pragma once

#include "core/format/image.h"

namespace heed {

// Numbered as in PIL.Image.Resampling, which configs write.
enum class Resample { kNearest, kLanczos, kBilinear, kBicubic, kBox, kHamming };

// Sides a resized picture may have.
constexpr int kMaxResizedSide = 1 << 15;

// `image`, not empty, as `width` x `height`, each 1 to kMaxResizedSide (Bug).
Image resize_image(const Image& image, int width, int height, Resample resample);

}  // namespace heed
