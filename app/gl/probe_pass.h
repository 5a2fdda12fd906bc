// A layer of a transformer with made-up weights: what a device is tried with before it computes a
// model.
#pragma once

#include <memory>

#include "core/graph/graph.h"
#include "core/run/inputs.h"

namespace heed::app {

struct ProbeSize {
    int tokens = 0;
    int heads = 0;
    int head_width = 0;
    int inner = 0;
};

struct ProbePass {
    std::shared_ptr<const Graph> graph;
    std::shared_ptr<const WeightStore> weights;
    RunInputs inputs;
};

// A masked attention with heads and a feed-forward layer; the same numbers every time.
ProbePass make_probe_pass(const ProbeSize& size);

}  // namespace heed::app
