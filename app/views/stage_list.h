// The pass of one layer as the steps a class would name, found by walking the graph. Pure; knows no
// family.
#pragma once

#include <string>
#include <vector>

#include "app/document/selection.h"

namespace heed::app {

// Where a stage stands: before the first block, in the chosen one, after the last.
enum class StageGroup { kBefore, kLayer, kAfter };

struct StageEntry {
    std::string name;  // "\u00f7 \u221ad_k": what the rail says
    std::string help;  // "scale": what its texts are filed under
    StageGroup group = StageGroup::kLayer;
    std::string part;  // of several stacks: "encoder", "decoder", "cross"; empty where it is shared
    std::vector<NodeId> nodes;    // that are made in it, in the graph's order; at least one
    std::vector<NodeId> aliases;  // the same numbers under other names
    NodeId shown = -1;            // what is asked about when one goes there
    // Tells what goes into `shown` (ids into embed, weight times value into z), not what comes out:
    // such stages have no node of their own.
    bool tells_parts = false;
};

// The tokens (of a picture its patches), what comes before the blocks, the nodes of `layer`, and
// what comes after the last. Of several stacks (an encoder, then a decoder) each has its own; one
// with fewer layers shows its last.
std::vector<StageEntry> list_stages(const Graph& graph, int layer);

// The entry that `node` belongs to, the one that tells its parts where that is asked for and there
// is one; -1 where the node is of another layer.
int find_stage(const std::vector<StageEntry>& stages, NodeId node, bool tells_parts = false);

// `wanted`, a selection of another layer, head or word, asking about what `asked` asks about: the
// node of the same name in its layer, the same number of the word that is chosen there. The pattern
// where the layer has no such node.
Selection keep_stage(const Graph& graph, const Selection& asked, Selection wanted);

}  // namespace heed::app
