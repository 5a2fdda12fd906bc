// What a pass on the graphics card costs, counted: nothing is run. It knows no OpenGL.
#pragma once

#include <string>
#include <vector>

#include "app/gl/commands.h"
#include "core/graph/graph.h"

namespace heed::app {

// Operations are floating-point ones of products: two for each multiplication. Bytes are those of
// the ranges that dispatches bind: each number once for each dispatch that reads or writes it.
struct PassCost {
    int dispatches = 0;
    int barriers = 0;
    double flops = 0;
    double bytes = 0;

    double intensity() const { return bytes > 0 ? flops / bytes : 0; }  // operations for each byte
};

struct NodeCost {
    NodeId node = -1;
    PassCost cost;
};

// One program of products and all that it did. Beside the bytes of the ranges, those that its
// groups read again and again are counted: what the caches or the memory must deliver.
struct ProgramCost {
    std::string name;  // of the variant
    PassCost cost;
    double group_bytes = 0;
    double group_intensity() const { return group_bytes > 0 ? cost.flops / group_bytes : 0; }
};

struct PassCount {
    PassCost all;
    std::vector<NodeCost> nodes;        // in the order of the pass, those that dispatches name
    std::vector<ProgramCost> products;  // in the order of product_variants(), those that were used
    std::vector<int> layer_dispatches;  // of each layer
    int other_dispatches = 0;           // outside the layers

    // The most of any layer; 0 where there is none.
    int most_in_layer() const;
};

PassCount count_pass(const Graph& graph, const CommandList& list);

// A table of it for people.
std::string describe_pass(const Graph& graph, const PassCount& count);

}  // namespace heed::app
