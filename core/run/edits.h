// Changes to a trace that make another one out of it.
#pragma once

#include <string>
#include <vector>

#include "core/graph/graph.h"

namespace heed {

class Trace;

// Sets one cell of a node.
struct CellEdit {
    NodeId node = -1;
    std::vector<int> index;
    float value = 0;
};

struct Edits {
    std::vector<CellEdit> cells;
    bool empty() const { return cells.empty(); }
};

// The cells of a trace that were set by hand, as edits of one without any.
Edits all_edits(const Trace& trace);

// Which nodes have to be computed again once the cells of `edits` are set: all that read an edited
// node, directly or through others. The edited nodes themselves are not among them, unless one
// depends on another.
std::vector<bool> find_downstream(const Graph& graph, const Edits& edits);

}  // namespace heed
