// Products of matrices on the graphics card, every variant timed on its own clock, beside the way a
// first lesson does it. Not part of the tests.
//   ninja -C build gl_bench && build/tests/bench/gl_bench --benchmark_filter=512
// --heed_products prints the table that is measured for this device, --heed_renderer what it is.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <memory>
#include <string_view>

#include "app/gl/measure_products.h"

namespace heed::app {
namespace {

struct Case {
    const char* name;
    ProductShape shape;
};

constexpr ProductLayout kPlain = ProductLayout::kPlain;
constexpr ProductLayout kTransposed = ProductLayout::kTransposed;
// A square, a layer's maps at some lengths, its scores and its contexts, its logits.
const std::vector<Case> kCases = {
    {"512^3", {1, 512, 512, 512, kPlain}},
    {"512^3 transposed", {1, 512, 512, 512, kTransposed}},
    {"1 x 768 x 3072", {1, 1, 768, 3072, kPlain}},
    {"16 x 768 x 3072", {1, 16, 768, 3072, kPlain}},
    {"16 x 768 x 3072 transposed", {1, 16, 768, 3072, kTransposed}},
    {"16 x 3072 x 768", {1, 16, 3072, 768, kPlain}},
    {"128 x 768 x 3072", {1, 128, 768, 3072, kPlain}},
    {"1024 x 768 x 768", {1, 1024, 768, 768, kPlain}},
    {"1024 x 768 x 3072", {1, 1024, 768, 3072, kPlain}},
    {"12 heads, 128 x 64 x 128", {12, 128, 64, 128, kTransposed}},
    {"12 heads, 128 x 128 x 64", {12, 128, 128, 64, kPlain}},
    {"12 heads, 1024 x 64 x 1024", {12, 1024, 64, 1024, kTransposed}},
    {"12 heads, 1024 x 1024 x 64", {12, 1024, 1024, 64, kPlain}},
    {"4096^3", {1, 4096, 4096, 4096, kPlain}},
};

CommandList record_naive(const RecorderLimits& limits, int side) {
    Recorder recorder(limits);
    struct {
        int side, pad0, pad1, pad2;
    } params{side, 0, 0, 0};
    // Found from the folder of the shaders.
    Dispatch dispatch(recorder, {"../tests/bench/naive_product.comp", {}}, 0);
    const std::int64_t cells = std::int64_t{side} * side;
    dispatch.read(0, recorder.take_scratch(cells), 0, cells);
    dispatch.read(1, recorder.take_scratch(cells), 0, cells);
    dispatch.write(2, recorder.take_scratch(cells), 0, cells);
    dispatch.count_flops(2.0 * static_cast<double>(cells) * side);
    dispatch.run(params, std::int64_t{side / 16} * (side / 16), static_cast<double>(cells) * side);
    return recorder.take_list();
}

void time_list(benchmark::State& state, ComputeDevice& device, const CommandList& list) {
    std::unique_ptr<ListTimer> timer;
    device.thread().call([&] {
        timer = std::make_unique<ListTimer>(device, list);
        timer->run();
    });
    for (auto _ : state) {
        const double ms = device.thread().call([&] { return timer->run(); });
        state.SetIterationTime(ms * 1e-3);
    }
    device.thread().call([&] { timer.reset(); });
    double flops = 0;
    for (const PassCommand& command : list.commands) flops += command.flops;
    state.counters["GFLOP/s"] =
        benchmark::Counter(flops * 1e-9, benchmark::Counter::kIsIterationInvariantRate);
}

void add_benchmarks(ComputeDevice& device) {
    benchmark::RegisterBenchmark("512^3/naive 16x16",
                                 [&device](benchmark::State& state) {
                                     time_list(state, device, record_naive(device.limits(), 512));
                                 })
        ->UseManualTime()
        ->Unit(benchmark::kMillisecond);
    for (const Case& one : kCases) {
        for (int v = 0; v < static_cast<int>(product_variants().size()); ++v) {
            const std::string_view variant = product_variants()[static_cast<std::size_t>(v)].name;
            benchmark::RegisterBenchmark(fmt::format("{}/{}", one.name, variant).c_str(),
                                         [&device, &one, v](benchmark::State& state) {
                                             RecorderLimits limits = device.limits();
                                             limits.work = 1e18;
                                             time_list(state, device,
                                                       record_probe(limits, one.shape, v));
                                         })
                ->UseManualTime()
                ->Unit(benchmark::kMillisecond);
        }
    }
}

void print_table(ComputeDevice& device) {
    const ProductTable table = device.thread().call([&] { return measure_products(device); });
    fmt::print("{}\n", device.renderer());
    for (int i = 0; i < kProductClasses; ++i) {
        const int variant = table.variants[static_cast<std::size_t>(i)];
        fmt::print("{:32} {}\n", product_class_name(i),
                   product_variants()[static_cast<std::size_t>(variant)].name);
    }
}

}  // namespace
}  // namespace heed::app

int main(int argc, char** argv) {
    try {
        heed::app::ComputeDevice device{heed::app::DeviceOptions{}};
        const std::string_view first = argc > 1 ? argv[1] : "";
        if (first == "--heed_renderer") {
            fmt::print("{}\n", device.renderer());
            return 0;
        }
        if (first == "--heed_products") {
            heed::app::print_table(device);
            return 0;
        }
        heed::app::add_benchmarks(device);
        benchmark::Initialize(&argc, argv);
        if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
        fmt::print(stderr, "{}\n", device.renderer());
        benchmark::RunSpecifiedBenchmarks();
        return 0;
    } catch (const std::exception& error) {
        fmt::print(stderr, "{}\n", error.what());
        return 1;
    }
}
