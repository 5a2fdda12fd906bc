// A matrix made small: each texel the mean of the cells that it stands for.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "app/views/matrix_values.h"

namespace heed::app {

// Where the texels of one thumbnail lie in a picture that may hold several.
struct TexelArea {
    std::span<std::uint32_t> texels;
    int stride = 0;  // texels in a row of the picture
    int left = 0;
    int top = 0;
    int width = 0;
    int height = 0;
};

// Paints the matrix `outer` of `tile`. Texels are never more than cells in either direction.
// -inf counts as blocked where all cells of a texel are.
void paint_thumbnail(const Tile& tile, int outer, const ColourTable& table, const TexelArea& area);

}  // namespace heed::app
