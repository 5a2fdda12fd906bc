#include "app/gl/measure_products.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>
#include <map>
#include <set>
#include <string>

#include "app/gl/faults.h"
#include "app/gl/pass_runner.h"
#include "app/gl/record_product.h"

namespace heed::app {

namespace {

constexpr int kTimes = 3;           // of which the shortest counts
constexpr double kFarBehind = 6;    // times slower than the best
constexpr double kLongest_ms = 60;  // that the best variant may take to be measured
constexpr int kProbeHeads = 12;
constexpr int kProbeHeadWidth = 64;
constexpr int kProbeWidth = 768;
constexpr const char* kFile = "products.json";

// Rows of the product that stands for each size.
constexpr std::array<int, kProductSizes> kProbeRows = {4, 16, 32, 128, 512, 1024};

// The product that stands for a class: a layer's maps, its scores (transposed) or its context.
ProductShape probe_shape(int number) {
    const int size = number % kProductSizes;
    const int rows = kProbeRows[static_cast<std::size_t>(size)];
    const bool is_transposed = number / kProductSizes >= 2;
    const bool has_heads = number / kProductSizes % 2 == 1;
    ProductShape shape;
    shape.rows = rows;
    shape.layout = is_transposed ? ProductLayout::kTransposed : ProductLayout::kPlain;
    if (!has_heads) {
        shape.depth = kProbeWidth;
        shape.cols = size == kProductSizes - 1 ? 4 * kProbeWidth : kProbeWidth;
        return shape;
    }
    const int heads = size == kProductSizes - 1 ? 2 * kProbeHeads : kProbeHeads;
    shape.outers = is_transposed && size == 4 ? kProbeHeads / 4 : heads;
    shape.depth = is_transposed ? kProbeHeadWidth : rows;
    shape.cols = is_transposed ? rows : kProbeHeadWidth;
    return shape;
}

// Scratch full of numbers; writing them belongs to no node and is not timed.
BufferRef take_filled(Recorder& recorder, std::int64_t words, int seed) {
    constexpr int kLocalSize = 64;  // of the shader
    const BufferRef scratch = recorder.take_scratch(words);
    Dispatch dispatch(recorder, {"product_probe.comp", {}}, -1);
    struct {
        int first, count, seed, pad0;
    } params{dispatch.write(0, scratch, 0, words), static_cast<int>(words), seed, 0};
    dispatch.run(params, (words + kLocalSize - 1) / kLocalSize, static_cast<double>(words));
    return scratch;
}

// A variant whose blocks are mostly empty for so few rows is not worth compiling.
bool is_candidate(const ProductVariant& variant, const ProductShape& shape) {
    const bool is_tile = variant.block_depth > 0;
    if (is_tile) return variant.block_rows <= 2 * shape.rows;
    const bool is_skinny = variant.invocations > variant.block_cols;
    return !is_skinny || shape.rows <= 2 * variant.block_rows;
}

// Times variants, from small products to large ones.
class Prober {
  public:
    Prober(const RecorderLimits& limits, const ProductTimer& time) : limits_(limits), time_(time) {}

    // The best variant for `shape`; -1 where none runs or all would take too long.
    int choose(const ProductShape& shape) {
        const double work = shape.multiplications();
        if (best_rate_ > 0 && work / best_rate_ > kLongest_ms) return -1;
        const std::span<const ProductVariant> variants = product_variants();
        std::map<std::string, double> shortest;  // of each file
        int best = -1;
        double best_time = std::numeric_limits<double>::infinity();
        for (int v = 0; v < static_cast<int>(variants.size()); ++v) {
            const ProductVariant& variant = variants[static_cast<std::size_t>(v)];
            if (hopeless_.count(variant.file) > 0 || !is_candidate(variant, shape)) continue;
            const double time = time_variant(shape, v);
            const auto known = shortest.emplace(variant.file, time).first;
            known->second = std::min(known->second, time);
            if (time >= best_time) continue;
            best = v;
            best_time = time;
        }
        if (best < 0) return -1;
        for (const auto& [file, time] : shortest) {
            if (time > kFarBehind * best_time) hopeless_.insert(file);
        }
        best_rate_ = work / best_time;
        return best;
    }

