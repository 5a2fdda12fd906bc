// Gated feed-forward (Shazeer 2020) and soft caps (Gemma 2).
#include <fmt/format.h>

#include <cmath>

#include "core/ops/kernels.h"
#include "core/ops/rows.h"
#include "core/ops/vector_math.h"

namespace heed {

void run_gate(const KernelArgs& args, const Box& box) {
    for (int h = box.outer_begin; h < box.outer_end; ++h) {
        for (int t = box.row_begin; t < box.row_end; ++t) {
            const float* gate = args.operands[0].block.row(h, t) + box.col_begin;
            const float* up = args.operands[1].block.row(h, t) + box.col_begin;
            float* out = args.out.row(h, t) + box.col_begin;
            activate_row(args.node.attributes.activation, gate, out, box.cols());
            for (int i = 0; i < box.cols(); ++i) out[i] *= up[i];
        }
    }
}

void explain_gate(const ExplainArgs& args, Explanation& out) {
    Term gate;
    gate.cell = args.node_cell(0, args.index);
    Term up;
    up.cell = args.node_cell(1, args.index);
    const double x = static_cast<double>(gate.cell.value);
    const double factor = static_cast<double>(up.cell.value);
    out.how = How::kFunction;
    out.steps = activation_steps(args.node.attributes.activation, x);
    const double value = out.steps.back().value * factor;
    out.steps.push_back({"times " + format_value(factor), value});
    out.numbers = fmt::format("{} = {}({}) * {}", format_value(value),
                              activation_name(args.node.attributes.activation), format_value(x),
                              format_value(factor));
    out.terms = {std::move(gate), std::move(up)};
}

void run_soft_cap(const KernelArgs& args, const Box& box) {
    const float cap = args.node.attributes.cap;
    for (int h = box.outer_begin; h < box.outer_end; ++h) {
        for (int t = box.row_begin; t < box.row_end; ++t) {
            const float* in = args.operands[0].block.row(h, t) + box.col_begin;
            map_row(in, args.out.row(h, t) + box.col_begin, box.cols(),
                    [cap](const Vec& x) { return cap * tanh_vec(x / cap); });
        }
    }
}

void explain_soft_cap(const ExplainArgs& args, Explanation& out) {
    Term term;
    term.cell = args.node_cell(0, args.index);
    const double cap = static_cast<double>(args.node.attributes.cap);
    const double x = static_cast<double>(term.cell.value);
    const double share = std::tanh(x / cap);
    out.how = How::kFunction;
    out.steps = {{"x / cap", x / cap}, {"tanh", share}, {"times cap", cap * share}};
    out.numbers = fmt::format("{} = {} * tanh({} / {})", format_value(cap * share),
                              format_value(cap), format_value(x), format_value(cap));
    out.terms.push_back(std::move(term));
}

}  // namespace heed
