// What is chosen: always valid for the trace that it belongs to.
#pragma once

#include <string>
#include <string_view>
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
    std::string site;       // which attention of the layer, as site_word says; empty: the first

    bool operator==(const Selection&) const = default;
};

// What tells the attentions of one layer apart: the stack that an attention is in ("encoder",
// "decoder"), "cross" for one from a stack to another, "self" where there are no stacks.
std::string site_word(const AttentionSite& site);
// The words of all attentions with a pattern, in the order of the pass.
std::vector<std::string> list_site_words(const Graph& graph);
// The attention of that word in that layer; nullptr where there is none. No word: the first one of
// the layer.
const AttentionSite* find_site(const Graph& graph, int layer, std::string_view word);
const AttentionSite* find_site(const Graph& graph, const Selection& selection);
// Layers that have an attention of that word, ascending.
std::vector<int> list_attention_layers(const Graph& graph, std::string_view word);
// The same selection at another attention: query and key stay at their words where the other
// attention has them too.
Selection choose_site(const Graph& graph, Selection selection, std::string_view word);

// The nearest valid selection: layer, head, query, key, node and cell are kept where they are
// possible and clamped where not; a node that is not there becomes the layer's pattern (where
// there is no attention: the last node).
Selection clamp_selection(const Graph& graph, Selection wanted);

// What a new trace begins with: layer 0, head 0, its pattern's first cell.
Selection default_selection(const Graph& graph);

// The same selection, asking about the pattern's cell of its layer, head, query and key.
Selection ask_pattern(const Graph& graph, Selection selection);
// The same selection, asking about `cell` of `node`. Where the node belongs to an attention, site
// and layer follow it, and head, query and key follow the cell's axes H, T and S.
Selection ask_cell(const Graph& graph, Selection selection, NodeId node, std::vector<int> cell);
// Asks about `node`, at the cell that fits head, query and key: H takes the head, the sequence axes
// the query (S the key), all others 0. A node of another attention, or of positions that the
// selected one does not look from, takes the selection there.
Selection ask_node(const Graph& graph, Selection selection, NodeId node);

}  // namespace heed::app
