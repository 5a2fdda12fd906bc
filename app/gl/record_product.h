// A product of matrices as dispatches, whatever it is for: which program, which ranges, in how many
// pieces. It knows no op.
#pragma once

#include <optional>

#include "app/gl/op_recorders.h"
#include "app/gl/product_variants.h"

namespace heed::app {

// Rows of float32 numbers, each contiguous; `first` is the word of the first cell of the product.
struct ProductRows {
    BufferRef buffer;
    std::int64_t first = 0;
    std::int64_t outer_stride = 0;
    std::int64_t row_stride = 0;
};

// Positions of outers: outer o lies at o * stride + o / group * gap from outer 0.
struct ProductOuters {
    std::int64_t stride = 0;
    int group = 1;
    std::int64_t gap = 0;

    std::int64_t step(int outer) const { return outer * stride + outer / group * gap; }
};

// The matrix [depth, cols] of each outer. All count numbers, not words.
struct ProductMatrix {
    BufferRef buffer;
    WeightType type = WeightType::kF32;
    std::int64_t first = 0;  // of the first outer of the product, its first row and column
    ProductOuters outers;
    std::int64_t depth_stride = 0;
    std::int64_t col_stride = 0;  // a bias has columns alone
};

// out[o,r,c] = sum_k left[o,r,k] * right[o,k,c] + bias[o,c], and post[o,r,c] =
// activation(out[o,r,c])
struct Product {
    NodeId node = -1;
    int outers = 1;
    int rows = 1;
    int depth = 1;
    int cols = 1;
    int outer_begin = 0;  // the number of the first outer, for the groups of ProductOuters
    ProductRows left;
    ProductMatrix right;
    std::optional<ProductMatrix> bias;
    ProductRows out;
    int head_cols = 0;  // > 0: columns are those of heads side by side, each an outer of `out`
    bool adds = false;  // to what is in `out` already
    std::optional<ProductRows> post;
    Activation activation = Activation::kRelu;

    ProductShape shape() const;
};

// Takes the variant that the recorder's table names. Cuts the depth and the columns where the right
// matrix is too large for a binding, and columns where few rows are too much work; throws TooLarge
// where heads or rows have to be cut.
void record_product(Recorder& recorder, const Product& product);

}  // namespace heed::app
