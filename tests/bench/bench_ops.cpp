// Single kernels, timed: where the time of a pass goes. Not part of the tests.
//   cmake --build build --target bench_ops && build/tests/bench/bench_ops
#include <benchmark/benchmark.h>

#include <cmath>
#include <random>
#include <vector>

#include "core/ops/product.h"
#include "tests/core/ops/graph_run.h"

namespace heed::test {
namespace {

std::vector<float> random_numbers(std::size_t count) {
    std::mt19937 random(1);
    std::normal_distribution<float> normal;
    std::vector<float> numbers(count);
    for (float& number : numbers) number = normal(random);
    return numbers;
}

// Arguments: rows, depth, columns, and 1 where the right matrix lies transposed.
void time_product(benchmark::State& state) {
    const int rows = static_cast<int>(state.range(0));
    const int depth = static_cast<int>(state.range(1));
    const int cols = static_cast<int>(state.range(2));
    const bool is_transposed = state.range(3) == 1;
    const std::vector<float> left = random_numbers(static_cast<std::size_t>(rows * depth));
    const std::vector<float> right = random_numbers(static_cast<std::size_t>(depth * cols));
    std::vector<float> out(static_cast<std::size_t>(rows * cols));
    const RightMatrix matrix = {right.data(), is_transposed ? 1 : cols, is_transposed ? depth : 1,
                                cols};
    for (auto _ : state) {
        multiply({left.data(), depth, rows, depth}, matrix, {}, out.data(), cols);
        benchmark::DoNotOptimize(out.data());
        benchmark::ClobberMemory();
    }
    state.counters["GFLOP/s"] = benchmark::Counter(2e-9 * rows * depth * cols,
                                                   benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(time_product)
    ->ArgNames({"rows", "depth", "cols", "transposed"})
    ->ArgsProduct({{1, 16, 128}, {768}, {768, 3072}, {0, 1}})
    ->ArgsProduct({{16, 128}, {3072}, {768}, {0, 1}})
    ->ArgsProduct({{16, 128}, {64}, {16, 128}, {1}});

// Runs the last node of `test` again and again.
void time_last_node(benchmark::State& state, TestGraph& test) {
    const GraphRun run(test);
    const NodeId last = run.graph().size() - 1;
    const Shape& shape = run.graph().node(last).shape;
    std::vector<float> out(shape.count());
    for (auto _ : state) {
        run.compute(last, whole_box(shape), out);
        benchmark::DoNotOptimize(out.data());
        benchmark::ClobberMemory();
    }
    state.counters["cells/s"] = benchmark::Counter(static_cast<double>(shape.count()),
                                                   benchmark::Counter::kIsIterationInvariantRate);
}

void time_activation(benchmark::State& state) {
    TestGraph test(1);
    const NodeId x = test.random_node("x", test.builder.sequence("source", 128), 3072);
    const auto activation = static_cast<Activation>(state.range(0));
    state.SetLabel(activation_name(activation));
    test.builder.activation("y", x, activation, Stage::kFeedForward);
    time_last_node(state, test);
}
BENCHMARK(time_activation)->DenseRange(0, static_cast<int>(Activation::kSigmoid));

void time_layer_norm(benchmark::State& state) {
    TestGraph test(1);
    const NodeId x = test.random_node("x", test.builder.sequence("source", 128), 768);
    const Axis d{"D", 768};
    test.builder.layer_norm("y", x, test.weight("w", {d}), test.weight("b", {d}), 1e-5F);
    time_last_node(state, test);
}
BENCHMARK(time_layer_norm);

void time_softmax(benchmark::State& state) {
    TestGraph test(1);
    const int source = test.builder.sequence("source", 128);
    const NodeId x = test.random_heads("x", source, 12, static_cast<int>(state.range(0)));
    test.builder.softmax("y", x);
    time_last_node(state, test);
}
BENCHMARK(time_softmax)->Arg(16)->Arg(128)->Arg(1024);

void time_mask(benchmark::State& state) {
    TestGraph test(1);
    const int source = test.builder.sequence("source", 128);
    test.builder.mask("y", test.random_heads("x", source, 12, 128), MaskRule::kCausal);
    time_last_node(state, test);
}
BENCHMARK(time_mask);

void time_heads(benchmark::State& state) {
    TestGraph test(1);
    const NodeId x = test.random_heads("x", test.builder.sequence("source", 128), 12, 64);
    test.builder.merge_heads("y", x);
    time_last_node(state, test);
}
BENCHMARK(time_heads);

// A layer of 9 heads of 64 columns over 64 positions.
void time_rotary(benchmark::State& state) {
    TestGraph test(1);
    const NodeId x = test.random_heads("x", test.builder.sequence("source", 64), 9, 64);
    RotaryRule rule;
    rule.is_interleaved = state.range(0) == 1;
    for (int i = 0; i < 32; ++i) rule.frequencies.push_back(std::pow(10000.0, -i / 32.0));
    test.builder.rotary("y", x, rule);
    time_last_node(state, test);
}
BENCHMARK(time_rotary)->ArgName("interleaved")->Arg(0)->Arg(1);

// T5's bias, 8 heads.
void time_bucket_bias(benchmark::State& state) {
    TestGraph test(1);
    const int length = static_cast<int>(state.range(0));
    const NodeId x = test.random_heads("x", test.builder.sequence("source", length), 8, length);
    test.builder.bucket_bias("y", x, test.weight("W", {{"buckets", 32}, {"H", 8}}),
                             {32, 128, true});
    time_last_node(state, test);
}
BENCHMARK(time_bucket_bias)->Arg(64)->Arg(256);

// Transformer-XL's scores by distance, 16 heads of 64 columns.
void time_distance_dots(benchmark::State& state) {
    TestGraph test(1);
    const int length = static_cast<int>(state.range(0));
    const int source = test.builder.sequence("source", length);
    const NodeId q = test.random_heads("q", source, 16, 64);
    const NodeId r = test.random_heads("r", source, 16, 64);
    test.builder.distance_dots("y", q, r, q, 0);
    time_last_node(state, test);
}
BENCHMARK(time_distance_dots)->Arg(64)->Arg(256);

// Words of a cluster of narrow vectors, 16 to 1024 numbers, and its log probabilities.
void time_cluster_embed(benchmark::State& state) {
    TestGraph test(1);
    GraphBuilder& b = test.builder;
    const Axis e{"E", static_cast<int>(state.range(0))}, d{"D", 1024};
    const int ids = b.ids("input_ids", b.sequence("source", 64), 1000);
    b.cluster_embed("y", {{test.weight("W", {{"V", 1000}, e}), test.weight("M", {e, d})}}, ids);
    const GraphRun run(test, {std::vector<int>(64, 7)});
    std::vector<float> out(run.graph().node(0).shape.count());
    for (auto _ : state) {
        run.compute(0, whole_box(run.graph().node(0).shape), out);
        benchmark::DoNotOptimize(out.data());
        benchmark::ClobberMemory();
    }
}
BENCHMARK(time_cluster_embed)->ArgName("E")->Arg(16)->Arg(1024);

void time_log_softmax(benchmark::State& state) {
    TestGraph test(1);
    const NodeId x = test.random_node("x", test.builder.sequence("source", 8), 50000);
    test.builder.log_softmax("y", x, Stage::kUnembed);
    time_last_node(state, test);
}
BENCHMARK(time_log_softmax);

}  // namespace
}  // namespace heed::test

BENCHMARK_MAIN();
