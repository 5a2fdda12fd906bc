// Rows of tables: token, type and position embeddings, and the sinusoidal table that is computed.
#include <fmt/format.h>

#include <cmath>

#include "core/base/check.h"
#include "core/ops/kernels.h"

namespace heed {
namespace {

void copy_table_row(const OperandValue& table, int row, const Box& box, float* out) {
    const WeightView& view = *table.view;
    const float* source = table.values + view.offset + row * view.strides[0];
    for (int d = box.col_begin; d < box.col_end; ++d) out[d] = source[d * view.strides[1]];
}

// Angle of column `i` at `position`: position / 10000^(2 floor(i / 2) / width).
double sinusoid_angle(int position, int column, int width) {
    const double exponent = 2.0 * (column / 2) / width;
    return position / std::pow(10000.0, exponent);
}

}  // namespace

void run_gather(const KernelArgs& args, const Box& box) {
    for (int t = box.row_begin; t < box.row_end; ++t) {
        const int id = args.operands[1].ids[static_cast<std::size_t>(t)];
        copy_table_row(args.operands[0], id, box, args.out.row(0, t));
    }
}

void explain_gather(const ExplainArgs& args, Explanation& out) {
    Cell id = args.input_cell(1, args.index[0]);
    Term term = whole_term(args.weight_cell(0, {static_cast<int>(id.value), args.index[1]}));
    term.chosen_by = std::move(id);
    out.terms.push_back(std::move(term));
}

void run_table_rows(const KernelArgs& args, const Box& box) {
    for (int t = box.row_begin; t < box.row_end; ++t) {
        copy_table_row(args.operands[0], t + args.node.attributes.offset, box, args.out.row(0, t));
    }
}

void explain_table_rows(const ExplainArgs& args, Explanation& out) {
    const int row = args.index[0] + args.node.attributes.offset;
    out.terms.push_back(whole_term(args.weight_cell(0, {row, args.index[1]})));
}

void run_sinusoid(const KernelArgs& args, const Box& box) {
    const int width = args.node.shape.extent(1);
    for (int t = box.row_begin; t < box.row_end; ++t) {
        float* row = args.out.row(0, t);
        for (int d = box.col_begin; d < box.col_end; ++d) {
            const double angle = sinusoid_angle(t, d, width);
            row[d] = static_cast<float>(d % 2 == 0 ? std::sin(angle) : std::cos(angle));
        }
    }
}

void explain_sinusoid(const ExplainArgs& args, Explanation& out) {
    const int position = args.index[0];
    const int column = args.index[1];
    const int width = args.node.shape.extent(1);
    const double angle = sinusoid_angle(position, column, width);
    const char* function = column % 2 == 0 ? "sin" : "cos";
    const double value = column % 2 == 0 ? std::sin(angle) : std::cos(angle);
    out.how = How::kFunction;
    out.steps = {{"position", static_cast<double>(position)},
                 {fmt::format("10000^({}/{})", 2 * (column / 2), width),
                  std::pow(10000.0, 2.0 * (column / 2) / width)},
                 {"angle", angle},
                 {function, value}};
    out.numbers = fmt::format("{} = {}({} / 10000^({}/{}))", format_value(value), function,
                              position, 2 * (column / 2), width);
}

}  // namespace heed
