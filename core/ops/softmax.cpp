// Rows turned into weights: softmax, and division by the sum for attention on paper.
#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "core/base/error.h"
#include "core/ops/kernels.h"
#include "core/ops/rows.h"
#include "core/ops/vector_math.h"

namespace heed {
namespace {

bool is_allowed(float score) {
    return score != -std::numeric_limits<float>::infinity();
}

// exp(score - largest) over its sum. Masked cells are 0 exactly, as exp_vec(-inf) is.
void softmax_row(const float* scores, float* out, int count) {
    const float row_max = max_row(scores, count);
    if (!is_allowed(row_max)) {
        std::fill(out, out + count, 0.0F);
        return;
    }
    map_row(scores, out, count, [row_max](const Vec& x) { return exp_vec(x - row_max); });
    const float sum = sum_row(out, count, 0, [](const Vec& x) { return x; });
    map_row(out, out, count, [sum](const Vec& x) { return x / sum; });
}

std::vector<int> with_last(std::vector<int> index, int last) {
    index.back() = last;
    return index;
}

}  // namespace

void run_softmax(const KernelArgs& args, const Box& box) {
    const int cols = args.node.shape.extent(-1);
    for (int h = box.outer_begin; h < box.outer_end; ++h) {
        for (int t = box.row_begin; t < box.row_end; ++t) {
            softmax_row(args.operands[0].block.row(h, t), args.out.row(h, t), cols);
        }
    }
}

void explain_softmax(const ExplainArgs& args, Explanation& out) {
    const int cols = args.node.shape.extent(-1);
    double row_max = -std::numeric_limits<double>::infinity();
    for (int s = 0; s < cols; ++s) {
        Term term;
        term.cell = args.node_cell(0, with_last(args.index, s));
        row_max = std::max(row_max, static_cast<double>(term.cell.value));
        out.terms.push_back(std::move(term));
    }
    out.how = How::kFunction;
    out.steps.push_back({"row max", row_max});
    double sum = 0;
    double own = 0;
    for (int s = 0; s < cols; ++s) {
        const double score = static_cast<double>(out.terms[static_cast<std::size_t>(s)].cell.value);
        const double exponential = std::isinf(score) ? 0 : std::exp(score - row_max);
        if (s == args.index.back()) own = exponential;
        sum += exponential;
        out.steps.push_back({fmt::format("exp[{}]", s), exponential});
    }
    const double value = sum > 0 ? own / sum : 0;
    out.steps.push_back({"sum", sum});
    out.steps.push_back({"exp / sum", value});
    const double score =
        static_cast<double>(out.terms[static_cast<std::size_t>(args.index.back())].cell.value);
    out.numbers =
        fmt::format("{} = exp({} - {}) / {} = {} / {}", format_value(value), format_value(score),
                    format_value(row_max), format_value(sum), format_value(own), format_value(sum));
}

void run_normalise_sum(const KernelArgs& args, const Box& box) {
    const int cols = args.node.shape.extent(-1);
    for (int h = box.outer_begin; h < box.outer_end; ++h) {
        for (int t = box.row_begin; t < box.row_end; ++t) {
            const float* in = args.operands[0].block.row(h, t);
            float* out = args.out.row(h, t);
            double sum = 0;
            for (int s = 0; s < cols; ++s) {
                if (is_allowed(in[s])) sum += static_cast<double>(in[s]);
            }
            if (sum == 0) {
                throw Error(args.node.name, fmt::format("row {} of head {}", t, h),
                            "scores whose sum is not 0", "a sum of 0");
            }
            for (int s = 0; s < cols; ++s) {
                out[s] =
                    is_allowed(in[s]) ? static_cast<float>(static_cast<double>(in[s]) / sum) : 0.0F;
            }
        }
    }
}

void explain_normalise_sum(const ExplainArgs& args, Explanation& out) {
    const int cols = args.node.shape.extent(-1);
    double sum = 0;
    for (int s = 0; s < cols; ++s) {
        Term term;
        term.cell = args.node_cell(0, with_last(args.index, s));
        if (is_allowed(term.cell.value)) sum += static_cast<double>(term.cell.value);
        out.terms.push_back(std::move(term));
    }
    const float own = out.terms[static_cast<std::size_t>(args.index.back())].cell.value;
    const double value = is_allowed(own) ? static_cast<double>(own) / sum : 0;
    out.how = How::kFunction;
    out.steps = {{"sum", sum}, {"score / sum", value}};
    out.numbers = fmt::format("{} = {} / {}", format_value(value),
                              format_value(static_cast<double>(own)), format_value(sum));
}

}  // namespace heed
