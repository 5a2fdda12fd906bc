// What is chosen: always valid for the trace that it belongs to.
#pragma once

#include <string>
#include <vector>

#include "core/run/trace.h"

namespace heed::app {

struct Selection {
    int layer = 0;
    int head = 0;
    int query = 0;          // position of the query sequence of the layer's attention
    int key = 0;            // position of its key sequence
    std::string node;       // the node that is being asked about; empty only without nodes
    std::vector<int> cell;  // its cell, one index for each axis of the node

    bool operator==(const Selection&) const = default;
};

// The layer's own attention (the first site of the layer); nullptr where the graph has none.
const AttentionSite* find_site(const Graph& graph, int layer);
// Layers that have an attention, ascending.
std::vector<int> list_attention_layers(const Graph& graph);

// The nearest valid selection: layer, head, query, key, node and cell are kept where they are
// possible and clamped where not; a node that is not there becomes the layer's pattern (where
// there is no attention: the last node).
Selection clamp_selection(const Graph& graph, Selection wanted);

// What a new trace begins with: layer 0, head 0, its pattern's first cell.
Selection default_selection(const Graph& graph);

// The same selection, asking about the pattern's cell of its layer, head, query and key.
Selection ask_pattern(const Graph& graph, Selection selection);
// The same selection, asking about `cell` of `node`. Where the node belongs to an attention, layer
// follows it, and head, query and key follow the cell's axes H, T and S.
Selection ask_cell(const Graph& graph, Selection selection, NodeId node, std::vector<int> cell);
// Asks about `node`, at the cell that fits head, query and key: H takes the head, the sequence axes
// the query (S the key), all others 0.
Selection ask_node(const Graph& graph, Selection selection, NodeId node);

}  // namespace heed::app
