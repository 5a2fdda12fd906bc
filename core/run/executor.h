// Computes boxes of nodes on the CPU, whether the values they need are held or have to be derived.
// It knows kernels and memory, not threads.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "core/ops/op_table.h"
#include "core/run/trace.h"

namespace heed {

// A value or the lack of one, for each node; what a box is computed from.
struct ValueTable {
    const RunInputs& inputs;
    const std::vector<std::shared_ptr<const float[]>>& values;
    const std::map<NodeId, Patch>& patches;
};

// A graph whose weights are in reach of the kernels.
class Program {
  public:
    // Fetches all weights that the graph uses. Throws what fetching throws.
    Program(std::shared_ptr<const Graph> graph, std::shared_ptr<const WeightStore> weights);

    const Graph& graph() const { return *graph_; }
    const std::shared_ptr<const Graph>& graph_pointer() const { return graph_; }
    const std::shared_ptr<const WeightStore>& weights_pointer() const { return weights_; }

    // Writes the cells of `box` of `node`.
    void compute(NodeId node, const Box& box, const ValueTable& table,
                 const MutableBlock& out) const;
    // Recomputes the rows of a box of a node that is not held, edits included. The tile has all
    // columns, without gaps; it may be empty.
    Tile derive(NodeId node, const Box& rows, const ValueTable& table) const;

  private:
    std::shared_ptr<const Graph> graph_;
    std::shared_ptr<const WeightStore> weights_;
    std::vector<const float*> weight_values_;  // for each weight view of the graph
};

// Writes the patched cells that lie in `box`.
void apply_patch(const Patch& patch, const Shape& shape, const Box& box, const MutableBlock& out);

// Which nodes to leave out of memory so that the others fit in `budget_bytes`: the largest first,
// of equal ones the last, which the fewest others are computed from.
std::vector<bool> choose_derived(const Graph& graph, std::size_t budget_bytes);

}  // namespace heed
