#include "app/views/thumbnail.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "core/base/check.h"

namespace heed::app {

namespace {

// First cell of the `i`th of `parts` equal parts of `count` cells.
int part_begin(int i, int parts, int count) {
    return static_cast<int>(static_cast<std::int64_t>(i) * count / parts);
}

}  // namespace

void paint_thumbnail(const Tile& tile, int outer, const ColourTable& table, const TexelArea& area) {
    const Box& box = tile.box();
    HEED_CHECK_LE(area.width, box.cols());
    HEED_CHECK_LE(area.height, box.rows());
    std::vector<float> sums(static_cast<std::size_t>(area.width));
    std::vector<int> counts(static_cast<std::size_t>(area.width));
    for (int y = 0; y < area.height; ++y) {
        std::fill(sums.begin(), sums.end(), 0.0F);
        std::fill(counts.begin(), counts.end(), 0);
        for (int r = part_begin(y, area.height, box.rows());
             r < part_begin(y + 1, area.height, box.rows()); ++r) {
            const float* values = tile.row(outer, box.row_begin + r);
            for (int x = 0; x < area.width; ++x) {
                const auto at = static_cast<std::size_t>(x);
                const int end = part_begin(x + 1, area.width, box.cols());
                for (int c = part_begin(x, area.width, box.cols()); c < end; ++c) {
                    if (!std::isfinite(values[c])) continue;
                    sums[at] += values[c];
                    ++counts[at];
                }
            }
        }
        const std::size_t first =
            static_cast<std::size_t>(area.top + y) * static_cast<std::size_t>(area.stride) +
            static_cast<std::size_t>(area.left);
        for (std::size_t x = 0; x < sums.size(); ++x) {
            const float mean = counts[x] > 0 ? sums[x] / static_cast<float>(counts[x])
                                             : -std::numeric_limits<float>::infinity();
            area.texels[first + x] = table.at(mean);
        }
    }
}

}  // namespace heed::app
