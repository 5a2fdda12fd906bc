// Relative positions as Transformer-XL has them (Dai et al. 2019, section 3.3): a bias of each head
// added to the queries, and their product with a vector for each distance.
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "core/ops/kernels.h"
#include "core/ops/product.h"

namespace heed {
namespace {

// How far key `s` lies before query `t`; less than 0 for keys after it.
int distance_of(const Node& node, int t, int s) {
    return t + node.attributes.offset - s;
}

}  // namespace

void run_head_bias(const KernelArgs& args, const Box& box) {
    const WeightView& bias_HK = *args.operands[1].view;
    for (int h = box.outer_begin; h < box.outer_end; ++h) {
        const float* bias = args.operands[1].values + bias_HK.offset + h * bias_HK.strides[0];
        for (int t = box.row_begin; t < box.row_end; ++t) {
            const float* in = args.operands[0].block.row(h, t);
            float* out = args.out.row(h, t);
            for (int k = box.col_begin; k < box.col_end; ++k) {
                out[k] = in[k] + bias[k * bias_HK.strides[1]];
            }
        }
    }
}

void explain_head_bias(const ExplainArgs& args, Explanation& out) {
    out.terms.push_back(whole_term(args.node_cell(0, args.index)));
    out.terms.push_back(whole_term(args.weight_cell(1, {args.index[0], args.index[2]})));
}

// Row t of q R^T holds the products of its query with all vectors, and its keys' are a stretch of
// them, backwards.
void run_distance_dots(const KernelArgs& args, const Box& box) {
    constexpr int kRows = 32;
    const int width = args.operand_shape(0).extent(2);
    const Block& q = args.operands[0].block;
    const Block& r = args.operands[1].block;
    std::vector<float> products;
    for (int h = box.outer_begin; h < box.outer_end; ++h) {
        for (int begin = box.row_begin; begin < box.row_end; begin += kRows) {
            const int rows = std::min(kRows, box.row_end - begin);
            const int nearest = std::max(0, distance_of(args.node, begin, box.col_end - 1));
            const int farthest = distance_of(args.node, begin + rows - 1, box.col_begin);
            const int cols = std::max(0, farthest - nearest + 1);
            products.resize(static_cast<std::size_t>(rows) * static_cast<std::size_t>(cols));
            if (cols > 0) {
                multiply({q.row(h, begin), q.row_stride, rows, width},
                         {r.row(h, nearest), 1, r.row_stride, cols}, {}, products.data(),
                         cols);  // [rows,K][K,cols] -> [rows,cols]
            }
            for (int t = begin; t < begin + rows; ++t) {
                const float* row = products.data() + std::ptrdiff_t{t - begin} * cols;
                float* out = args.out.row(h, t);
                for (int s = box.col_begin; s < box.col_end; ++s) {
                    const int distance = distance_of(args.node, t, s);
                    out[s] = distance < 0 ? 0 : row[distance - nearest];
                }
            }
        }
    }
}

void explain_distance_dots(const ExplainArgs& args, Explanation& out) {
    const int h = args.index[0], t = args.index[1];
    const int distance = distance_of(args.node, t, args.index[2]);
    if (distance < 0) {
        out.how = How::kFunction;
        out.steps = {{fmt::format("key {} comes after query {}", args.index[2], t), 0}};
        out.numbers = "0: the key comes after the query";
        return;
    }
    const int width = args.reader.graph().node(args.node.operands[0].id).shape.extent(2);
    for (int k = 0; k < width; ++k) {
        out.terms.push_back(
            product_term(args.node_cell(0, {h, t, k}), args.node_cell(1, {h, distance, k})));
    }
}

}  // namespace heed