  private:
    // Milliseconds; infinity where the device refuses it, by its compiler or for want of memory.
    double time_variant(const ProductShape& shape, int variant) {
        try {
            return time_(record_probe(limits_, shape, variant));
        } catch (const Error&) {
        } catch (const TooLarge&) {
        }
        return std::numeric_limits<double>::infinity();
    }

    const RecorderLimits& limits_;
    const ProductTimer& time_;
    std::set<std::string> hopeless_;  // files
    double best_rate_ = 0;            // multiplications in a millisecond, last time
};

}  // namespace

CommandList record_probe(RecorderLimits limits, const ProductShape& shape, int variant) {
    limits.products = uniform_product_table(variant);
    Recorder recorder(limits);
    Product product;
    product.node = 0;
    product.outers = shape.outers;
    product.rows = shape.rows;
    product.depth = shape.depth;
    product.cols = shape.cols;
    const std::int64_t left = std::int64_t{shape.rows} * shape.depth;
    const std::int64_t right = std::int64_t{shape.depth} * shape.cols;
    const std::int64_t out = std::int64_t{shape.rows} * shape.cols;
    product.left = {take_filled(recorder, left * shape.outers, 1), 0, left, shape.depth};
    const bool is_plain = shape.layout == ProductLayout::kPlain;
    product.right = {take_filled(recorder, right * shape.outers, 2),
                     WeightType::kF32,
                     0,
                     {right, 1, 0},
                     is_plain ? shape.cols : 1,
                     is_plain ? 1 : shape.depth};
    product.out = {recorder.take_scratch(out * shape.outers), 0, out, shape.cols};
    record_product(recorder, product);
    return recorder.take_list();
}

struct ListTimer::State {
    State(ComputeDevice& device, RecordedPass pass)
        : weights(device, std::make_shared<WeightStore>()),
          runner(device, weights, std::move(pass)) {}

    DeviceWeights weights;
    PassRunner runner;
};

ListTimer::ListTimer(ComputeDevice& device, const CommandList& list) {
    RecordedPass pass;
    pass.list = list;
    pass.places.resize(1);
    state_ = std::make_unique<State>(device, std::move(pass));
}

ListTimer::~ListTimer() = default;

double ListTimer::run() {
    RunOptions options;
    options.measures_nodes = true;
    std::vector<DeviceSpan> spans(1);
    const auto begin = std::chrono::steady_clock::now();
    const PassOutcome outcome = state_->runner.run({}, spans, options);
    const std::chrono::duration<double, std::milli> whole =
        std::chrono::steady_clock::now() - begin;
    const double own = outcome.node_milliseconds.at(0);
    return own > 0 ? own : whole.count();
}

ProductTable measure_products(const RecorderLimits& limits, const ProductTimer& time) {
    ProductTable table = default_product_table();
    bool has_any = false;
    Prober prober(limits, time);
    for (int kind = 0; kind < kProductClasses / kProductSizes; ++kind) {
        int last = -1;
        for (int size = 0; size < kProductSizes; ++size) {
            const int number = kind * kProductSizes + size;
            const int best = prober.choose(probe_shape(number));
            if (best >= 0) last = best;
            if (last >= 0) table.variants[static_cast<std::size_t>(number)] = last;
        }
        has_any = has_any || last >= 0;
    }
    if (!has_any) {
        throw GlFailure("the graphics card", "products", "a program that multiplies matrices",
                        "none that runs");
    }
    return table;
}

ProductTable measure_products(ComputeDevice& device, const CancelToken& cancel) {
    return measure_products(device.limits(), [&](const CommandList& list) {
        cancel.check();
        ListTimer timer(device, list);
        double shortest = timer.run();
        for (int i = 1; i < kTimes; ++i) shortest = std::min(shortest, timer.run());
        return shortest;
    });
}

ProductTable find_product_table(ComputeDevice& device, const CancelToken& cancel) {
    const bool has_file = !device.cache().empty();
    const std::filesystem::path file = device.cache() / kFile;
    if (has_file) {
        const auto known = read_product_table(file, device.driver());
        if (known) return *known;
    }
    const ProductTable table = measure_products(device, cancel);
    if (has_file) write_product_table(file, device.driver(), table);
    return table;
}

}  // namespace heed::app
