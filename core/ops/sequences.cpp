// Where rows of a sequence come from: other sequences, learned rows, patches of a picture
// (Dosovitskiy et al. 2021), nothing at all (an empty memory, Dai et al. 2019).
#include <fmt/format.h>

#include <algorithm>

#include "core/base/check.h"
#include "core/ops/kernels.h"

namespace heed {
namespace {

int rows_of(const Graph& graph, const Operand& operand) {
    return operand.kind == OperandKind::kWeight ? graph.weight(operand.id).shape.extent(0)
                                                : graph.node(operand.id).shape.extent(0);
}

// Which operand row `t` of the whole is from, and its row there.
struct Place {
    int operand = 0;
    int row = 0;
};

Place find_place(const Graph& graph, const Node& node, int t) {
    Place place{0, t};
    for (const Operand& operand : node.operands) {
        const int rows = rows_of(graph, operand);
        if (place.row < rows) return place;
        place.row -= rows;
        ++place.operand;
    }
    report_bug(__FILE__, __LINE__, "a row beyond those of the operands of " + node.name);
}

// Where column `i` of patch `n` lies in the picture [C, Y, X].
std::vector<int> pixel_index(const Shape& picture, const PatchSize& patch, int n, int i) {
    const int columns = picture.extent(2) / patch.width;
    const int channel = i / (patch.height * patch.width);
    const int y = n / columns * patch.height + i / patch.width % patch.height;
    const int x = n % columns * patch.width + i % patch.width;
    return {channel, y, x};
}

}  // namespace

void run_concat_rows(const KernelArgs& args, const Box& box) {
    for (int t = box.row_begin; t < box.row_end; ++t) {
        const Place place = find_place(args.graph, args.node, t);
        const OperandValue& source = args.operands[static_cast<std::size_t>(place.operand)];
        float* out = args.out.row(0, t);
        if (source.kind == OperandKind::kNode) {
            const float* in = source.block.row(0, place.row);
            std::copy(in + box.col_begin, in + box.col_end, out + box.col_begin);
            continue;
        }
        const WeightView& view = *source.view;
        const float* in = source.values + view.offset + place.row * view.strides[0];
        for (int d = box.col_begin; d < box.col_end; ++d) out[d] = in[d * view.strides[1]];
    }
}

void explain_concat_rows(const ExplainArgs& args, Explanation& out) {
    const Place place = find_place(args.reader.graph(), args.node, args.index[0]);
    const auto& operand = args.node.operands[static_cast<std::size_t>(place.operand)];
    const std::vector<int> at = {place.row, args.index[1]};
    out.terms.push_back(whole_term(operand.kind == OperandKind::kNode
                                       ? args.node_cell(place.operand, at)
                                       : args.weight_cell(place.operand, at)));
}

void run_concat_columns(const KernelArgs& args, const Box& box) {
    for (int t = box.row_begin; t < box.row_end; ++t) {
        float* out = args.out.row(0, t);
        int first = 0;
        for (std::size_t i = 0; i < args.operands.size(); ++i) {
            const int width = args.operand_shape(static_cast<int>(i)).extent(1);
            const float* in = args.operands[i].block.row(0, t);
            const int begin = std::max(box.col_begin, first);
            const int end = std::min(box.col_end, first + width);
            if (begin < end) std::copy(in + (begin - first), in + (end - first), out + begin);
            first += width;
        }
    }
}

void explain_concat_columns(const ExplainArgs& args, Explanation& out) {
    int column = args.index[1];
    int operand = 0;
    for (const Operand& source : args.node.operands) {
        const int width = args.reader.graph().node(source.id).shape.extent(1);
        if (column < width) break;
        column -= width;
        ++operand;
    }
    out.terms.push_back(whole_term(args.node_cell(operand, {args.index[0], column})));
}

void run_take_rows(const KernelArgs& args, const Box& box) {
    for (int t = box.row_begin; t < box.row_end; ++t) {
        const float* in = args.operands[0].block.row(0, t + args.node.attributes.offset);
        std::copy(in + box.col_begin, in + box.col_end, args.out.row(0, t) + box.col_begin);
    }
}

void explain_take_rows(const ExplainArgs& args, Explanation& out) {
    const int row = args.index[0] + args.node.attributes.offset;
    out.terms.push_back(whole_term(args.node_cell(0, {row, args.index[1]})));
}

void run_pick_row(const KernelArgs& args, const Box& box) {
    const float* in = args.operands[0].block.row(0, args.operands[1].ids[0]);
    std::copy(in + box.col_begin, in + box.col_end, args.out.row(0, 0) + box.col_begin);
}

void explain_pick_row(const ExplainArgs& args, Explanation& out) {
    Cell row = args.input_cell(1, {0});
    Term term = whole_term(args.node_cell(0, {static_cast<int>(row.value), args.index[0]}));
    term.chosen_by = std::move(row);
    out.terms.push_back(std::move(term));
}

void run_mean_rows(const KernelArgs& args, const Box& box) {
    const int rows = args.operand_shape(0).extent(0);
    float* out = args.out.row(0, 0);
    for (int d = box.col_begin; d < box.col_end; ++d) {
        double sum = 0;
        for (int t = 0; t < rows; ++t)
            sum += static_cast<double>(args.operands[0].block.row(0, t)[d]);
        out[d] = static_cast<float>(sum / rows);
    }
}

void explain_mean_rows(const ExplainArgs& args, Explanation& out) {
    const int rows = args.reader.graph().node(args.node.operands[0].id).shape.extent(0);
    for (int t = 0; t < rows; ++t) {
        Term term;
        term.cell = args.node_cell(0, {t, args.index[0]});
        term.times = Factor{std::nullopt, "1 / " + std::to_string(rows), 1.0 / rows};
        term.contribution = static_cast<double>(term.cell.value) * term.times->value;
        out.terms.push_back(std::move(term));
    }
}

void run_zeros(const KernelArgs& args, const Box& box) {
    for (int t = box.row_begin; t < box.row_end; ++t) {
        float* out = args.out.row(0, t);
        std::fill(out + box.col_begin, out + box.col_end, 0.0F);
    }
}

void explain_zeros(const ExplainArgs& /*args*/, Explanation& out) {
    out.how = How::kFunction;
    out.steps = {{"an empty memory", 0}};
    out.numbers = "0: there is nothing before the first segment";
}

void run_patches(const KernelArgs& args, const Box& box) {
    const Shape picture = args.graph.input_shape(args.node.operands[0].id);
    const PatchSize& patch = args.node.attributes.patch;
    const int lines = picture.extent(0) * patch.height;  // of a patch, in all channels
    const std::vector<int> extents = picture.extents();
    for (int n = box.row_begin; n < box.row_end; ++n) {
        float* out = args.out.row(0, n);
        for (int line = 0; line < lines; ++line) {
            const std::vector<int> at = pixel_index(picture, patch, n, line * patch.width);
            const float* in = args.operands[0].numbers.data() + flat_index(extents, at);
            std::copy(in, in + patch.width, out + line * patch.width);
        }
    }
}

void explain_patches(const ExplainArgs& args, Explanation& out) {
    const Shape picture = args.reader.graph().input_shape(args.node.operands[0].id);
    const PatchSize& patch = args.node.attributes.patch;
    out.terms.push_back(
        whole_term(args.input_cell(0, pixel_index(picture, patch, args.index[0], args.index[1]))));
}

}  // namespace heed
