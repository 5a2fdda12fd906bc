// A pattern as a picture shows it: rows and columns joined to words, some left out. Rows are
// averaged and columns summed, so that a row still says how the weight of a word is shared out;
// what is left out is not shared out among the rest but told.
#pragma once

#include <vector>

#include "core/analysis/pattern.h"
#include "core/analysis/token_groups.h"

namespace heed {

struct ShownPattern {
    std::vector<TokenGroup> rows;
    std::vector<TokenGroup> columns;
    PatternMatrix values;         // [rows, columns]
    PatternMatrix blocked;        // -inf where nothing may be seen; no rows where all may be
    std::vector<float> left_out;  // for each row: the share of it that lies at keys not shown
    float left_out_of_all = 0;    // of all shown rows together
};

ShownPattern arrange_pattern(const Pattern& pattern, std::vector<TokenGroup> rows,
                             std::vector<TokenGroup> columns);

// A cell of a pattern of the trace behind a shown number: contribution = factor * value, and the
// contributions add up to the shown number.
struct PatternTerm {
    NodeId node = -1;        // -1: what a word keeps of itself (rollout)
    std::vector<int> index;  // [h, t, s]; rollout: of the last step, s being the word between
    double value = 0;
    double factor = 1;
    double contribution = 0;
};

// The terms of a shown cell, the largest contribution first, those that are 0 left out. A mean has
// one for each head and pair of positions, a maximum one for each pair, rollout one for each head
// and word between. Waits for the pattern's values.
std::vector<PatternTerm> explain_shown(const Trace& trace, const Pattern& pattern,
                                       const ShownPattern& shown, int row, int column);

}  // namespace heed
