// Scaled dot-product attention without its softmax (Vaswani et al. 2017, section 3.2.1), step by
// step.
#include <fmt/format.h>

#include <limits>

#include "core/ops/kernels.h"
#include "core/ops/product.h"

namespace heed {

void run_matmul_nt(const KernelArgs& args, const Box& box) {
    const int d_head = args.operand_shape(0).extent(2);
    const Block& q = args.operands[0].block;
    const Block& k = args.operands[1].block;
    for (int h = box.outer_begin; h < box.outer_end; ++h) {
        const int kv = h / args.node.attributes.group;
        multiply({q.row(h, box.row_begin), q.row_stride, box.rows(), d_head},
                 {k.row(kv, box.col_begin), 1, k.row_stride, box.cols()}, {},
                 args.out.row(h, box.row_begin) + box.col_begin,
                 args.out.row_stride);  // [T,K][K,S] -> [T,S]
    }
}

void explain_matmul_nt(const ExplainArgs& args, Explanation& out) {
    const int h = args.index[0];
    const int kv = h / args.node.attributes.group;
    const Node& q = args.reader.graph().node(args.node.operands[0].id);
    for (int k = 0; k < q.shape.extent(2); ++k) {
        out.terms.push_back(product_term(args.node_cell(0, {h, args.index[1], k}),
                                         args.node_cell(1, {kv, args.index[2], k})));
    }
}

void run_scale(const KernelArgs& args, const Box& box) {
    const float factor = args.node.attributes.scale;
    for (int h = box.outer_begin; h < box.outer_end; ++h) {
        for (int t = box.row_begin; t < box.row_end; ++t) {
            const float* in = args.operands[0].block.row(h, t);
            float* out = args.out.row(h, t);
            for (int s = box.col_begin; s < box.col_end; ++s) out[s] = in[s] * factor;
        }
    }
}

void explain_scale(const ExplainArgs& args, Explanation& out) {
    Term term;
    term.cell = args.node_cell(0, args.index);
    term.times = Factor{std::nullopt, args.node.attributes.scale_text,
                        static_cast<double>(args.node.attributes.scale)};
    term.contribution = static_cast<double>(term.cell.value) * term.times->value;
    out.terms.push_back(std::move(term));
}

void run_mask(const KernelArgs& args, const Box& box) {
    for (int h = box.outer_begin; h < box.outer_end; ++h) {
        for (int t = box.row_begin; t < box.row_end; ++t) {
            const float* in = args.operands[0].block.row(h, t);
            float* out = args.out.row(h, t);
            for (int s = box.col_begin; s < box.col_end; ++s) {
                out[s] = mask_allows(args.node.attributes, t, s)
                             ? in[s]
                             : -std::numeric_limits<float>::infinity();
            }
        }
    }
}

void explain_mask(const ExplainArgs& args, Explanation& out) {
    const int t = args.index[1];
    const int s = args.index[2];
    Cell cell = args.node_cell(0, args.index);
    if (mask_allows(args.node.attributes, t, s)) {
        out.terms.push_back(whole_term(std::move(cell)));
        return;
    }
    out.how = How::kFunction;
    out.steps = {{fmt::format("query {} may not see key {}", t, s),
                  -std::numeric_limits<double>::infinity()}};
    out.numbers = fmt::format("-inf in place of {}", format_value(static_cast<double>(cell.value)));
    Term term;
    term.cell = std::move(cell);
    out.terms.push_back(std::move(term));
}

void run_matmul(const KernelArgs& args, const Box& box) {
    const int keys = args.operand_shape(0).extent(2);
    const Block& pattern = args.operands[0].block;
    const Block& v = args.operands[1].block;
    for (int h = box.outer_begin; h < box.outer_end; ++h) {
        const int kv = h / args.node.attributes.group;
        multiply({pattern.row(h, box.row_begin), pattern.row_stride, box.rows(), keys},
                 {v.row(kv, 0) + box.col_begin, v.row_stride, 1, box.cols()}, {},
                 args.out.row(h, box.row_begin) + box.col_begin,
                 args.out.row_stride);  // [T,S][S,K] -> [T,K]
    }
}

void explain_matmul(const ExplainArgs& args, Explanation& out) {
    const int h = args.index[0];
    const int kv = h / args.node.attributes.group;
    const Node& pattern = args.reader.graph().node(args.node.operands[0].id);
    for (int s = 0; s < pattern.shape.extent(2); ++s) {
        out.terms.push_back(product_term(args.node_cell(0, {h, args.index[1], s}),
                                         args.node_cell(1, {kv, s, args.index[2]})));
    }
}

}  // namespace heed
