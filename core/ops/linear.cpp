// Products with weight matrices: y = x W + b.
#include <vector>

#include "core/ops/kernels.h"
#include "core/ops/product.h"

namespace heed {

// The weight is (I, O) or (I, H, O); a box is computed head by head.
void run_linear(const KernelArgs& args, const Box& box) {
    const OperandValue& weight = args.operands[1];
    const std::vector<std::ptrdiff_t>& strides = weight.view->strides;
    const Block& x = args.operands[0].block;
    const LeftMatrix left = {x.row(0, box.row_begin), x.row_stride, box.rows(),
                             weight.view->shape.extent(0)};
    const bool has_heads = strides.size() == 3;
    for (int h = box.outer_begin; h < box.outer_end; ++h) {
        RightMatrix right = {weight.values + weight.view->offset, strides.front(), strides.back(),
                             box.cols()};
        right.values +=
            box.col_begin * right.col_stride + (has_heads ? weight.view->step(1, h) : 0);
        ColumnBias bias;
        if (args.operands.size() > 2) {
            const OperandValue& operand = args.operands[2];
            bias.stride = operand.view->strides.back();
            bias.values = operand.values + operand.view->offset + box.col_begin * bias.stride +
                          (has_heads ? operand.view->step(0, h) : 0);
        }
        multiply(left, right, bias, args.out.row(h, box.row_begin) + box.col_begin,
                 args.out.row_stride);  // [T,I][I,O] -> [T,O]
    }
}

void explain_linear(const ExplainArgs& args, Explanation& out) {
    const Graph& graph = args.reader.graph();
    const WeightView& weight = graph.weight(args.node.operands[1].id);
    const Shape& x = graph.node(args.node.operands[0].id).shape;
    const bool has_heads = weight.shape.rank() == 3;
    std::vector<int> out_index = {args.index.back()};
    if (has_heads) out_index.insert(out_index.begin(), args.index.front());
    std::vector<int> x_index;
    if (x.rank() == 2) x_index.push_back(args.index[has_heads ? 1 : 0]);
    x_index.push_back(0);
    std::vector<int> w_index = {0};
    w_index.insert(w_index.end(), out_index.begin(), out_index.end());
    for (int i = 0; i < x.extent(-1); ++i) {
        x_index.back() = i;
        w_index.front() = i;
        out.terms.push_back(product_term(args.node_cell(0, x_index), args.weight_cell(1, w_index)));
    }
    if (args.node.operands.size() > 2) {
        out.terms.push_back(whole_term(args.weight_cell(2, out_index)));
    }
}

}  // namespace heed
