#include "core/run/edits.h"

#include "core/run/trace.h"

namespace heed {

Edits all_edits(const Trace& trace) {
    Edits edits;
    for (const auto& [node, patch] : trace.patches()) {
        const std::vector<int> extents = trace.graph().node(node).shape.extents();
        for (const auto& [flat, value] : patch) {
            edits.cells.push_back({node, unflatten(extents, flat), value});
        }
    }
    return edits;
}

std::vector<bool> find_downstream(const Graph& graph, const Edits& edits) {
    const auto size = static_cast<std::size_t>(graph.size());
    std::vector<bool> is_changed(size, false);
    std::vector<bool> is_downstream(size, false);
    for (const CellEdit& edit : edits.cells) {
        is_changed.at(static_cast<std::size_t>(edit.node)) = true;
    }
    for (std::size_t id = 0; id < size; ++id) {
        for (const Operand& operand : graph.node(static_cast<NodeId>(id)).operands) {
            if (operand.kind != OperandKind::kNode) continue;
            if (is_changed[static_cast<std::size_t>(operand.id)]) is_downstream[id] = true;
        }
        if (is_downstream[id]) is_changed[id] = true;
    }
    return is_downstream;
}

}  // namespace heed
