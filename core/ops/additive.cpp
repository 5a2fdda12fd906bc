// Additive attention (Bahdanau, Cho, Bengio 2015): score = w . tanh(q + k), here in its single
// steps.
#include <vector>

#include "core/ops/kernels.h"

namespace heed {

// The node is [H, T, S, K]: outer runs over (h, t), rows over s.
void run_pair_sum(const KernelArgs& args, const Box& box) {
    const int queries = args.node.shape.extent(1);
    for (int outer = box.outer_begin; outer < box.outer_end; ++outer) {
        const int h = outer / queries;
        const float* q = args.operands[0].block.row(h, outer % queries);
        for (int s = box.row_begin; s < box.row_end; ++s) {
            const float* k = args.operands[1].block.row(h, s);
            float* out = args.out.row(outer, s);
            for (int c = box.col_begin; c < box.col_end; ++c) out[c] = q[c] + k[c];
        }
    }
}

void explain_pair_sum(const ExplainArgs& args, Explanation& out) {
    const std::vector<int>& i = args.index;
    out.terms.push_back(whole_term(args.node_cell(0, {i[0], i[1], i[3]})));
    out.terms.push_back(whole_term(args.node_cell(1, {i[0], i[2], i[3]})));
}

// The node has the axes of x but the last: its columns are the rows of x, its rows their outers.
void run_dot_weight(const KernelArgs& args, const Box& box) {
    const int width = args.operand_shape(0).extent(-1);
    const int rows = matrix_extents(args.node.shape).rows;
    const WeightView& weight = *args.operands[1].view;
    const float* w = args.operands[1].values + weight.offset;
    float bias = 0;
    if (args.operands.size() > 2) bias = args.operands[2].values[args.operands[2].view->offset];
    for (int h = box.outer_begin; h < box.outer_end; ++h) {
        for (int t = box.row_begin; t < box.row_end; ++t) {
            float* out = args.out.row(h, t);
            for (int s = box.col_begin; s < box.col_end; ++s) {
                const float* in = args.operands[0].block.row(h * rows + t, s);
                float sum = 0;
                for (int k = 0; k < width; ++k) sum += w[k * weight.strides[0]] * in[k];
                out[s] = sum + bias;
            }
        }
    }
}

void explain_dot_weight(const ExplainArgs& args, Explanation& out) {
    const Shape& x = args.reader.graph().node(args.node.operands[0].id).shape;
    std::vector<int> at = args.index;
    at.push_back(0);
    for (int k = 0; k < x.extent(-1); ++k) {
        at.back() = k;
        out.terms.push_back(product_term(args.node_cell(0, at), args.weight_cell(1, {k})));
    }
    if (args.node.operands.size() > 2) out.terms.push_back(whole_term(args.weight_cell(2, {0})));
}

}  // namespace heed
