// Small graphs with random weights, and the plainest way to compute them: every node whole, one
// after the other, by the kernels of the op table alone. What a backend gives is compared with it.
#pragma once

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "core/graph/builder.h"
#include "core/ops/op_table.h"

namespace heed::test {

// A builder beside the weights that its graph uses.
struct TestGraph {
    explicit TestGraph(unsigned seed) : random(seed) {}

    std::vector<float> numbers(std::size_t count, float deviation);
    // A weight tensor of normally distributed numbers, whole.
    WeightView weight(const std::string& symbol, const Shape& shape, float deviation = 1);
    WeightView weight(const std::string& symbol, const Shape& shape, std::vector<float> values);
    // A node [T, D] with these values (rows of a table), and a node [H, T, K].
    NodeId given(const std::string& name, int sequence, Axis last, std::vector<float> values);
    NodeId given_heads(const std::string& name, int sequence, int heads, int last,
                       const std::vector<float>& values_HTK);
    NodeId random_node(const std::string& name, int sequence, int width, float deviation = 1);
    NodeId random_heads(const std::string& name, int sequence, int heads, int last,
                        float deviation = 1);

    GraphBuilder builder;
    std::shared_ptr<WeightStore> store = std::make_shared<WeightStore>();
    std::mt19937 random;
};

class GraphRun : public CellReader {
  public:
    // Sets cells of nodes as they come up.
    struct Edit {
        NodeId node;
        std::vector<int> index;
        float value;
    };

    GraphRun(std::shared_ptr<const Graph> graph, std::shared_ptr<const WeightStore> weights,
             std::vector<std::vector<int>> ids, std::vector<Edit> edits = {},
             std::vector<std::vector<float>> numbers = {});
    explicit GraphRun(TestGraph& test, std::vector<std::vector<int>> ids = {},
                      std::vector<std::vector<float>> numbers = {})
        : GraphRun(test.builder.build(), test.store, std::move(ids), {}, std::move(numbers)) {}

    const Graph& graph() const override { return *graph_; }
    const WeightStore& weights() const override { return *weights_; }
    float node_value(NodeId node, const std::vector<int>& index) const override;
    float input_value(int input, const std::vector<int>& index) const override;

    const std::vector<float>& values(NodeId node) const {
        return values_.at(static_cast<std::size_t>(node));
    }
    const std::vector<float>& values(const std::string& name) const {
        return values(graph_->find(name).value());
    }
    // Computes one box of a node into `out`, which is laid out as the whole node.
    void compute(NodeId node, const Box& box, std::vector<float>& out) const;

  private:
    std::shared_ptr<const Graph> graph_;
    std::shared_ptr<const WeightStore> weights_;
    std::vector<std::vector<int>> ids_;
    std::vector<std::vector<float>> numbers_;  // of inputs that are arrays
    std::vector<std::vector<float>> values_;
};

// Calls visit(index) for every cell.
template <class Visit>
void for_each_cell(const Shape& shape, Visit visit) {
    const std::vector<int> extents = shape.extents();
    for (std::size_t flat = 0; flat < shape.count(); ++flat) visit(unflatten(extents, flat));
}

}  // namespace heed::test
