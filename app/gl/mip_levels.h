// Smaller and smaller copies of a picture, by means. A driver can make them too, but one that draws
// with the processor takes milliseconds for each. Pure: no OpenGL.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace heed::app {

struct MipLevel {
    int width = 0;
    int height = 0;
    std::vector<std::uint32_t> texels;  // r, g, b, a; the first row is the top one
};

// How many levels there are, the picture itself being one: 1 for a single texel.
int count_mip_levels(int width, int height);

// The level after this one: each side half as long, rounded down, at least 1. A texel is the mean
// of all that it covers, parts of texels where a side is odd.
MipLevel make_next_level(int width, int height, std::span<const std::uint32_t> texels);

}  // namespace heed::app
