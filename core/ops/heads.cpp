// Cutting a row into heads and joining heads into a row: the same numbers in another order.
#include <algorithm>

#include "core/ops/kernels.h"

namespace heed {

void run_split_heads(const KernelArgs& args, const Box& box) {
    const int d_head = args.node.shape.extent(2);
    for (int h = box.outer_begin; h < box.outer_end; ++h) {
        for (int t = box.row_begin; t < box.row_end; ++t) {
            const float* source = args.operands[0].block.row(0, t) + h * d_head;
            std::copy(source + box.col_begin, source + box.col_end,
                      args.out.row(h, t) + box.col_begin);
        }
    }
}

void explain_split_heads(const ExplainArgs& args, Explanation& out) {
    const int d_head = args.node.shape.extent(2);
    const int column = args.index[0] * d_head + args.index[2];
    out.terms.push_back(whole_term(args.node_cell(0, {args.index[1], column})));
}

void run_merge_heads(const KernelArgs& args, const Box& box) {
    const int d_head = args.operand_shape(0).extent(2);
    for (int t = box.row_begin; t < box.row_end; ++t) {
        float* out = args.out.row(0, t);
        for (int j = box.col_begin; j < box.col_end;) {
            const int h = j / d_head;
            const int end = std::min((h + 1) * d_head, box.col_end);
            const float* z = args.operands[0].block.row(h, t);
            std::copy(z + (j - h * d_head), z + (end - h * d_head), out + j);
            j = end;
        }
    }
}

void explain_merge_heads(const ExplainArgs& args, Explanation& out) {
    const Node& z = args.reader.graph().node(args.node.operands[0].id);
    const int d_head = z.shape.extent(2);
    const int j = args.index[1];
    out.terms.push_back(whole_term(args.node_cell(0, {j / d_head, args.index[0], j % d_head})));
}

}  // namespace heed
