// What the attention view remembers.
#pragma once

#include <string>
#include <vector>

#include "app/ui/option_visitor.h"
#include "app/views/matrix_values.h"

namespace heed::app {

// What a person sets in it.
struct AttentionOptions {
    bool shows_lines = true;  // beside the heatmap

    void visit(OptionVisitor& v) { v.flag("lines", "Lines beside the heatmap", shows_lines); }
    bool operator==(const AttentionOptions&) const = default;
};

// One road of the lines view.
struct AttentionLine {
    int query = 0;
    int key = 0;
    float weight = 0;
};

struct AttentionViewState {
    AttentionOptions options;
    float zoom = 1;
    MatrixCache values;
    MatrixKey lines_key;               // what `lines` was chosen from
    std::vector<AttentionLine> lines;  // the strongest of all queries, weakest first
    MatrixKey revealed_key;            // for which the chosen cell was brought into sight
    std::vector<int> revealed_cell;
};

}  // namespace heed::app
