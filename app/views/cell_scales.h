// How each cell of a matrix is coloured: by one scale, or by that of its row or its column.
#pragma once

#include <vector>

#include "app/ui/legend.h"
#include "app/views/matrix_values.h"

namespace heed::app {

// Whose largest value has the strongest colour.
enum class ColourRange { kAll, kRow, kColumn };

struct CellScales {
    ColourScale all;  // of all cells; the legend's. Of rows or columns: in shares of their largest
    ColourRange range = ColourRange::kAll;
    std::vector<ColourScale> lines;  // one for each row or column

    const ColourScale& at(int row, int column) const {
        if (range == ColourRange::kAll) return all;
        return lines[static_cast<std::size_t>(range == ColourRange::kRow ? row : column)];
    }
    LegendUnit unit() const;
};

// `whole`: kind and high end where one scale is used for all. Cells that are -inf in `blocked`
// (may be null) count for nothing.
CellScales make_cell_scales(const MatrixValues& values, const MatrixValues* blocked,
                            const ColourScale& whole, ValueScale scale, ColourRange range);

// "weight, square-root scale, each row from 0 to its largest"
std::string describe_scales(const CellScales& scales, std::string_view quantity);

}  // namespace heed::app
