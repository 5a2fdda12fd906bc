#include "tests/gl/product_run.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <random>

#include "app/gl/pass_runner.h"
#include "core/base/check.h"
#include "tests/gl/half_numbers.h"

namespace heed::test {

using namespace heed::app;

namespace {

std::size_t at(std::int64_t i) {
    return static_cast<std::size_t>(i);
}

// Numbers of a case, and where they lie.
struct Operands {
    std::vector<float> left, right, bias;  // as the device has them, rounded to their type
    std::int64_t left_outer = 0, left_row = 0;
    std::int64_t right_outer = 0, right_depth = 0, right_col = 0;
    std::int64_t bias_outer = 0;
};

void lay_out_right(const ProductCase& wanted, Operands& made) {
    const std::int64_t heads = wanted.outers / wanted.group;
    const int inner = wanted.layout == ProductLayout::kTransposed ? wanted.depth : wanted.cols;
    const int outer = wanted.layout == ProductLayout::kTransposed ? wanted.cols : wanted.depth;
    const std::int64_t step = wanted.layout == ProductLayout::kStrided ? 3 : 1;
    std::int64_t line = inner * step + wanted.margin;
    made.right_outer = line * outer;
    if (wanted.has_heads_in_line) {
        const bool is_plain = wanted.layout == ProductLayout::kPlain;
        if (is_plain) line = heads * inner + wanted.margin;
        made.right_outer = is_plain ? inner : line * outer;
    }
    const bool is_transposed = wanted.layout == ProductLayout::kTransposed;
    made.right_depth = is_transposed ? 1 : line;
    made.right_col = is_transposed ? line : step;
    made.right.resize(at(heads * line * outer));
}

Operands make_operands(const ProductCase& wanted) {
    std::mt19937 random(wanted.seed);
    std::normal_distribution<float> normal;
    Operands made;
    made.left_row = wanted.depth + wanted.margin;
    made.left_outer = made.left_row * wanted.rows;
    made.left.resize(at(made.left_outer * wanted.outers));
    lay_out_right(wanted, made);
    made.bias_outer = wanted.cols + (wanted.has_heads_in_line ? 0 : wanted.margin);
    if (wanted.has_bias) made.bias.resize(at(made.bias_outer * wanted.outers));
    for (float& number : made.left) number = normal(random);
    for (float& number : made.right) number = round_to(wanted.type, normal(random));
    for (float& number : made.bias) number = round_to(wanted.type, normal(random));
    return made;
}

// `margin` numbers that are not read, then these.
BufferRef add_numbers(Recorder& recorder, const std::vector<float>& numbers, WeightType type,
                      int margin, std::int64_t& first) {
    std::vector<float> padded(at(margin), std::nanf(""));
    padded.insert(padded.end(), numbers.begin(), numbers.end());
    const std::int64_t word = recorder.add_constants(pack_words(type, padded));
    first = word * (type == WeightType::kF32 ? 1 : 2) + margin;
    return {BufferKind::kConstant, 0};
}

Product make_product(Recorder& recorder, const ProductCase& wanted) {
    const Operands made = make_operands(wanted);
    Product product;
    product.node = 0;
    product.outers = wanted.outers;
    product.rows = wanted.rows;
    product.depth = wanted.depth;
    product.cols = wanted.cols;
    product.left.buffer =
        add_numbers(recorder, made.left, WeightType::kF32, wanted.margin, product.left.first);
    product.left.outer_stride = made.left_outer;
    product.left.row_stride = made.left_row;
    product.right.type = wanted.type;
    product.right.buffer =
        add_numbers(recorder, made.right, wanted.type, wanted.margin, product.right.first);
    product.right.outers = {0, wanted.group, made.right_outer};
    product.right.depth_stride = made.right_depth;
    product.right.col_stride = made.right_col;
    if (wanted.has_bias) {
        product.bias.emplace();
        product.bias->type = wanted.type;
        product.bias->buffer =
            add_numbers(recorder, made.bias, wanted.type, wanted.margin, product.bias->first);
        product.bias->outers = {made.bias_outer, 1, 0};
        product.bias->col_stride = 1;
    }
    const std::int64_t row = wanted.cols + wanted.margin;
    product.out = {{BufferKind::kNode, 0}, 0, row * wanted.rows, row};
    if (wanted.has_post) {
        product.post = ProductRows{{BufferKind::kNode, 1}, 0, row * wanted.rows, row};
        product.activation = Activation::kRelu;
    }
    if (wanted.has_heads_in_line) {
        HEED_CHECK_EQ(wanted.group, 1);
        product.head_cols = wanted.cols;
        product.cols *= wanted.outers;
        product.outers = 1;
        product.right.outers = {};
        if (product.bias) product.bias->outers = {};
        product.left.outer_stride = 0;
    }
    return product;
}

std::vector<float> read_cells(const DeviceSpan& span, const ProductCase& wanted) {
    const int row = wanted.cols + wanted.margin;
    std::vector<float> held(at(span.count));
    Download(*span.buffer, span.first, span.count).finish(held.data());
    std::vector<float> cells;
    for (int line = 0; line < wanted.outers * wanted.rows; ++line) {
        const auto from = held.begin() + std::ptrdiff_t{line} * row;
        cells.insert(cells.end(), from, from + wanted.cols);
    }
    return cells;
}

}  // namespace

ProductTruth compute_product(const ProductCase& wanted) {
    const Operands made = make_operands(wanted);
    ProductTruth truth;
    for (int o = 0; o < wanted.outers; ++o) {
        // Heads in line share one left matrix.
        const std::int64_t left = wanted.has_heads_in_line ? 0 : o * made.left_outer;
        const std::int64_t right = o / wanted.group * made.right_outer;
        for (int r = 0; r < wanted.rows; ++r) {
            for (int c = 0; c < wanted.cols; ++c) {
                double sum = wanted.has_bias
                                 ? static_cast<double>(made.bias[at(o * made.bias_outer + c)])
                                 : 0;
                double size = std::abs(sum);
                for (int k = 0; k < wanted.depth; ++k) {
                    const double a =
                        static_cast<double>(made.left[at(left + r * made.left_row + k)]);
                    const double b = static_cast<double>(
                        made.right[at(right + k * made.right_depth + c * made.right_col)]);
                    sum += a * b;
                    size += std::abs(a * b);
                }
                truth.out.push_back(sum);
                truth.allowance.push_back(size * (wanted.depth + 3) / 16777216.0);
            }
        }
    }
    return truth;
}

ProductNumbers run_product(ComputeDevice& device, const RecorderLimits& limits,
                           const ProductCase& wanted, int* commands) {
    Recorder recorder(limits);
    record_product(recorder, make_product(recorder, wanted));
    RecordedPass pass;
    pass.list = recorder.take_list();
    if (commands != nullptr) *commands = static_cast<int>(pass.list.commands.size());
    const std::int64_t words =
        std::int64_t{wanted.outers} * wanted.rows * (wanted.cols + wanted.margin);
    for (int node = 0; node < (wanted.has_post ? 2 : 1); ++node) {
        pass.places.push_back({node, 0, words});
        pass.slabs.push_back(words);
    }
    return device.thread().call([&] {
        const DeviceWeights weights(device, std::make_shared<WeightStore>());
        PassRunner runner(device, weights, std::move(pass));
        std::vector<DeviceSpan> spans(wanted.has_post ? 2 : 1);
        runner.run({}, spans, {});
        ProductNumbers numbers;
        numbers.out = read_cells(spans[0], wanted);
        if (wanted.has_post) numbers.post = read_cells(spans[1], wanted);
        return numbers;
    });
}

}  // namespace heed::test
