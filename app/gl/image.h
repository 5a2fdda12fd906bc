// A picture in memory.
#pragma once

#include <cstdint>
#include <vector>

namespace heed::app {

// RGBA, 8 bits each, `width * height` pixels, the top row first.
struct Image {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> rgba;
};

}  // namespace heed::app
