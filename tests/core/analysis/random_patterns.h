// Patterns drawn from a seed, for the tests of what is measured on them.
#pragma once

#include <vector>

#include "core/analysis/head_metrics.h"

namespace heed::test {

struct DrawnPattern {
    int rows = 0;
    int columns = 0;
    std::vector<float> values;

    PatternView view() const { return {values.data(), columns, rows, columns}; }
    double at(int t, int s) const {
        return static_cast<double>(values[static_cast<std::size_t>(t * columns + s)]);
    }
};

// Rows that add up to 1; causal: exact zeros beyond the diagonal. `sharpness` draws the weights
// together.
DrawnPattern draw_pattern(int rows, int columns, bool is_causal, unsigned seed,
                          float sharpness = 3);

}  // namespace heed::test
