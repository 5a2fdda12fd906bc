// Every op but the products: the graphics card against the CPU, cell by cell, each op by itself.
#include <doctest/doctest.h>

#include <filesystem>
#include <limits>
#include <memory>
#include <set>

#include "app/gl/compute_plan.h"
#include "app/gl/pass_runner.h"
#include "app/gl/shader_source.h"
#include "core/base/error.h"
#include "core/run/backend.h"
#include "tests/gl/op_cases.h"

using namespace heed;
using namespace heed::app;
using namespace heed::test;

namespace {

std::shared_ptr<ComputeDevice> make_device() {
    return std::make_shared<ComputeDevice>(DeviceOptions{});
}

// The least that a device may take at once: a few rows, so that all are cut.
std::shared_ptr<ComputeDevice> make_tiny_device() {
    DeviceOptions options;
    options.faults.binding_words = 1024;
    options.faults.dispatch_work = 500;
    return std::make_shared<ComputeDevice>(std::move(options));
}

RunInputs inputs_of(const Graph& graph) {
    RunInputs inputs;
    inputs.ids = case_ids(graph);
    inputs.numbers = case_numbers(graph);
    return inputs;
}

// One graph and its weights, as several backends run it.
struct Case {
    Case(const OpCase& op_case, unsigned seed) {
        TestGraph test(seed);
        op_case.build(test);
        graph = test.builder.build();
        store = test.store;
    }
    std::shared_ptr<const Trace> run_on_cpu(const RunOptions& options = {}) const {
        return make_cpu_backend(1)->prepare(graph, store)->run(inputs_of(*graph), options);
    }
    std::shared_ptr<const Trace> run_on(const std::shared_ptr<ComputeDevice>& device,
                                        const RunOptions& options = {}) const {
        auto weights = std::make_shared<DeviceWeights>(*device, store);
        const auto plan = make_compute_plan(device, graph, store, std::move(weights));
        return plan->run(inputs_of(*graph), options);
    }

    std::shared_ptr<const Graph> graph;
    std::shared_ptr<const WeightStore> store;
};

void compare(const Trace& got, const Trace& want, const Tolerance& tolerance) {
    for (NodeId id = 0; id < want.graph().size(); ++id) {
        const Node& node = want.graph().node(id);
        if (node.shape.count() == 0) continue;
        CAPTURE(node.name);
        const Tensor got_values = got.tensor(id);
        const Tensor want_values = want.tensor(id);
        CHECK_EQ(find_difference(got_values.values(), want_values.values(), tolerance,
                                 node.shape.extents()),
                 "");
    }
}

void check_cases(const std::vector<OpCase>& cases) {
    const auto device = make_device();
    const auto tiny = make_tiny_device();
    unsigned seed = 700;
    for (const OpCase& op_case : cases) {
        CAPTURE(op_case.name);
        const Case one(op_case, ++seed);
        const auto want = one.run_on_cpu();
        const auto got = one.run_on(device);
        compare(*got, *want, op_case.tolerance);
        if (!op_case.is_wide) compare(*one.run_on(tiny), *got, kExact);
    }
}

}  // namespace

TEST_SUITE_BEGIN("gl/ops");

TEST_CASE("cells are what the CPU has, however they are cut") {
    check_cases(cell_cases());
}

TEST_CASE("rows are what the CPU has, however they are cut") {
    check_cases(row_cases());
}

TEST_CASE("moved numbers are the same bits, however they are cut") {
    check_cases(move_cases());
}

TEST_SUITE_END();
