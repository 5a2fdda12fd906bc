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

// One cell of a table of waves: sine or cosine of position / 10000^(2 pair / width).
struct Wave {
    int position = 0;
    int pair = 0;
    bool is_sine = true;
    double divisor = 1;

    double angle() const { return position / divisor; }
    double value() const { return is_sine ? std::sin(angle()) : std::cos(angle()); }
};

Wave find_wave(const Node& node, int row, int column) {
    const SinusoidRule& rule = node.attributes.sinusoid;
    const int width = node.shape.extent(1);
    const int sines = (width + 1) / 2;
    Wave wave;
    wave.position = rule.position(row);
    wave.is_sine = rule.has_halves ? column < sines : column % 2 == 0;
    wave.pair = column / 2;
    if (rule.has_halves) wave.pair = wave.is_sine ? column : column - sines;
    wave.divisor = std::pow(10000.0, 2.0 * wave.pair / width);
    return wave;
}

}  // namespace

void run_gather(const KernelArgs& args, const Box& box) {
    for (int t = box.row_begin; t < box.row_end; ++t) {
        const int id = args.operands[1].ids[static_cast<std::size_t>(t)];
        copy_table_row(args.operands[0], id, box, args.out.row(0, t));
    }
}

void explain_gather(const ExplainArgs& args, Explanation& out) {
    Cell id = args.input_cell(1, {args.index[0]});
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
    for (int t = box.row_begin; t < box.row_end; ++t) {
        float* row = args.out.row(0, t);
        for (int d = box.col_begin; d < box.col_end; ++d) {
            row[d] = static_cast<float>(find_wave(args.node, t, d).value());
        }
    }
}

void explain_sinusoid(const ExplainArgs& args, Explanation& out) {
    const Wave wave = find_wave(args.node, args.index[0], args.index[1]);
    const char* function = wave.is_sine ? "sin" : "cos";
    const std::string power =
        fmt::format("10000^({}/{})", 2 * wave.pair, args.node.shape.extent(1));
    out.how = How::kFunction;
    out.steps = {{"position", static_cast<double>(wave.position)},
                 {power, wave.divisor},
                 {"angle", wave.angle()},
                 {function, wave.value()}};
    out.numbers =
        fmt::format("{} = {}({} / {})", format_value(wave.value()), function, wave.position, power);
}

}  // namespace heed
