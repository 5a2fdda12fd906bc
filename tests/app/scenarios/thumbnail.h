// Small grey pictures of screens: whether the layout is still what it was, whatever the fonts.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "app/gl/image.h"

namespace heed::app::test {

constexpr int kThumbnailWidth = 160;
constexpr int kThumbnailHeight = 100;

// Grey values, row-major, the first row on top; 0 black to 255 white.
using Thumbnail = std::array<std::uint8_t, std::size_t{kThumbnailWidth} * kThumbnailHeight>;

// The mean luma (BT.709 weights) of the pixels that fall into each cell.
Thumbnail make_thumbnail(const Image& image);

// Throws Error where the file cannot be read or has another size.
Thumbnail load_thumbnail(const std::filesystem::path& path);
void save_thumbnail(const Thumbnail& thumbnail, const std::filesystem::path& path);

// How two pictures differ once both are smoothed: letters of other fonts wash out, parts that moved
// do not.
struct ThumbnailDifference {
    double mean = 0;   // of all cells, 0 to 255
    double block = 0;  // of the 10 x 10 cells that differ most
};
ThumbnailDifference compare_thumbnails(const Thumbnail& a, const Thumbnail& b);

}  // namespace heed::app::test
