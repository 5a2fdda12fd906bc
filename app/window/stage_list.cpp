#include "app/window/stage_list.h"

#include <algorithm>

namespace heed::app {

std::vector<StageEntry> list_stages(const Graph& graph, int layer) {
    std::vector<StageEntry> entries;
    const Stage* open = nullptr;
    for (NodeId id = 0; id < graph.size(); ++id) {
        const Node& node = graph.node(id);
        if (node.layer != layer && node.layer != -1) continue;
        if (open == nullptr || *open != node.stage) entries.push_back({stage_name(node.stage), {}});
        entries.back().nodes.push_back(id);
        open = &node.stage;
    }
    return entries;
}

int find_stage(const std::vector<StageEntry>& stages, NodeId node) {
    for (std::size_t i = 0; i < stages.size(); ++i) {
        const std::vector<NodeId>& nodes = stages[i].nodes;
        if (std::find(nodes.begin(), nodes.end(), node) != nodes.end()) return static_cast<int>(i);
    }
    return -1;
}

}  // namespace heed::app
