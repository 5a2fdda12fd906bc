// From a graph to a command list: which nodes are computed in which order, where their values lie,
// what is recomputed instead of kept. It knows no OpenGL.
#pragma once

#include <map>
#include <vector>

#include "app/gl/op_recorders.h"
#include "core/graph/graph.h"
#include "core/run/trace.h"

namespace heed::app {

// Where a node's values lie: words of one of the pass's own pieces of memory.
struct NodePlace {
    int slab = -1;  // -1: not kept, or another's
    std::int64_t first = 0;
    std::int64_t count = 0;
};

// A cell that is written from the host after the command before it: an edit.
struct CellWrite {
    std::size_t after = 0;  // commands that come before
    BufferRef buffer;
    std::int64_t word = 0;
    float value = 0;
};

// All values of a node that become another's: a name that was set by hand.
struct NodeCopy {
    std::size_t after = 0;  // commands that come before
    NodeId from = -1;
    NodeId to = -1;
};

struct RecordedPass {
    CommandList list;
    std::vector<CellWrite> writes;     // in the order of the commands
    std::vector<NodeCopy> copies;      // the same; before the writes at their place
    std::vector<NodePlace> places;     // for each node
    std::vector<NodeId> copied;        // nodes whose values are copied from the trace before
    std::vector<std::int64_t> slabs;   // words of each
    std::vector<std::int64_t> inputs;  // word where each input of the graph begins
    std::int64_t input_words = 0;
    int nodes_computed = 0;
};

struct PassRequest {
    const Graph& graph;
    const WeightStore& weights;
    RecorderLimits limits;
    std::vector<bool> is_due;      // to be computed
    std::vector<bool> is_derived;  // not to be kept
    std::map<NodeId, Patch> patches;
    std::vector<NodeId> edited;  // set by hand now: kept apart from the trace before
    std::int64_t slab_words = std::int64_t{1} << 26;  // a piece of memory, unless one node is more
    bool has_fusions = true;
};

// Throws GlFailure where a single row passes the limits of the device.
RecordedPass record_pass(const PassRequest& request);

// The node whose numbers an alias shares; itself where it is none or was set by hand.
NodeId root_of(const Graph& graph, NodeId node, const std::map<NodeId, Patch>& patches);

}  // namespace heed::app
