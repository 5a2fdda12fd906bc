#include "core/run/bench.h"

#include <doctest/doctest.h>

#include "core/base/error.h"
#include "tests/core/run/traces.h"

using namespace heed;
using namespace heed::test;

TEST_SUITE_BEGIN("core/bench");

TEST_CASE("operations are counted by hand") {
    TestGraph test(1);
    GraphBuilder& b = test.builder;
    const int source = b.sequence("source", 5);
    const NodeId x = test.random_heads("x", source, 4, 3);
    const NodeId k = test.random_heads("k", source, 2, 3);
    const NodeId dots = b.matmul_nt("dots", x, k);            // 4 * 5 * 5 cells of 3
    const NodeId z = b.matmul("z", b.softmax("p", dots), k);  // 4 * 5 * 3 cells of 5
    const NodeId concat = b.merge_heads("concat", z);
    const NodeId y = b.linear("y", concat, test.weight("W", {{"H*K", 12}, {"D", 7}}), std::nullopt,
                              Stage::kProjectOut);  // 5 * 7 cells of 12
    b.linear("of a row", b.take_row("row", y, 0, Stage::kUnembed),
             test.weight("W", {{"D", 7}, {"P", 2}}), std::nullopt, Stage::kUnembed);  // 2 of 7
    CHECK_EQ(count_product_flops(*b.build()), 2 * (100 * 3 + 60 * 5 + 35 * 12 + 2 * 7));
}

TEST_CASE("random ids are within their limits and the same for the same seed") {
    const Pass pass = make_decoder_pass(200);
    const RunInputs inputs = make_random_inputs(*pass.graph, 3);
    REQUIRE_EQ(inputs.ids.size(), 2u);
    for (std::size_t i = 0; i < 2; ++i) {
        CHECK_EQ(inputs.ids[i].size(), 200u);
        for (const int id : inputs.ids[i]) {
            CHECK_LE(0, id);
            CHECK_LT(id, pass.graph->inputs()[i].limit);
        }
    }
    CHECK_EQ(inputs.ids, make_random_inputs(*pass.graph, 3).ids);
    CHECK_NE(inputs.ids, make_random_inputs(*pass.graph, 4).ids);
}

TEST_CASE("a measurement has a time, a rate and a peak above it") {
    const Pass pass = make_decoder_pass(30);
    BenchOptions options;
    options.repeats = 3;
    options.threads = 2;
    int last = -1;
    options.progress.report = [&](int done, int total) {
        CHECK_EQ(done, last + 1);
        CHECK_EQ(total, 3);
        last = done;
    };
    const BenchResult result = run_bench(pass.graph, pass.weights, options);
    CHECK_LT(0, result.forward_ms);
    CHECK_LT(0, result.gflops);
    CHECK_LT(result.gflops, result.peak_gflops);
    CHECK_EQ(result.flops, count_product_flops(*pass.graph));
    CHECK_EQ(result.nodes, pass.graph->size());
    CHECK_EQ(result.threads, 2);
    std::size_t bytes = 0;
    for (const Node& node : pass.graph->nodes()) {
        if (node.op != Op::kAlias) bytes += (node.shape.count() + 15) / 16 * 16 * sizeof(float);
    }
    CHECK_EQ(result.bytes, bytes);
    CHECK_EQ(last, 2);

    options.progress.cancel.cancel();
    CHECK_THROWS_AS(run_bench(pass.graph, pass.weights, options), Cancelled);
}

TEST_SUITE_END();
