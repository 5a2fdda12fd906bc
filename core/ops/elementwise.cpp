// Ops that treat each cell by itself: sums of nodes, names, rows, activations.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/check.h"
#include "core/ops/kernels.h"
#include "core/ops/rows.h"
#include "core/ops/vector_math.h"

namespace heed {
namespace {

// gelu's tanh form (Hendrycks, Gimpel 2016, section 2) in terms of the logistic function:
// (1 + tanh(u)) / 2 = sigmoid(2 u), which keeps its digits far below 0.
Vec gelu_tanh_share(const Vec& x) {
    constexpr float kSqrtTwoOverPi = 0.79788456080286536F;
    constexpr float kCubic = 0.044715F;
    return sigmoid_vec((2 * kSqrtTwoOverPi) * (x + kCubic * (x * x * x)));
}

Vec activate(Activation activation, const Vec& x) {
    switch (activation) {
        case Activation::kGeluErf:
            return x * normal_share_vec(x);
        case Activation::kGeluTanh:
            return x * gelu_tanh_share(x);
        case Activation::kRelu:
            return x < 0.0F ? Vec{} : x;
        case Activation::kSilu:
            return x * sigmoid_vec(x);
        case Activation::kTanh:
            return tanh_vec(x);
        case Activation::kQuickGelu:
            return x * sigmoid_vec(1.702F * x);
        case Activation::kSigmoid:
            return sigmoid_vec(x);
    }
    report_bug(__FILE__, __LINE__, "an activation that does not exist");
}

double sigmoid(double x) {
    return 1 / (1 + std::exp(-x));
}

}  // namespace

std::vector<Step> activation_steps(Activation activation, double x) {
    switch (activation) {
        case Activation::kGeluErf: {
            const double share = 0.5 * (1 + std::erf(x * std::sqrt(0.5)));
            return {{"(1 + erf(x / sqrt(2))) / 2", share}, {"x times it", x * share}};
        }
        case Activation::kGeluTanh: {
            const double inner = std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x);
            const double share = 0.5 * (1 + std::tanh(inner));
            return {{"u = sqrt(2 / pi) (x + 0.044715 x^3)", inner},
                    {"(1 + tanh(u)) / 2", share},
                    {"x times it", x * share}};
        }
        case Activation::kRelu:
            return {{"max(0, x)", std::max(0.0, x)}};
        case Activation::kSilu:
            return {{"sigmoid(x)", sigmoid(x)}, {"x times it", x * sigmoid(x)}};
        case Activation::kTanh:
            return {{"tanh(x)", std::tanh(x)}};
        case Activation::kQuickGelu:
            return {{"sigmoid(1.702 x)", sigmoid(1.702 * x)},
                    {"x times it", x * sigmoid(1.702 * x)}};
        case Activation::kSigmoid:
            return {{"sigmoid(x)", sigmoid(x)}};
    }
    report_bug(__FILE__, __LINE__, "an activation that does not exist");
}

void activate_row(Activation activation, const float* in, float* out, int count) {
    map_row(in, out, count, [activation](const Vec& x) { return activate(activation, x); });
}

void run_alias(const KernelArgs& args, const Box& box) {
    for (int h = box.outer_begin; h < box.outer_end; ++h) {
        for (int t = box.row_begin; t < box.row_end; ++t) {
            const float* in = args.operands[0].block.row(h, t);
            std::copy(in + box.col_begin, in + box.col_end, args.out.row(h, t) + box.col_begin);
        }
    }
}

void explain_alias(const ExplainArgs& args, Explanation& out) {
    out.terms.push_back(whole_term(args.node_cell(0, args.index)));
}

void run_add(const KernelArgs& args, const Box& box) {
    for (int h = box.outer_begin; h < box.outer_end; ++h) {
        for (int t = box.row_begin; t < box.row_end; ++t) {
            float* out = args.out.row(h, t);
            const float* first = args.operands[0].block.row(h, t);
            std::copy(first + box.col_begin, first + box.col_end, out + box.col_begin);
            for (std::size_t i = 1; i < args.operands.size(); ++i) {
                const float* in = args.operands[i].block.row(h, t);
                for (int d = box.col_begin; d < box.col_end; ++d) out[d] += in[d];
            }
        }
    }
}

void explain_add(const ExplainArgs& args, Explanation& out) {
    for (std::size_t i = 0; i < args.node.operands.size(); ++i) {
        out.terms.push_back(whole_term(args.node_cell(static_cast<int>(i), args.index)));
    }
}

void run_activation(const KernelArgs& args, const Box& box) {
    const Activation activation = args.node.attributes.activation;
    for (int h = box.outer_begin; h < box.outer_end; ++h) {
        for (int t = box.row_begin; t < box.row_end; ++t) {
            const float* in = args.operands[0].block.row(h, t) + box.col_begin;
            activate_row(activation, in, args.out.row(h, t) + box.col_begin, box.cols());
        }
    }
}

void explain_activation(const ExplainArgs& args, Explanation& out) {
    Term term;
    term.cell = args.node_cell(0, args.index);
    const double x = static_cast<double>(term.cell.value);
    out.how = How::kFunction;
    out.steps = activation_steps(args.node.attributes.activation, x);
    out.numbers = fmt::format("{} = {}({})", format_value(out.steps.back().value),
                              activation_name(args.node.attributes.activation), format_value(x));
    out.terms.push_back(std::move(term));
}

void run_take_row(const KernelArgs& args, const Box& box) {
    const float* in = args.operands[0].block.row(0, args.node.attributes.offset);
    std::copy(in + box.col_begin, in + box.col_end, args.out.row(0, 0) + box.col_begin);
}

void explain_take_row(const ExplainArgs& args, Explanation& out) {
    out.terms.push_back(
        whole_term(args.node_cell(0, {args.node.attributes.offset, args.index[0]})));
}

}  // namespace heed
