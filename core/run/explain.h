// Explanations of a trace's cells.
#pragma once

#include <string_view>
#include <vector>

#include "core/graph/explanation.h"
#include "core/run/trace.h"

namespace heed {

// Opens a cell of a node of `trace` into its terms; waits for their values. A cell that was set by
// hand is explained as given, one that was read from a file as recorded. Other traces must have
// their weights at hand (Error).
Explanation explain(const Trace& trace, NodeId node, const std::vector<int>& index);

// Opens a cell of a graph input ("input_ids[3]"): the id that was given.
Explanation explain_input(const Trace& trace, int input, const std::vector<int>& index);

// Reads "blocks.0.attn.z[1,3,5]". Throws Error: an unknown name (with the nearest one), a wrong
// number of indices, an index out of range. The kind is kNode or kInput.
Cell parse_cell(const Graph& graph, std::string_view text);
// The same with `value` filled in: waits for it.
Cell parse_cell(const Trace& trace, std::string_view text);

// The name among the graph's nodes that is most like `name`; empty where none is.
std::string nearest_node_name(const Graph& graph, std::string_view name);

}  // namespace heed
