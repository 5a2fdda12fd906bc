// Products with weight matrices: y = x W + b.
#include <vector>

#include "core/base/check.h"
#include "core/ops/kernels.h"
#include "core/tensor/matrix.h"

namespace heed {
namespace {

// Columns of a weight as a matrix: entry (i, o) lies at data[i * in_stride + o * out_stride].
struct WeightColumns {
    const float* data = nullptr;
    std::ptrdiff_t in_stride = 0;
    std::ptrdiff_t out_stride = 0;
    int in = 0;
    int out = 0;
};

// product_TO = x_TI * w_IO                                                  // [T,I][I,O] -> [T,O]
void multiply(const ConstMatrixMap& x_TI, const WeightColumns& w, MatrixRM& product_TO) {
    if (w.out_stride == 1) {
        const ConstMatrixMap w_IO(w.data, w.in, w.out, Eigen::OuterStride<>(w.in_stride));
        product_TO.noalias() = x_TI * w_IO;  // [T,I][I,O] -> [T,O]
        return;
    }
    if (w.in_stride == 1) {
        const ConstMatrixMap w_OI(w.data, w.out, w.in, Eigen::OuterStride<>(w.out_stride));
        product_TO.noalias() = x_TI * w_OI.transpose();  // [T,I][I,O] -> [T,O]
        return;
    }
    MatrixRM w_IO(w.in, w.out);
    for (int i = 0; i < w.in; ++i) {
        for (int o = 0; o < w.out; ++o) w_IO(i, o) = w.data[i * w.in_stride + o * w.out_stride];
    }
    product_TO.noalias() = x_TI * w_IO;  // [T,I][I,O] -> [T,O]
}

// One product for heads [outer_begin, outer_end), where they follow each other at even distances.
bool heads_are_even(const WeightView& view, const Box& box) {
    if (view.shape.rank() == 2 || box.outers() == 1) return true;
    return view.strides[1] == view.strides[2] * view.shape.extent(2);
}

WeightColumns columns_of(const OperandValue& weight, int head_begin, int head_end, int col_begin,
                         int col_end) {
    const WeightView& view = *weight.view;
    const bool has_heads = view.shape.rank() == 3;
    WeightColumns columns;
    columns.in = view.shape.extent(0);
    columns.in_stride = view.strides[0];
    columns.out_stride = view.strides.back();
    columns.out = (head_end - head_begin - 1) * view.shape.extent(-1) + (col_end - col_begin);
    columns.data = weight.values + view.offset + col_begin * columns.out_stride +
                   (has_heads ? head_begin * view.strides[1] : 0);
    return columns;
}

void write_out(const KernelArgs& args, const Box& box, int head_begin, int head_end,
               const MatrixRM& product_TO) {
    const OperandValue* bias = args.operands.size() > 2 ? &args.operands[2] : nullptr;
    for (int h = head_begin; h < head_end; ++h) {
        const int first = (h - head_begin) * box.cols();
        for (int t = box.row_begin; t < box.row_end; ++t) {
            const float* source = product_TO.row(t - box.row_begin).data() + first;
            float* out = args.out.row(h, t);
            if (bias == nullptr) {
                std::copy(source, source + box.cols(), out + box.col_begin);
                continue;
            }
            const WeightView& view = *bias->view;
            const float* b = bias->values + view.offset;
            if (view.shape.rank() == 2) b += h * view.strides[0];
            const std::ptrdiff_t stride = view.strides.back();
            for (int c = box.col_begin; c < box.col_end; ++c) {
                out[c] = source[c - box.col_begin] + b[c * stride];
            }
        }
    }
}

void run_heads(const KernelArgs& args, const Box& box, int head_begin, int head_end) {
    const WeightColumns w =
        columns_of(args.operands[1], head_begin, head_end, box.col_begin, box.col_end);
    const Block& x = args.operands[0].block;
    const ConstMatrixMap x_TI(x.row(0, box.row_begin), box.rows(), w.in,
                              Eigen::OuterStride<>(x.row_stride));
    MatrixRM product_TO(box.rows(), w.out);
    multiply(x_TI, w, product_TO);
    write_out(args, box, head_begin, head_end, product_TO);
}

}  // namespace

void run_linear(const KernelArgs& args, const Box& box) {
    if (heads_are_even(*args.operands[1].view, box)) {
        run_heads(args, box, box.outer_begin, box.outer_end);
        return;
    }
    for (int h = box.outer_begin; h < box.outer_end; ++h) run_heads(args, box, h, h + 1);
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
