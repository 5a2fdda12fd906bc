// Neighbours in a graph that one dispatch computes together, each of them written: fewer passes
// over memory, the same values. Which they are, and how they are recorded; it knows no OpenGL.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "app/gl/op_recorders.h"

namespace heed::app {

enum class FusionKind {
    kScores,               // what changes scores, in the graph's order, and the softmax of them
    kSumAndNorm,           // add, and a norm of the sum
    kLinearAndActivation,  // linear, and an activation of it
};

// Each node but the first has the one before as its operand 0, maybe under another name; all have
// the same shape. No others have to be computed between the first one's place and the last.
struct Fusion {
    FusionKind kind = FusionKind::kScores;
    std::vector<NodeId> nodes;
};

// Of nodes that are kept (not `is_derived`), each in one fusion at most.
std::vector<Fusion> find_fusions(const Graph& graph, const std::vector<bool>& is_derived);

// Computes the cells of `box` of all nodes; `members` are what their own recorders would get.
// Throws TooLarge, as they do; columns may be cut of kLinearAndActivation alone.
void record_fusion(FusionKind kind, std::span<const OpArgs> members, const Box& box);

}  // namespace heed::app
