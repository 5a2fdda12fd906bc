// What the vectors view remembers.
#pragma once

#include <cstdint>
#include <vector>

#include "app/ui/option_visitor.h"
#include "app/views/matrix_values.h"

namespace heed::app {

// What a person sets in it.
struct VectorsOptions {
    void visit(OptionVisitor&) {}
    bool operator==(const VectorsOptions&) const = default;
};

// Where a word stands against its static embedding.
struct VectorFacts {
    std::uint64_t trace_number = 0;
    std::vector<double> cosines;  // for each position: static against context
    int query = -1;               // whose path it is
    std::vector<double> path;     // cosine after each layer
};

struct VectorsViewState {
    VectorsOptions options;
    MatrixCache values;
    VectorFacts facts;
};

}  // namespace heed::app
