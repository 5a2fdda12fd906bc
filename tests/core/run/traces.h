// Graphs, inputs and traces for the tests of core/run.
#pragma once

#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "core/run/backend.h"
#include "tests/core/ops/every_op.h"

namespace heed::test {

// A graph with its weights and inputs, ready for a backend.
struct Pass {
    std::shared_ptr<const Graph> graph;
    std::shared_ptr<const WeightStore> weights;
    RunInputs inputs;

    GraphRun run_plainly(std::vector<GraphRun::Edit> edits = {}) const {
        return GraphRun(graph, weights, inputs.ids, std::move(edits), inputs.numbers);
    }
    std::unique_ptr<Plan> prepare(int threads) const {
        return make_cpu_backend(threads)->prepare(graph, weights);
    }
};
Pass make_decoder_pass(int length, int d_head = 16, int d_mlp = 700, unsigned seed = 1);
Pass make_additive_pass(int queries, int keys);
Pass make_positions_pass(int length);
Pass make_memory_pass(int length, int memory);
Pass make_picture_pass();
// One product that takes a while and another after it: 8192 positions, 512 -> 2048 -> 512 numbers.
Pass make_long_pass();

// Empty where both hold the same bits, else the name of the first node that differs.
std::string find_other_bits(const Trace& got, const Trace& want);
std::string find_other_bits(const Trace& got, const GraphRun& want);

// Nothing is kept that can be derived.
inline RunOptions keep_nothing() {
    RunOptions options;
    options.keep.budget_bytes = 0;
    return options;
}

// Reads a trace for the walk through explanations.
class TraceCells : public CellReader {
  public:
    explicit TraceCells(const Trace& trace) : trace_(trace) {}
    const Graph& graph() const override { return trace_.graph(); }
    const WeightStore& weights() const override { return *trace_.weights(); }
    float node_value(NodeId node, const std::vector<int>& index) const override {
        return trace_.value(node, index);
    }
    float input_value(int input, const std::vector<int>& index) const override {
        return trace_.input_value(input, index);
    }

  private:
    const Trace& trace_;
};

}  // namespace heed::test
