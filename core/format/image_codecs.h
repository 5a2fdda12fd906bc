// The two decoders behind core/format/image.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "core/format/image.h"

namespace heed {

Image decode_png(std::span<const std::byte> bytes, std::string_view where);
Image decode_jpeg(std::span<const std::byte> bytes, std::string_view where);

// Throws Error where a side is 0 or the picture has more than kMaxImagePixels.
void check_image_size(std::string_view where, std::uint64_t width, std::uint64_t height);

}  // namespace heed
