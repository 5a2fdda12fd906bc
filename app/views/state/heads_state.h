// What the heads view remembers.
#pragma once

#include <utility>
#include <vector>

#include "app/ui/option_visitor.h"
#include "app/views/matrix_values.h"

namespace heed::app {

// What a person sets in it.
struct HeadsOptions {
    void visit(OptionVisitor&) {}
    bool operator==(const HeadsOptions&) const = default;
};

// What is told of one head in a line.
struct HeadFacts {
    double entropy_bits = 0;  // mean over the queries
    double previous = 0;      // mean weight on the token before
    double first = 0;         // mean weight on the first token
    double itself = 0;        // mean weight on the own token
};

struct HeadsViewState {
    HeadsOptions options;
    std::vector<std::pair<MatrixKey, HeadFacts>> facts;  // of the heads looked at
};

}  // namespace heed::app
