// What the stages view remembers.
#pragma once

#include <string>
#include <vector>

#include "app/ui/option_visitor.h"
#include "app/views/matrix_values.h"

namespace heed::app {

// What a person sets in it.
struct StagesOptions {
    void visit(OptionVisitor&) {}
    bool operator==(const StagesOptions&) const = default;
};

struct StagesViewState {
    StagesOptions options;
    MatrixCache values;
    std::string revealed_node;
    std::vector<int> revealed_cell;
    int first_row = 0;  // in sight in the frame before
    int end_row = 0;
};

}  // namespace heed::app
