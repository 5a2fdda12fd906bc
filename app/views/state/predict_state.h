// What the predict view remembers.
#pragma once

#include "app/ui/option_visitor.h"
#include "app/views/matrix_values.h"

namespace heed::app {

// What a person sets in it.
struct PredictOptions {
    void visit(OptionVisitor&) {}
    bool operator==(const PredictOptions&) const = default;
};

struct PredictViewState {
    PredictOptions options;
    MatrixCache values;
};

}  // namespace heed::app
