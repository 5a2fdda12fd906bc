// The product of two matrices: the one place where most of the time goes. It knows no node.
#pragma once

#include <cstddef>

namespace heed {

// [rows, depth]; each row is contiguous.
struct LeftMatrix {
    const float* values = nullptr;
    std::ptrdiff_t row_stride = 0;
    int rows = 0;
    int depth = 0;
};

// [depth, cols] through strides: transposed and sliced matrices are as good as any.
struct RightMatrix {
    const float* values = nullptr;
    std::ptrdiff_t row_stride = 0;
    std::ptrdiff_t col_stride = 0;
    int cols = 0;
};

// One number for each column; no values: zeros.
struct ColumnBias {
    const float* values = nullptr;
    std::ptrdiff_t stride = 0;
};

// The depth is summed in runs of this length.
constexpr int kProductRun = 128;

// out[r, c] = sum_i left[r, i] * right[i, c] + bias[c]          // [rows,depth][depth,cols] -> out
//
// Every cell is computed by the same operations in the same order: each run of kProductRun products
// is added up from 0 (with fused multiply-adds where the machine has them), the sums of the runs
// are added in order, then the bias. Its bits depend on its row and its column alone: not on the
// other rows and columns asked for, on threads, or on where anything lies in memory. `out` has rows
// of `cols` numbers `out_stride` apart and overlaps no operand.
void multiply(const LeftMatrix& left, const RightMatrix& right, const ColumnBias& bias, float* out,
              std::ptrdiff_t out_stride);

}  // namespace heed
