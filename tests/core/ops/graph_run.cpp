#include "tests/core/ops/graph_run.h"

#include "core/base/check.h"

namespace heed::test {
namespace {

std::size_t at(int i) {
    return static_cast<std::size_t>(i);
}

}  // namespace

std::vector<float> TestGraph::numbers(std::size_t count, float deviation) {
    std::normal_distribution<float> normal(0, deviation);
    std::vector<float> numbers(count);
    for (float& number : numbers) number = normal(random);
    return numbers;
}

WeightView TestGraph::weight(const std::string& symbol, const Shape& shape, float deviation) {
    return weight(symbol, shape, numbers(shape.count(), deviation));
}

WeightView TestGraph::weight(const std::string& symbol, const Shape& shape,
                             std::vector<float> values) {
    HEED_CHECK_EQ(values.size(), shape.count());
    const std::string name = "tensor." + std::to_string(store->size()) + "." + symbol;
    const auto owner = std::make_shared<const std::vector<float>>(std::move(values));
    const WeightId id = store->add(name, shape.extents(), [owner] {
        return WeightValues{owner, std::span<const float>(*owner)};
    });
    return WeightView::whole(*store, id, symbol, shape);
}

NodeId TestGraph::given(const std::string& name, int sequence, Axis last,
                        std::vector<float> values) {
    const int rows = static_cast<int>(values.size()) / last.extent;
    const WeightView table = weight("W_" + name, {{"T", rows}, last}, std::move(values));
    return builder.table_rows(name, table, sequence, 0);
}

NodeId TestGraph::given_heads(const std::string& name, int sequence, int heads, int last,
                              const std::vector<float>& values_HTK) {
    const int rows = static_cast<int>(values_HTK.size()) / heads / last;
    std::vector<float> joined(values_HTK.size());
    for (int h = 0; h < heads; ++h) {
        for (int t = 0; t < rows; ++t) {
            for (int k = 0; k < last; ++k) {
                joined[at((t * heads + h) * last + k)] = values_HTK[at((h * rows + t) * last + k)];
            }
        }
    }
    const NodeId x = given(name + "_joined", sequence, {"H*K", heads * last}, std::move(joined));
    return builder.split_heads(name, x, heads, Stage::kProject);
}

NodeId TestGraph::random_node(const std::string& name, int sequence, int width, float deviation) {
    const WeightView table = weight("W_" + name, {{"T", 512}, {"D", width}}, deviation);
    return builder.table_rows(name, table, sequence, 3);
}

NodeId TestGraph::random_heads(const std::string& name, int sequence, int heads, int last,
                               float deviation) {
    const WeightView table = weight("W_" + name, {{"T", 512}, {"H*K", heads * last}}, deviation);
    const NodeId x = builder.table_rows(name + "_joined", table, sequence, 5);
    return builder.split_heads(name, x, heads, Stage::kProject);
}

GraphRun::GraphRun(std::shared_ptr<const Graph> graph, std::shared_ptr<const WeightStore> weights,
                   std::vector<std::vector<int>> ids, std::vector<Edit> edits,
                   std::vector<std::vector<float>> numbers)
    : graph_(std::move(graph)),
      weights_(std::move(weights)),
      ids_(std::move(ids)),
      numbers_(std::move(numbers)) {
    for (NodeId id = 0; id < graph_->size(); ++id) {
        const Shape& shape = graph_->node(id).shape;
        // Not a number: a cell that a kernel leaves out is found.
        std::vector<float> out(shape.count(), std::numeric_limits<float>::quiet_NaN());
        values_.emplace_back();
        compute(id, whole_box(shape), out);
        for (const Edit& edit : edits) {
            if (edit.node == id) out[flat_index(shape.extents(), edit.index)] = edit.value;
        }
        values_.back() = std::move(out);
    }
}

float GraphRun::node_value(NodeId node, const std::vector<int>& index) const {
    return values(node)[flat_index(graph_->node(node).shape.extents(), index)];
}

float GraphRun::input_value(int input, const std::vector<int>& index) const {
    const Shape shape = graph_->input_shape(input);
    const std::size_t flat = flat_index(shape.extents(), index);
    if (graph_->inputs()[at(input)].takes_numbers()) return numbers_.at(at(input)).at(flat);
    return static_cast<float>(ids_.at(at(input)).at(flat));
}

void GraphRun::compute(NodeId id, const Box& box, std::vector<float>& out) const {
    const Node& node = graph_->node(id);
    std::vector<OperandValue> operands;
    for (const Operand& source : node.operands) {
        OperandValue operand;
        operand.kind = source.kind;
        if (source.kind == OperandKind::kWeight) {
            operand.view = &graph_->weight(source.id);
            operand.values = weights_->values(operand.view->tensor).data();
        } else if (source.kind == OperandKind::kInput) {
            if (at(source.id) < ids_.size()) operand.ids = ids_[at(source.id)];
            if (at(source.id) < numbers_.size()) operand.numbers = numbers_[at(source.id)];
        } else {
            const MatrixExtents extents = matrix_extents(graph_->node(source.id).shape);
            operand.block = {values(source.id).data(), std::ptrdiff_t{extents.rows} * extents.cols,
                             extents.cols, 0, 0};
        }
        operands.push_back(operand);
    }
    const MatrixExtents extents = matrix_extents(node.shape);
    const MutableBlock block = {out.data(), std::ptrdiff_t{extents.rows} * extents.cols,
                                extents.cols, 0, 0};
    op_row(node.op).kernel({*graph_, node, operands, block}, box);
}

}  // namespace heed::test
