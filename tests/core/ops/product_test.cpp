#include "core/ops/product.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <random>
#include <vector>

#include "tests/support/close.h"

using namespace heed;
using namespace heed::test;

namespace {

std::vector<float> random_numbers(std::mt19937& random, int count) {
    std::normal_distribution<float> normal;
    std::vector<float> numbers(static_cast<std::size_t>(count));
    for (float& number : numbers) number = normal(random);
    return numbers;
}

// How the right matrix lies in memory.
enum class Layout { kRows, kColumns, kScattered };

// A product with all that it needs.
struct Case {
    int rows = 0, depth = 0, cols = 0;
    Layout layout = Layout::kRows;
    std::vector<float> left, right, bias;
    int left_stride = 0;
    std::ptrdiff_t row_stride = 0, col_stride = 0;

    Case(std::mt19937& random, int rows_, int depth_, int cols_, Layout layout_)
        : rows(rows_), depth(depth_), cols(cols_), layout(layout_) {
        left_stride = depth + 3;
        left = random_numbers(random, rows * left_stride);
        const int gap = layout == Layout::kScattered ? 2 : 1;
        row_stride = layout == Layout::kColumns ? 1 : gap * (cols + 5);
        col_stride = layout == Layout::kColumns ? depth + 1 : gap;
        right = random_numbers(random, gap * (depth + 1) * (cols + 5));
        bias = random_numbers(random, cols * 2);
    }
    float right_at(int i, int c) const {
        return right[static_cast<std::size_t>(i * row_stride + c * col_stride)];
    }
    // Rows and columns from (row, col) on; the output has one number more than `cols` a row.
    std::vector<float> part(int row, int row_count, int col, int col_count,
                            bool with_bias = true) const {
        std::vector<float> out(static_cast<std::size_t>(row_count * (col_count + 1)), -77.0F);
        multiply({left.data() + row * left_stride, left_stride, row_count, depth},
                 {right.data() + col * col_stride, row_stride, col_stride, col_count},
                 with_bias ? ColumnBias{bias.data() + col * 2, 2} : ColumnBias{}, out.data(),
                 col_count + 1);
        return out;
    }
};

std::vector<float> naive(const Case& c, bool with_bias = true) {
    std::vector<float> out;
    for (int r = 0; r < c.rows; ++r) {
        for (int o = 0; o < c.cols; ++o) {
            double sum =
                with_bias ? static_cast<double>(c.bias[static_cast<std::size_t>(o * 2)]) : 0;
            for (int i = 0; i < c.depth; ++i) {
                sum +=
                    static_cast<double>(c.left[static_cast<std::size_t>(r * c.left_stride + i)]) *
                    static_cast<double>(c.right_at(i, o));
            }
            out.push_back(static_cast<float>(sum));
        }
        out.push_back(-77.0F);  // between the rows nothing is written
    }
    return out;
}

}  // namespace

TEST_SUITE_BEGIN("core/product");

TEST_CASE("a product is that of the naive loop, whatever the shape and the strides") {
    std::mt19937 random(1);
    const int rows[] = {1, 2, 5, 6, 7, 12, 13, 16, 33, 61};
    const int depths[] = {1, 3, 16, 64, 127, 128, 129, 300, 768};
    const int cols[] = {1, 2, 7, 16, 31, 32, 33, 100, 128, 129, 260};
    for (int round = 0; round < 120; ++round) {
        const int r = rows[random() % std::size(rows)];
        const int d = depths[random() % std::size(depths)];
        const int c = cols[random() % std::size(cols)];
        for (const Layout layout : {Layout::kRows, Layout::kColumns, Layout::kScattered}) {
            const Case made(random, r, d, c, layout);
            CAPTURE(r);
            CAPTURE(d);
            CAPTURE(c);
            CAPTURE(static_cast<int>(layout));
            CHECK_EQ(find_difference(made.part(0, r, 0, c), naive(made), kSum, {r, c + 1}), "");
            CHECK_EQ(find_difference(made.part(0, r, 0, c, false), naive(made, false), kSum), "");
        }
    }
}

TEST_CASE("a cell has the same bits in every part of the product") {
    std::mt19937 random(2);
    for (const Layout layout : {Layout::kRows, Layout::kColumns, Layout::kScattered}) {
        const Case made(random, 37, 333, 150, layout);
        const std::vector<float> whole = made.part(0, 37, 0, 150);
        for (int round = 0; round < 200; ++round) {
            const int row = static_cast<int>(random() % 37), col = static_cast<int>(random() % 150);
            const int rows = 1 + static_cast<int>(random()) % (37 - row) * (round % 3 != 0);
            const int cols = 1 + static_cast<int>(random() % static_cast<unsigned>(150 - col));
            if (rows < 1) continue;
            const std::vector<float> part = made.part(row, rows, col, cols);
            CAPTURE(row);
            CAPTURE(col);
            for (int r = 0; r < rows; ++r) {
                const float* want = whole.data() + (row + r) * 151 + col;
                CHECK_EQ(std::memcmp(part.data() + r * (cols + 1), want,
                                     static_cast<std::size_t>(cols) * sizeof(float)),
                         0);
            }
        }
    }
}

TEST_CASE("a cell has the same bits however the right matrix lies") {
    std::mt19937 random(3);
    const Case rows(random, 19, 200, 70, Layout::kRows);
    for (const Layout layout : {Layout::kColumns, Layout::kScattered}) {
        Case other(random, 19, 200, 70, layout);
        other.left = rows.left;
        other.bias = rows.bias;
        for (int i = 0; i < 200; ++i) {
            for (int c = 0; c < 70; ++c) {
                other.right[static_cast<std::size_t>(i * other.row_stride + c * other.col_stride)] =
                    rows.right_at(i, c);
            }
        }
        CHECK_EQ(find_difference(other.part(0, 19, 0, 70), rows.part(0, 19, 0, 70), kExact), "");
    }
}

TEST_CASE("long sums lose little: runs are added up apart") {
    std::mt19937 random(4);
    Case made(random, 1, 100000, 2, Layout::kRows);
    std::fill(made.left.begin(), made.left.end(), 1.0F);
    std::fill(made.right.begin(), made.right.end(), 0.1F);
    const float sum = made.part(0, 1, 0, 2, false)[0];
    CHECK_LT(std::abs(static_cast<double>(sum) - 100000 * static_cast<double>(0.1F)), 0.2);
}

TEST_CASE("an infinite or missing number stays in its row and column") {
    std::mt19937 random(5);
    Case made(random, 3, 40, 5, Layout::kRows);
    made.left[static_cast<std::size_t>(1 * made.left_stride + 7)] =
        std::numeric_limits<float>::infinity();
    made.right[static_cast<std::size_t>(9 * made.row_stride + 2)] =
        std::numeric_limits<float>::quiet_NaN();
    const std::vector<float> out = made.part(0, 3, 0, 5);
    for (int r = 0; r < 3; ++r) {
        for (int c = 0; c < 5; ++c) {
            CHECK_EQ(std::isfinite(out[static_cast<std::size_t>(r * 6 + c)]), r != 1 && c != 2);
        }
    }
}

TEST_SUITE_END();
