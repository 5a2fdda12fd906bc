#include "core/format/png.h"

#include <png.h>

#include <string>
#include <vector>

#include "core/base/check.h"
#include "core/base/error.h"
#include "core/format/atomic_file.h"

namespace heed {
namespace {

constexpr int kMaxSide = 1 << 15;

}  // namespace

std::string encode_png(int width, int height, std::span<const std::uint8_t> rgba) {
    HEED_CHECK_LE(1, width);
    HEED_CHECK_LE(1, height);
    HEED_CHECK_LE(width, kMaxSide);
    HEED_CHECK_LE(height, kMaxSide);
    HEED_CHECK_EQ(rgba.size(),
                  static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4);

    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.width = static_cast<png_uint_32>(width);
    image.height = static_cast<png_uint_32>(height);
    image.format = PNG_FORMAT_RGBA;
    png_alloc_size_t bytes = PNG_IMAGE_PNG_SIZE_MAX(image);
    std::string out(bytes, '\0');
    if (png_image_write_to_memory(&image, out.data(), &bytes, 0, rgba.data(), 0, nullptr) == 0) {
        throw Error("", "", "a picture that can be written", image.message);
    }
    out.resize(bytes);
    return out;
}

void write_png(const std::filesystem::path& path, int width, int height,
               std::span<const std::uint8_t> rgba) {
    write_file_atomically(path, encode_png(width, height, rgba));
}

}  // namespace heed
