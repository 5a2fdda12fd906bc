#include "app/gl/measure_products.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>

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
    product.left = {recorder.take_scratch(left * shape.outers), 0, left, shape.depth};
    const bool is_plain = shape.layout == ProductLayout::kPlain;
    product.right = {recorder.take_scratch(right * shape.outers),
                     WeightType::kF32,
                     0,
                     {right, 1, 0},
                     is_plain ? shape.cols : 1,
                     is_plain ? 1 : shape.depth};
    product.out = {recorder.take_scratch(out * shape.outers), 0, out, shape.cols};
    record_product(recorder, product);
    return recorder.take_list();
}

// A variant whose blocks are mostly empty for so few rows is not worth compiling.
bool is_candidate(const ProductVariant& variant, const ProductShape& shape) {
    const bool is_tile = variant.block_depth > 0;
    if (is_tile) return variant.block_rows <= 2 * shape.rows;
    const bool is_skinny = variant.invocations > variant.block_cols;
    return !is_skinny || shape.rows <= 2 * variant.block_rows;
}

// The variants of one kind of products, from few rows to many.
class KindProbe {
  public:
    KindProbe(const RecorderLimits& limits, const ProductTimer& time)
        : limits_(limits), time_(time) {
        is_slow_.resize(product_variants().size());
    }

    // Times the variants on `shape`; the best of them, or of the shape before where this one would
    // take too long or does not fit.
    int choose(const ProductShape& shape) {
        const double work = shape.multiplications();
        if (best_ >= 0 && work / best_rate_ > kLongest_ms) return best_;
        std::vector<double> times(product_variants().size());
        int best = -1;
        for (int v = 0; v < static_cast<int>(times.size()); ++v) {
            double& time = times[static_cast<std::size_t>(v)];
            time = time_variant(shape, v);
            const bool is_better = best < 0 || time < times[static_cast<std::size_t>(best)];
            if (time < std::numeric_limits<double>::infinity() && is_better) best = v;
        }
        if (best < 0) return best_;
        const double shortest = times[static_cast<std::size_t>(best)];
        for (std::size_t v = 0; v < times.size(); ++v) {
            if (times[v] > kFarBehind * shortest && is_candidate(product_variants()[v], shape)) {
                is_slow_[v] = true;
            }
        }
        best_ = best;
        best_rate_ = work / shortest;
        return best;
    }

  private:
    double time_variant(const ProductShape& shape, int variant) {
        double shortest = std::numeric_limits<double>::infinity();
        const auto number = static_cast<std::size_t>(variant);
        if (is_slow_[number] || !is_candidate(product_variants()[number], shape)) return shortest;
        try {
            const CommandList list = record_probe(limits_, shape, variant);
            for (int i = 0; i < kTimes; ++i) shortest = std::min(shortest, time_(list));
        } catch (const Error&) {
            is_slow_[number] = true;  // refused: by the compiler, or for want of memory
        } catch (const TooLarge&) {
            return shortest;
        }
        return shortest;
    }

    const RecorderLimits& limits_;
    const ProductTimer& time_;
    std::vector<bool> is_slow_;
    int best_ = -1;
    double best_rate_ = 0;  // multiplications in a millisecond
};

// Milliseconds on the device's own clock; on ours where it has none.
double time_list(ComputeDevice& device, const DeviceWeights& weights, const CommandList& list) {
    RecordedPass pass;
    pass.list = list;
    pass.places.resize(1);
    PassRunner runner(device, weights, std::move(pass));
    RunOptions options;
    options.measures_nodes = true;
    std::vector<DeviceSpan> spans(1);
    const auto begin = std::chrono::steady_clock::now();
    const PassOutcome outcome = runner.run({}, spans, options);
    const std::chrono::duration<double, std::milli> whole =
        std::chrono::steady_clock::now() - begin;
    const double own = outcome.node_milliseconds.at(0);
    return own > 0 ? own : whole.count();
}

}  // namespace

ProductTable measure_products(const RecorderLimits& limits, const ProductTimer& time) {
    ProductTable table = default_product_table();
    bool has_any = false;
    for (int kind = 0; kind < kProductClasses / kProductSizes; ++kind) {
        KindProbe probe(limits, time);
        for (int size = 0; size < kProductSizes; ++size) {
            const int number = kind * kProductSizes + size;
            const int best = probe.choose(probe_shape(number));
            if (best < 0) continue;
            table.variants[static_cast<std::size_t>(number)] = best;
            has_any = true;
        }
    }
    if (!has_any) {
        throw GlFailure("the graphics card", "products", "a program that multiplies matrices",
                        "none that runs");
    }
    return table;
}

ProductTable measure_products(ComputeDevice& device) {
    const DeviceWeights weights(device, std::make_shared<WeightStore>());
    return measure_products(
        device.limits(), [&](const CommandList& list) { return time_list(device, weights, list); });
}

ProductTable find_product_table(ComputeDevice& device) {
    const bool has_file = !device.cache().empty();
    const std::filesystem::path file = device.cache() / kFile;
    if (has_file) {
        const auto known = read_product_table(file, device.driver());
        if (known) return *known;
    }
    const ProductTable table = measure_products(device);
    if (has_file) write_product_table(file, device.driver(), table);
    return table;
}

}  // namespace heed::app
