// What the neuron view remembers.
#pragma once

#include "app/ui/option_visitor.h"
#include "app/views/matrix_values.h"

namespace heed::app {

// What a person sets in it.
struct NeuronOptions {
    void visit(OptionVisitor&) {}
    bool operator==(const NeuronOptions&) const = default;
};

struct NeuronViewState {
    NeuronOptions options;
    MatrixCache values;
};

}  // namespace heed::app
