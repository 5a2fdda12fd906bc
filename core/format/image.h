// Reads PNG and JPEG pictures, told apart by their content, as the reference that models are
// trained with reads them: Pillow's convert("RGB") bit for bit, alpha dropped, gamma, colour
// profiles and EXIF orientation not applied. It knows no model.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

namespace heed {

// Bytes [height, width, channels], top row first, row-major; channels is 3 (sRGB) or 1 (grey).
struct Image {
    int width = 0;
    int height = 0;
    int channels = 3;
    std::vector<std::uint8_t> pixels;

    Image() = default;
    // All pixels 0.
    Image(int width, int height, int channels);

    std::size_t row_bytes() const;
    std::span<std::uint8_t> row(int y);
    std::span<const std::uint8_t> row(int y) const;
};

// Pixels that one picture may have: twice 2^28 / 3, where Pillow refuses as well.
constexpr std::int64_t kMaxImagePixels = 178'956'970;

// The picture in `bytes`, 3 channels. `where` (a path) begins every message. Throws Error: neither
// PNG nor JPEG, cut off, damaged, too large.
Image decode_image(std::span<const std::byte> bytes, std::string_view where);
Image load_image(const std::filesystem::path& path);

// Whether a file begins as a PNG or a JPEG does; false where it cannot be read.
bool is_image_file(const std::filesystem::path& path);

// One channel: (19595 r + 38470 g + 7471 b + 32768) >> 16, the luma of ITU-R 601 in sixteenths of a
// bit. A picture of one channel stays as it is.
Image convert_to_grey(const Image& image);

}  // namespace heed
