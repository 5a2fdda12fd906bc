#include "core/run/executor.h"

#include <algorithm>
#include <array>

#include "core/base/check.h"

namespace heed {
namespace {

std::size_t at(int id) {
    return static_cast<std::size_t>(id);
}

constexpr std::size_t kMaxOperands = 20;

bool can_be_derived(const Graph& graph, NodeId id) {
    if (!op_row(graph.node(id).op).can_be_derived) return false;
    for (const NodeId reader : graph.consumers(id)) {
        const Node& node = graph.node(reader);
        if (node.op == Op::kAlias || !op_row(node.op).is_row_aligned) return false;
        for (std::size_t i = 1; i < node.operands.size(); ++i) {
            if (node.operands[i] == Operand{OperandKind::kNode, id}) return false;
        }
    }
    return true;
}

}  // namespace

Program::Program(std::shared_ptr<const Graph> graph, std::shared_ptr<const WeightStore> weights)
    : graph_(std::move(graph)), weights_(std::move(weights)) {
    for (const WeightView& view : graph_->weights()) {
        weight_values_.push_back(weights_->values(view.tensor).data());
    }
}

void Program::compute(NodeId id, const Box& box, const ValueTable& table,
                      const MutableBlock& out) const {
    const Node& node = graph_->node(id);
    HEED_CHECK_LE(node.operands.size(), kMaxOperands);
    std::array<OperandValue, kMaxOperands> operands;
    std::optional<Tile> derived;
    for (std::size_t i = 0; i < node.operands.size(); ++i) {
        const Operand& source = node.operands[i];
        OperandValue& operand = operands[i];
        operand.kind = source.kind;
        if (source.kind == OperandKind::kWeight) {
            operand.view = &graph_->weight(source.id);
            operand.values = weight_values_[at(source.id)];
        } else if (source.kind == OperandKind::kInput) {
            operand.ids = table.inputs.ids[at(source.id)];
            if (!table.inputs.numbers.empty()) {
                operand.numbers = table.inputs.numbers[at(source.id)];
            }
        } else {
            const MatrixExtents extents = matrix_extents(graph_->node(source.id).shape);
            Block& block = operand.block;
            block.row_stride = extents.cols;
            block.outer_stride = block.row_stride * extents.rows;
            block.data = table.values[at(source.id)].get();
            if (block.data != nullptr) continue;
            HEED_CHECK_EQ(i, 0u);
            derived = derive(source.id, box, table);
            block.outer_begin = box.outer_begin;
            block.row_begin = box.row_begin;
            block.data = derived->row(box.outer_begin, box.row_begin);
            block.outer_stride = block.row_stride * box.rows();
        }
    }
    op_row(node.op).kernel({*graph_, node, std::span(operands.data(), node.operands.size()), out},
                           box);
}

Tile Program::derive(NodeId id, const Box& rows, const ValueTable& table) const {
    const Node& node = graph_->node(id);
    Box box = rows;
    box.col_begin = 0;
    box.col_end = matrix_extents(node.shape).cols;
    const std::ptrdiff_t row_stride = box.cols();
    const std::ptrdiff_t outer_stride = row_stride * box.rows();
    const auto cells = static_cast<std::size_t>(outer_stride * box.outers());
    const std::shared_ptr<float[]> scratch = std::make_shared_for_overwrite<float[]>(cells);
    if (cells > 0) {
        const MutableBlock out = {scratch.get(), outer_stride, row_stride, box.outer_begin,
                                  box.row_begin};
        compute(id, box, table, out);
        const auto patch = table.patches.find(id);
        if (patch != table.patches.end()) apply_patch(patch->second, node.shape, box, out);
    }
    return Tile(scratch, box, outer_stride, row_stride);
}

void apply_patch(const Patch& patch, const Shape& shape, const Box& box, const MutableBlock& out) {
    for (const auto& [flat, value] : patch) {
        const RowPlace place = place_of(shape, unflatten(shape.extents(), flat));
        const bool is_inside = place.outer >= box.outer_begin && place.outer < box.outer_end &&
                               place.row >= box.row_begin && place.row < box.row_end &&
                               place.col >= box.col_begin && place.col < box.col_end;
        if (is_inside) out.row(place.outer, place.row)[place.col] = value;
    }
}

std::vector<bool> choose_derived(const Graph& graph, std::size_t budget_bytes) {
    std::vector<bool> is_derived(at(graph.size()), false);
    std::vector<NodeId> candidates;
    std::size_t total = 0;
    for (NodeId id = 0; id < graph.size(); ++id) {
        if (graph.node(id).op == Op::kAlias) continue;
        total += graph.node(id).shape.count() * sizeof(float);
        if (can_be_derived(graph, id)) candidates.push_back(id);
    }
    std::sort(candidates.begin(), candidates.end(), [&graph](NodeId a, NodeId b) {
        const std::size_t a_count = graph.node(a).shape.count();
        const std::size_t b_count = graph.node(b).shape.count();
        return a_count != b_count ? a_count > b_count : a > b;
    });
    for (const NodeId id : candidates) {
        if (total <= budget_bytes) break;
        is_derived[at(id)] = true;
        total -= graph.node(id).shape.count() * sizeof(float);
    }
    return is_derived;
}

}  // namespace heed
