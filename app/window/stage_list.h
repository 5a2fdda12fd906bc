// The pass of one layer as the steps a class would name: runs of neighbouring nodes of one stage.
// Pure; knows graphs only.
#pragma once

#include <string>
#include <vector>

#include "core/graph/graph.h"

namespace heed::app {

struct StageEntry {
    std::string name;           // "softmax"
    std::vector<NodeId> nodes;  // in the graph's order, at least one
};

// What comes before the blocks, the nodes of `layer`, and what comes after the last block.
std::vector<StageEntry> list_stages(const Graph& graph, int layer);

// The entry that `node` belongs to; -1 where it is of another layer.
int find_stage(const std::vector<StageEntry>& stages, NodeId node);

}  // namespace heed::app
