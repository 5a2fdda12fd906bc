#include "core/ops/product.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/ops/simd.h"

namespace heed {
namespace {

// A tile of the output is held in registers: kTileRows rows of a panel's columns. Two vectors for
// each row, and as many rows as leave registers for the operands (32 of them with AVX-512, 16
// elsewhere).
constexpr int kPanel = 2 * kLanes;
constexpr int kTileRows = kLanes == 16 ? 12 : 6;
// Columns of the right matrix that are packed at once; a strip of one run fits in the second cache.
constexpr int kStrip = 128;
static_assert(kStrip % kPanel == 0);

// Where a run of the depth stands in its sum.
struct RunPlace {
    bool is_first = false;
    bool is_last = false;
};

// Adds a run's sums to those of the runs before it, and after the last one the bias.
void finish_row(const Vec (&sums)[2], const float* bias, const RunPlace& place, float* row) {
    for (int half = 0; half < 2; ++half) {
        Vec sum = sums[half];
        if (!place.is_first) sum = load_vec(row + half * kLanes) + sum;
        if (place.is_last && bias != nullptr) sum = sum + load_vec(bias + half * kLanes);
        store_vec(row + half * kLanes, sum);
    }
}

// out[r, c] (+)= sum_k left[r, k] * panel[k, c] for kRows rows and a panel's columns, of which
// `cols` are written.
template <int kRows>
void multiply_tile(const float* left, std::ptrdiff_t left_stride, const float* panel, int depth,
                   const float* bias, const RunPlace& place, float* out, std::ptrdiff_t out_stride,
                   int cols) {
    Vec sums[static_cast<std::size_t>(kRows)][2] = {};
    for (int k = 0; k < depth; ++k) {
        const Vec first = load_vec(panel + k * kPanel);
        const Vec second = load_vec(panel + k * kPanel + kLanes);
        for (int r = 0; r < kRows; ++r) {
            const Vec factor = fill_vec(left[r * left_stride + k]);
            sums[r][0] = sums[r][0] + factor * first;
            sums[r][1] = sums[r][1] + factor * second;
        }
    }
    for (int r = 0; r < kRows; ++r) {
        float* row = out + r * out_stride;
        if (cols == kPanel) {
            finish_row(sums[r], bias, place, row);
            continue;
        }
        float padded[kPanel] = {};
        std::copy(row, row + (place.is_first ? 0 : cols), padded);
        finish_row(sums[r], bias, place, padded);
        std::copy(padded, padded + cols, row);
    }
}

using MultiplyTile = void (*)(const float*, std::ptrdiff_t, const float*, int, const float*,
                              const RunPlace&, float*, std::ptrdiff_t, int);

template <int... kRows>
constexpr std::array<MultiplyTile, sizeof...(kRows)> list_tiles(
    std::integer_sequence<int, kRows...>) {
    return {multiply_tile<kRows + 1>...};
}
// Entry n - 1 is for n rows.
constexpr auto kMultiplyTile = list_tiles(std::make_integer_sequence<int, kTileRows>());

// A block of the right matrix: `depth` rows and `cols` columns from `values` on.
struct RightBlock {
    const float* values = nullptr;
    std::ptrdiff_t row_stride = 0;
    std::ptrdiff_t col_stride = 0;
    int depth = 0;
    int cols = 0;
};

// Lanes 0, n, 1, n + 1, ... of a and b together (n lanes each), from their first or second half.
template <int kFirst, int... kLane>
Vec interleave(const Vec& a, const Vec& b, std::integer_sequence<int, kLane...>) {
    return __builtin_shufflevector(a, b, (kFirst + kLane / 2 + (kLane % 2 == 0 ? 0 : kLanes))...);
}

// rows[i][j] becomes rows[j][i]: interleaving halves log2(kLanes) times exchanges the bits of i
// with those of j.
void transpose(Vec (&rows)[kLanes]) {
    if constexpr (kLanes > 1) {
        constexpr auto kAll = std::make_integer_sequence<int, kLanes>();
        constexpr int kHalf = kLanes / 2;
        for (int step = 1; step < kLanes; step *= 2) {
            Vec next[kLanes];
            for (int i = 0; i < kHalf; ++i) {
                next[2 * i] = interleave<0>(rows[i], rows[i + kHalf], kAll);
                next[2 * i + 1] = interleave<kHalf>(rows[i], rows[i + kHalf], kAll);
            }
            std::copy(next, next + kLanes, rows);
        }
    }
}

// The columns are contiguous: whole squares of them are transposed in registers.
// packed[k * kPanel + c] for the first depth rows and kLanes columns.
void pack_columns(const RightBlock& block, float* packed) {
    int k = 0;
    for (; k + kLanes <= block.depth; k += kLanes) {
        Vec rows[kLanes];
        for (int c = 0; c < kLanes; ++c)
            rows[c] = load_vec(block.values + c * block.col_stride + k);
        transpose(rows);
        for (int i = 0; i < kLanes; ++i) store_vec(packed + (k + i) * kPanel, rows[i]);
    }
    for (; k < block.depth; ++k) {
        for (int c = 0; c < kLanes; ++c) {
            packed[k * kPanel + c] = block.values[c * block.col_stride + k];
        }
    }
}

// One panel of the block from column `first` on: packed[k * kPanel + c], with zeros where the block
// has no more columns.
void pack_panel(const RightBlock& block, int first, float* packed) {
    const int cols = std::min(kPanel, block.cols - first);
    const float* values = block.values + first * block.col_stride;
    if (cols == kPanel && block.row_stride == 1) {
        for (int half = 0; half < 2; ++half) {
            RightBlock columns = block;
            columns.values = values + half * kLanes * block.col_stride;
            pack_columns(columns, packed + half * kLanes);
        }
        return;
    }
    for (int k = 0; k < block.depth; ++k) {
        const float* row = values + k * block.row_stride;
        float* target = packed + k * kPanel;
        for (int c = 0; c < cols; ++c) target[c] = row[c * block.col_stride];
        for (int c = cols; c < kPanel; ++c) target[c] = 0;
    }
}

// The block in panels, one after the other.
void pack(const RightBlock& block, float* packed) {
    const int whole = block.col_stride == 1 ? block.cols / kPanel : 0;
    for (int k = 0; k < block.depth && whole > 0; ++k) {
        const float* row = block.values + k * block.row_stride;
        for (int p = 0; p < whole; ++p) {
            float* target = packed + (p * block.depth + k) * kPanel;
            store_vec(target, load_vec(row + p * kPanel));
            store_vec(target + kLanes, load_vec(row + p * kPanel + kLanes));
        }
    }
    for (int first = whole * kPanel; first < block.cols; first += kPanel) {
        pack_panel(block, first, packed + first * block.depth);
    }
}

// All rows of `left`, from its column `at` on, times a packed strip.
void multiply_strip(const LeftMatrix& left, int at, const float* packed, const RightBlock& block,
                    const float* bias, const RunPlace& place, float* out,
                    std::ptrdiff_t out_stride) {
    for (int first = 0; first < block.cols; first += kPanel) {
        const int cols = std::min(kPanel, block.cols - first);
        // As many rows in each tile as in the others, but for one.
        const int tiles = (left.rows + kTileRows - 1) / kTileRows;
        for (int tile = 0, row = 0; tile < tiles; ++tile) {
            const int rows = (left.rows - row + tiles - tile - 1) / (tiles - tile);
            kMultiplyTile[static_cast<std::size_t>(rows - 1)](
                left.values + row * left.row_stride + at, left.row_stride,
                packed + first * block.depth, block.depth, bias == nullptr ? bias : bias + first,
                place, out + row * out_stride + first, out_stride, cols);
            row += rows;
        }
    }
}

}  // namespace

void multiply(const LeftMatrix& left, const RightMatrix& right, const ColumnBias& bias, float* out,
              std::ptrdiff_t out_stride) {
    alignas(64) float packed[kProductRun * kStrip];
    alignas(64) float strip_bias[kStrip] = {};
    for (int col = 0; col < right.cols; col += kStrip) {
        const int cols = std::min(kStrip, right.cols - col);
        if (bias.values != nullptr) {
            for (int c = 0; c < cols; ++c) strip_bias[c] = bias.values[(col + c) * bias.stride];
        }
        for (int at = 0; at < left.depth; at += kProductRun) {
            const RightBlock block = {right.values + at * right.row_stride + col * right.col_stride,
                                      right.row_stride, right.col_stride,
                                      std::min(kProductRun, left.depth - at), cols};
            pack(block, packed);
            multiply_strip(left, at, packed, block, bias.values == nullptr ? nullptr : strip_bias,
                           {at == 0, at + kProductRun >= left.depth}, out + col, out_stride);
        }
    }
}

}  // namespace heed
