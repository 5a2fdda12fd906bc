#include "app/views/cell_scales.h"

#include <algorithm>
#include <cmath>
#include <memory>

namespace heed::app {

namespace {

// Magnitudes of the cells of one row, one column or all (-1).
std::vector<float> collect(const MatrixValues& values, const MatrixValues* blocked, int row,
                           int column) {
    std::vector<float> all;
    const int rows = values.row_end();
    for (int r = row < 0 ? values.row_begin() : row; r < (row < 0 ? rows : row + 1); ++r) {
        const float* line = values.row(r);
        const float* hidden = blocked != nullptr ? blocked->row(r) : line;
        const int end = column < 0 ? values.columns() : column + 1;
        for (int c = std::max(0, column); c < end; ++c) {
            if (std::isfinite(hidden[c]) && std::isfinite(line[c]))
                all.push_back(std::abs(line[c]));
        }
    }
    return all;
}

ColourScale fit_scale(ColourScale made, std::vector<float> magnitudes) {
    const auto largest = std::max_element(magnitudes.begin(), magnitudes.end());
    made.high = largest != magnitudes.end() && *largest > 0 ? *largest : 1.0F;
    if (made.scale == ValueScale::kQuantile) {
        made.quantiles = std::make_shared<const Quantiles>(std::move(magnitudes));
        if (made.quantiles->is_empty()) made.quantiles = nullptr;
    }
    return made;
}

}  // namespace

LegendUnit CellScales::unit() const {
    if (range == ColourRange::kAll) return LegendUnit::kValue;
    const bool is_rank = !lines.empty() && lines.front().scale == ValueScale::kQuantile;
    return is_rank ? LegendUnit::kRank : LegendUnit::kShare;
}

CellScales make_cell_scales(const MatrixValues& values, const MatrixValues* blocked,
                            const ColourScale& whole, ValueScale scale, ColourRange range) {
    CellScales scales{whole, range, {}};
    scales.all.scale = scale;
    scales.all.quantiles = nullptr;
    if (range == ColourRange::kAll) {
        if (scale == ValueScale::kQuantile) {
            scales.all = fit_scale(scales.all, collect(values, blocked, -1, -1));
        }
        return scales;
    }
    const bool is_row = range == ColourRange::kRow;
    const int count = is_row ? values.row_end() : values.columns();
    for (int i = 0; i < count; ++i) {
        scales.lines.push_back(
            fit_scale(scales.all, collect(values, blocked, is_row ? i : -1, is_row ? -1 : i)));
    }
    scales.all.high = 1;
    if (scale == ValueScale::kQuantile) scales.all.scale = ValueScale::kLinear;
    return scales;
}

std::string describe_scales(const CellScales& scales, std::string_view quantity) {
    std::string text(quantity);
    if (scales.range == ColourRange::kAll) {
        return text + ", " + std::string(scale_name(scales.all.scale));
    }
    const std::string line = scales.range == ColourRange::kRow ? "row" : "column";
    if (scales.unit() == LegendUnit::kRank) return text + ", by rank within each " + line;
    return text + ", " + std::string(scale_name(scales.all.scale)) + ", each " + line +
           " from 0 to its largest";
}

}  // namespace heed::app
