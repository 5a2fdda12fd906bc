#include "core/run/bench.h"

#include <time.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>
#include <random>
#include <vector>

#include "core/base/check.h"
#include "core/base/parallel.h"
#include "core/ops/op_table.h"
#include "core/ops/simd.h"

namespace heed {
namespace {

using Clock = std::chrono::steady_clock;

double milliseconds_since(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const std::size_t half = values.size() / 2;
    return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

// Processor time of this thread: what it waits while others have the core does not count.
double thread_seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

// Independent sums: enough to hide the delay of a multiply-add, few enough to stay in registers.
constexpr int kChains = 12;

// x = x * factor + addend, `steps` times in each lane of each chain. The result is read, so that
// the loop is not left out.
float multiply_and_add(int steps) {
    Vec chains[kChains];
    for (int i = 0; i < kChains; ++i) chains[i] = fill_vec(static_cast<float>(i));
    const Vec factor = fill_vec(0.999F);
    const Vec addend = fill_vec(0.001F);
    for (int step = 0; step < steps; ++step) {
        for (Vec& chain : chains) chain = chain * factor + addend;
    }
    float sum = 0;
    for (const Vec& chain : chains) sum += chain[0];
    return sum;
}

}  // namespace

double measure_peak_gflops(int threads) {
    constexpr int kRounds = 40;
    constexpr int kSteps = 50000;
    constexpr double kFlops = 2.0 * kSteps * kChains * kLanes;
    ThreadPool pool(threads);
    double best = 0;
    for (int round = 0; round < kRounds; ++round) {
        std::vector<double> rates(static_cast<std::size_t>(threads));
        pool.run(threads, [&](int piece) {
            const double start = thread_seconds();
            const float result = multiply_and_add(kSteps);
            HEED_CHECK(std::isfinite(result));
            rates[static_cast<std::size_t>(piece)] = kFlops / ((thread_seconds() - start) * 1e9);
        });
        best = std::max(best, std::accumulate(rates.begin(), rates.end(), 0.0));
    }
    return best * std::min(threads, hardware_threads()) / threads;
}

std::int64_t count_product_flops(const Graph& graph) {
    std::int64_t flops = 0;
    for (const Node& node : graph.nodes()) {
        if (op_row(node.op).tiling != Tiling::kProduct) continue;
        const int depth = graph.node(node.operands[0].id).shape.extent(-1);
        flops += 2 * static_cast<std::int64_t>(node.shape.count()) * depth;
    }
    return flops;
}

RunInputs make_random_inputs(const Graph& graph, unsigned seed) {
    std::mt19937 random(seed);
    RunInputs inputs;
    std::uniform_real_distribution<float> number(-1, 1);
    for (const GraphInput& input : graph.inputs()) {
        inputs.numbers.emplace_back();
        if (input.takes_numbers()) {
            inputs.ids.emplace_back();
            for (std::size_t i = 0; i < input.numbers.count(); ++i) {
                inputs.numbers.back().push_back(number(random));
            }
            continue;
        }
        const int length = graph.sequences()[static_cast<std::size_t>(input.sequence)].length;
        std::vector<int> ids;
        for (int t = 0; t < length; ++t) {
            ids.push_back(static_cast<int>(random() % static_cast<unsigned>(input.limit)));
        }
        inputs.ids.push_back(std::move(ids));
    }
    return inputs;
}

BenchResult run_bench(const std::shared_ptr<const Graph>& graph,
                      const std::shared_ptr<const WeightStore>& weights,
                      const BenchOptions& options) {
    HEED_CHECK_LT(0, options.repeats);
    const int threads = options.threads > 0 ? options.threads : hardware_threads();
    const RunInputs inputs = make_random_inputs(*graph, options.seed);
    const std::unique_ptr<Backend> cpu = make_cpu_backend(threads);
    Backend& backend = options.backend == nullptr ? *cpu : *options.backend;
    const auto plan = backend.prepare(graph, weights);
    RunOptions run;
    run.keep.budget_bytes = SIZE_MAX;
    run.progress.cancel = options.progress.cancel;

    BenchResult result;
    if (options.backend == nullptr) result.peak_gflops = measure_peak_gflops(threads);
    result.bytes = plan->run(inputs, run)->facts().bytes;
    std::vector<double> passes;
    for (int i = 0; i < options.repeats; ++i) {
        if (options.progress.report) options.progress.report(i, options.repeats);
        const auto start = Clock::now();
        const auto trace = plan->run(inputs, run);
        passes.push_back(milliseconds_since(start));
    }
    result.forward_ms = median(std::move(passes));
    result.flops = count_product_flops(*graph);
    result.gflops = static_cast<double>(result.flops) / (result.forward_ms * 1e6);
    result.nodes = graph->size();
    result.threads = threads;
    run.measures_nodes = options.measures_nodes;
    result.facts = plan->run(inputs, run)->facts();
    return result;
}

}  // namespace heed
