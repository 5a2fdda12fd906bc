// How fast this machine runs a graph, beside how fast it could multiply at all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "core/run/backend.h"

namespace heed {

struct BenchOptions {
    int repeats = 10;  // timed passes, after one that is not
    int threads = 0;   // 0: one for each core
    unsigned seed = 1;
    Backend* backend = nullptr;  // what computes; null: the CPU with `threads`
    bool measures_nodes = false;
    Progress progress;
};

struct BenchResult {
    double forward_ms = 0;  // median of the passes, every node kept
    double gflops = 0;      // of the products, at that time
    // Fused multiply-adds from registers alone, on as many threads; 0 with another backend than the
    // CPU, which has a measure of its own.
    double peak_gflops = 0;
    std::int64_t flops = 0;  // of the products: two for each multiplication
    int nodes = 0;
    std::size_t bytes = 0;  // of the values of one pass
    int threads = 0;
    RunFacts facts;  // of the last pass, which is the one whose nodes are measured
};

// Runs `graph` with random ids. Throws Error or Cancelled as Plan::run does.
BenchResult run_bench(const std::shared_ptr<const Graph>& graph,
                      const std::shared_ptr<const WeightStore>& weights,
                      const BenchOptions& options);

// Operations of the graph's products with weights and of its attentions.
std::int64_t count_product_flops(const Graph& graph);

// Ids within the limits of each input, the same for the same seed.
RunInputs make_random_inputs(const Graph& graph, unsigned seed);

// What `threads` threads reach that do nothing but multiply and add: the sum of their rates by the
// processor time of each, in the best of several short rounds, so that a core shared with other
// programs counts as whole.
double measure_peak_gflops(int threads);

}  // namespace heed
