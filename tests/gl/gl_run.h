// Graphs run on a device, to be compared with the CPU.
#pragma once

#include <memory>

#include "app/gl/compute_plan.h"
#include "core/run/backend.h"
#include "tests/core/ops/graph_run.h"
#include "tests/support/close.h"

namespace heed::test {

std::shared_ptr<app::ComputeDevice> make_device();
// One that takes a few rows at once, so that all are cut: 1024 words, 500 cells.
std::shared_ptr<app::ComputeDevice> make_tiny_device();

// A graph and its weights, as several backends run them.
struct GlRun {
    // Builds the graph of `test`; its inputs get ids all over what they may be, and numbers from
    // -1 to 1.
    explicit GlRun(TestGraph& test);

    std::unique_ptr<Plan> plan_on_cpu() const;
    std::unique_ptr<Plan> plan_on(const std::shared_ptr<app::ComputeDevice>& device) const;
    std::shared_ptr<const Trace> run_on_cpu(const RunOptions& options = {}) const;
    std::shared_ptr<const Trace> run_on(const std::shared_ptr<app::ComputeDevice>& device,
                                        const RunOptions& options = {}) const;

    std::shared_ptr<const Graph> graph;
    std::shared_ptr<const WeightStore> store;
    RunInputs inputs;
};

// Where the values of any node differ; empty where none do.
std::string find_trace_difference(const Trace& got, const Trace& want, const Tolerance& tolerance);

}  // namespace heed::test
