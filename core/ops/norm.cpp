// Layer normalisation (Ba, Kiros, Hinton 2016) and its form without a mean (Zhang, Sennrich 2019).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/ops/kernels.h"
#include "core/ops/rows.h"

namespace heed {
namespace {

Vec load_weight(const OperandValue& weight, int count, int at) {
    const WeightView& view = *weight.view;
    const float* values = weight.values + view.offset;
    if (view.strides[0] == 1) return load_part(values, count, at, 0);
    float part[kLanes] = {};
    for (int i = at; i < std::min(count, at + kLanes); ++i) {
        part[i - at] = values[i * view.strides[0]];
    }
    return load_vec(part);
}

void normalise_row(const KernelArgs& args, const float* x, float* out) {
    const int cols = args.node.shape.extent(-1);
    const auto count = static_cast<float>(cols);
    const float mean = sum_row(x, cols, 0, [](const Vec& part) { return part; }) / count;
    const auto square = [mean](const Vec& part) { return (part - mean) * (part - mean); };
    const float variance = sum_row(x, cols, mean, square) / count;
    const float inverse = 1.0F / std::sqrt(variance + args.node.attributes.epsilon);
    for (int at = 0; at < cols; at += kLanes) {
        Vec y = (load_part(x, cols, at, mean) - mean) * inverse;
        if (args.operands.size() > 1) y = y * load_weight(args.operands[1], cols, at);
        if (args.operands.size() > 2) y = y + load_weight(args.operands[2], cols, at);
        store_part(y, out, cols, at);
    }
}

void scale_row_by_rms(const KernelArgs& args, const float* x, float* out) {
    const int cols = args.node.shape.extent(-1);
    const auto square = [](const Vec& part) { return part * part; };
    const float mean_square = sum_row(x, cols, 0, square) / static_cast<float>(cols);
    const float inverse = 1.0F / std::sqrt(mean_square + args.node.attributes.epsilon);
    for (int at = 0; at < cols; at += kLanes) {
        Vec y = load_part(x, cols, at, 0) * inverse;
        if (args.operands.size() > 1) {
            y = y * (load_weight(args.operands[1], cols, at) + args.node.attributes.weight_offset);
        }
        store_part(y, out, cols, at);
    }
}

}  // namespace

void run_layer_norm(const KernelArgs& args, const Box& box) {
    for (int h = box.outer_begin; h < box.outer_end; ++h) {
        for (int t = box.row_begin; t < box.row_end; ++t) {
            normalise_row(args, args.operands[0].block.row(h, t), args.out.row(h, t));
        }
    }
}

void explain_layer_norm(const ExplainArgs& args, Explanation& out) {
    const int cols = args.node.shape.extent(-1);
    const int own = args.index.back();
    std::vector<int> at = args.index;
    double mean = 0;
    for (int d = 0; d < cols; ++d) {
        at.back() = d;
        Term term;
        term.cell = args.node_cell(0, at);
        mean += static_cast<double>(term.cell.value) / cols;
        out.terms.push_back(std::move(term));
    }
    double variance = 0;
    for (const Term& term : out.terms) {
        const double distance = static_cast<double>(term.cell.value) - mean;
        variance += distance * distance / cols;
    }
    const double deviation =
        std::sqrt(variance + static_cast<double>(args.node.attributes.epsilon));
    const double x = static_cast<double>(out.terms[static_cast<std::size_t>(own)].cell.value);
    const double normalised = (x - mean) / deviation;
    out.how = How::kFunction;
    out.steps = {{"mean", mean}, {"variance", variance}, {"normalised", normalised}};
    out.numbers =
        fmt::format("({} - {}) / {}", format_value(x), format_value(mean), format_value(deviation));
    double value = normalised;
    for (int i = 1; i < static_cast<int>(args.node.operands.size()); ++i) {
        Term term;
        term.cell = args.weight_cell(i, {own});
        const double weight = static_cast<double>(term.cell.value);
        value = i == 1 ? value * weight : value + weight;
        out.steps.push_back({i == 1 ? "scaled" : "shifted", value});
        out.numbers += (i == 1 ? " * " : " + ") + format_value(weight);
        out.terms.push_back(std::move(term));
    }
    out.numbers = format_value(value) + " = " + out.numbers;
}

void run_rms_norm(const KernelArgs& args, const Box& box) {
    for (int h = box.outer_begin; h < box.outer_end; ++h) {
        for (int t = box.row_begin; t < box.row_end; ++t) {
            scale_row_by_rms(args, args.operands[0].block.row(h, t), args.out.row(h, t));
        }
    }
}

void explain_rms_norm(const ExplainArgs& args, Explanation& out) {
    const int cols = args.node.shape.extent(-1);
    const int own = args.index.back();
    std::vector<int> at = args.index;
    double mean_square = 0;
    for (int d = 0; d < cols; ++d) {
        at.back() = d;
        Term term;
        term.cell = args.node_cell(0, at);
        const double x = static_cast<double>(term.cell.value);
        mean_square += x * x / cols;
        out.terms.push_back(std::move(term));
    }
    const double root = std::sqrt(mean_square + static_cast<double>(args.node.attributes.epsilon));
    const double x = static_cast<double>(out.terms[static_cast<std::size_t>(own)].cell.value);
    out.how = How::kFunction;
    out.steps = {{"mean square", mean_square}, {"root", root}, {"normalised", x / root}};
    out.numbers = fmt::format("{} / {}", format_value(x), format_value(root));
    double value = x / root;
    if (args.node.operands.size() > 1) {
        Term term;
        term.cell = args.weight_cell(1, {own});
        const double weight = static_cast<double>(term.cell.value);
        const double offset = static_cast<double>(args.node.attributes.weight_offset);
        value *= weight + offset;
        out.steps.push_back({"scaled", value});
        out.numbers +=
            offset == 0 ? " * " + format_value(weight)
                        : fmt::format(" * ({} + {})", format_value(offset), format_value(weight));
        out.terms.push_back(std::move(term));
    }
    out.numbers = format_value(value) + " = " + out.numbers;
}

}  // namespace heed
