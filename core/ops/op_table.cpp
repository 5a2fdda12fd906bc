#include "core/ops/op_table.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "core/base/check.h"
#include "core/ops/kernels.h"

namespace heed {
namespace {

// Why the graphics card has nothing to do.
constexpr const char* kAnotherName = "another name for the same numbers";
constexpr const char* kNotComputed = "read from a file, never computed";

constexpr std::array<OpRow, kOpCount> kTable = {{
    {Op::kGather, "gather", "{out} = {a}", run_gather, explain_gather, "moves.comp", nullptr,
     nullptr, Tiling::kRows, false, false},
    {Op::kTableRows, "table rows", "{out} = {a}", run_table_rows, explain_table_rows, "moves.comp",
     nullptr, nullptr, Tiling::kRows, false, false},
    {Op::kSinusoid, "sinusoid", "{out} = sin or cos({text})", run_sinusoid, explain_sinusoid,
     "moves.comp", nullptr, nullptr, Tiling::kRows, false, false},
    {Op::kAlias, "alias", "{out} = {a}", run_alias, explain_alias, nullptr, kAnotherName, nullptr,
     Tiling::kRows, true, false},
    {Op::kAdd, "add", "{out} = {all}", run_add, explain_add, "cells.comp", nullptr, nullptr,
     Tiling::kRows, true, false},
    {Op::kLayerNorm, "layer norm",
     "{out} = ({a} - mean_{last}) / sqrt(variance_{last} + {text}){affine}", run_layer_norm,
     explain_layer_norm, "rows_norm.comp", nullptr, nullptr, Tiling::kRows, false, false},
    {Op::kLinear, "linear", "{out} = sum_{sum} {a} * {b}{bias}", run_linear, explain_linear,
     "product_tiles.comp", nullptr, nullptr, Tiling::kProduct, false, true},
    {Op::kSplitHeads, "split heads", "{out} = {a}", run_split_heads, explain_split_heads,
     "moves.comp", nullptr, nullptr, Tiling::kRows, false, false},
    {Op::kMergeHeads, "merge heads", "{out} = {a}", run_merge_heads, explain_merge_heads,
     "moves.comp", nullptr, nullptr, Tiling::kRows, false, false},
    {Op::kMatmulNt, "queries times keys", "{out} = sum_{sum} {a} * {b}", run_matmul_nt,
     explain_matmul_nt, "product_tiles.comp", nullptr, nullptr, Tiling::kProduct, false, true},
    {Op::kScale, "scale", "{out} = {a} * ({text})", run_scale, explain_scale, "cells.comp", nullptr,
     nullptr, Tiling::kRows, true, true},
    {Op::kMask, "mask", "{out} = {a}{text}", run_mask, explain_mask, "cells.comp", nullptr, nullptr,
     Tiling::kRows, true, true},
    {Op::kSoftmax, "softmax", "{out} = exp({a} - max_{last}) / sum_{last} exp({a} - max_{last})",
     run_softmax, explain_softmax, "rows_softmax.comp", nullptr, nullptr, Tiling::kRows, true,
     true},
    {Op::kNormaliseSum, "normalise by sum", "{out} = {a} / sum_{last} {a}", run_normalise_sum,
     explain_normalise_sum, "rows_softmax.comp", nullptr, nullptr, Tiling::kRows, true, true},
    {Op::kMatmul, "pattern times values", "{out} = sum_{sum} {a} * {b}", run_matmul, explain_matmul,
     "product_tiles.comp", nullptr, nullptr, Tiling::kProduct, true, false},
    {Op::kActivation, "activation", "{out} = {text}({a})", run_activation, explain_activation,
     "cells.comp", nullptr, nullptr, Tiling::kRows, true, false},
    {Op::kTakeRow, "take a row", "{out} = {a}", run_take_row, explain_take_row, "moves.comp",
     nullptr, nullptr, Tiling::kRows, false, false},
    {Op::kPairSum, "sum of pairs", "{out} = {a} + {b}", run_pair_sum, explain_pair_sum,
     "cells.comp", nullptr, nullptr, Tiling::kRows, false, false},
    {Op::kDotWeight, "product with a vector", "{out} = sum_{sum} {b} * {a}{bias}", run_dot_weight,
     explain_dot_weight, "rows_dot.comp", nullptr, nullptr, Tiling::kRows, false, false},
    {Op::kRecorded, "recorded", "{out}", run_recorded, explain_recorded, nullptr, kNotComputed,
     nullptr, Tiling::kRows, false, false},
    {Op::kRmsNorm, "rms norm", "{out} = {a} / sqrt(mean_{last} {a}^2 + {text}){affine}",
     run_rms_norm, explain_rms_norm, "rows_norm.comp", nullptr, nullptr, Tiling::kRows, false,
     false},
    {Op::kRotary, "rotary",
     "{out} = {a} * cos(t f) + turned({a}) * sin(t f), f = frequency of {last}{text}", run_rotary,
     explain_rotary, "cells.comp", nullptr, nullptr, Tiling::kRows, true, false},
    {Op::kGate, "gate", "{out} = {text}({a}) * {b}", run_gate, explain_gate, "cells.comp", nullptr,
     nullptr, Tiling::kRows, true, false},
    {Op::kSoftCap, "soft cap", "{out} = {text} * tanh({a} / {text})", run_soft_cap,
     explain_soft_cap, "cells.comp", nullptr, nullptr, Tiling::kRows, true, true},
    {Op::kAlibi, "linear bias", "{out} = {a} + slope[h] * s", run_alibi, explain_alibi,
     "cells.comp", nullptr, nullptr, Tiling::kRows, true, true},
    {Op::kBucketBias, "distance bias", "{out} = {a} + {b}", run_bucket_bias, explain_bucket_bias,
     "cells.comp", nullptr, nullptr, Tiling::kRows, true, true},
    {Op::kConcatRows, "rows of several", "{out} = {rows}", run_concat_rows, explain_concat_rows,
     "moves.comp", nullptr, nullptr, Tiling::kRows, false, false},
    {Op::kTakeRows, "take rows", "{out} = {a}", run_take_rows, explain_take_rows, "moves.comp",
     nullptr, nullptr, Tiling::kRows, false, false},
    {Op::kPickRow, "pick a row", "{out} = {a}", run_pick_row, explain_pick_row, "moves.comp",
     nullptr, nullptr, Tiling::kRows, false, false},
    {Op::kZeros, "zeros", "{out} = 0", run_zeros, explain_zeros, "moves.comp", nullptr, nullptr,
     Tiling::kRows, false, false},
    {Op::kPatches, "patches", "{out} = {pixel}", run_patches, explain_patches, "moves.comp",
     nullptr, nullptr, Tiling::kRows, false, false},
    {Op::kHeadBias, "bias of a head", "{out} = {a} + {b}", run_head_bias, explain_head_bias,
     "cells.comp", nullptr, nullptr, Tiling::kRows, true, false},
    {Op::kDistanceDots, "queries times distances", "{out} = sum_{sum} {a} * {b}{text}",
     run_distance_dots, explain_distance_dots, "product_distances.comp", nullptr, nullptr,
     Tiling::kRows, true, true},
    {Op::kClusterEmbed, "embedding in clusters",
     "{out} = sum_e table_c[{id} - first_c,e] * map_c[e,{last}], c its cluster", run_cluster_embed,
     explain_cluster_embed, "product_tiles.comp", nullptr, nullptr, Tiling::kRows, false, false},
    {Op::kLogSoftmax, "log softmax",
     "{out} = {a} - max_{last} - log sum_{last} exp({a} - max_{last})", run_log_softmax,
     explain_log_softmax, "rows_softmax.comp", nullptr, nullptr, Tiling::kRows, true, true},
    {Op::kConcatColumns, "columns of several", "{out} = {rows}", run_concat_columns,
     explain_concat_columns, "moves.comp", nullptr, nullptr, Tiling::kRows, false, false},
    {Op::kClusterLogprobs, "log probability in clusters", "{out} = {a}{text}", run_cluster_logprobs,
     explain_cluster_logprobs, "cells.comp", nullptr, nullptr, Tiling::kRows, true, false},
    {Op::kMeanRows, "mean of the rows", "{out} = sum_t {a} / {count}", run_mean_rows,
     explain_mean_rows, "mean_rows.comp", nullptr, nullptr, Tiling::kRows, false, false},
}};

constexpr bool is_in_order() {
    for (std::size_t i = 0; i < kTable.size(); ++i) {
        if (static_cast<std::size_t>(kTable[i].op) != i) return false;
    }
    return true;
}
static_assert(is_in_order(), "a row of the op table stands in the wrong place");

// "0.22 = 0.61 * 0.40 + 0.33 * -0.08 + ..."
std::string sum_in_numbers(const Explanation& explanation) {
    constexpr std::size_t kShown = 6;
    std::string text = format_value(static_cast<double>(explanation.cell.value)) + " = ";
    for (std::size_t i = 0; i < explanation.terms.size(); ++i) {
        if (i > 0) text += " + ";
        if (i == kShown && explanation.terms.size() > kShown + 1) {
            return text + fmt::format("... ({} terms)", explanation.terms.size());
        }
        const Term& term = explanation.terms[i];
        text += format_value(static_cast<double>(term.cell.value));
        if (!term.times) continue;
        const double factor =
            term.times->cell ? static_cast<double>(term.times->cell->value) : term.times->value;
        text += " * " + format_value(factor);
    }
    return text;
}

// Cuts into runs of `rows` rows at most; several outers together where a whole one is less than
// that.
std::vector<Box> tile_rows(const MatrixExtents& extents, int rows, int col_begin, int col_end) {
    std::vector<Box> boxes;
    if (rows >= extents.rows) {
        const int outers = std::max(1, rows / std::max(1, extents.rows));
        for (int o = 0; o < extents.outer; o += outers) {
            boxes.push_back(
                {o, std::min(o + outers, extents.outer), 0, extents.rows, col_begin, col_end});
        }
        return boxes;
    }
    for (int o = 0; o < extents.outer; ++o) {
        for (int r = 0; r < extents.rows; r += rows) {
            boxes.push_back({o, o + 1, r, std::min(r + rows, extents.rows), col_begin, col_end});
        }
    }
    return boxes;
}

// Products: strips of columns for runs of rows, so that a strip of the right matrix is packed once
// for many rows; heads together where they are small.
std::vector<Box> tile_product(const MatrixExtents& extents, int depth) {
    constexpr int kMultiplications = 1 << 20;  // of a piece: some 20 microseconds
    constexpr int kMaxRows = 256;
    constexpr int kColumnStep = 64;
    const int cells = std::max(1, kMultiplications / std::max(1, depth));
    const int rows = std::min(kMaxRows, extents.rows);
    const int cols = std::max(kColumnStep, cells / std::max(1, rows) / kColumnStep * kColumnStep);
    std::vector<Box> boxes;
    if (cols >= extents.cols) {
        return tile_rows(extents, std::min(kMaxRows, std::max(rows, cells / extents.cols)), 0,
                         extents.cols);
    }
    for (int c = 0; c < extents.cols; c += cols) {
        const std::vector<Box> strip =
            tile_rows(extents, rows, c, std::min(c + cols, extents.cols));
        boxes.insert(boxes.end(), strip.begin(), strip.end());
    }
    return boxes;
}

}  // namespace

const OpRow& op_row(Op op) {
    return kTable.at(static_cast<std::size_t>(op));
}

const Shape& KernelArgs::operand_shape(int i) const {
    return graph.node(node.operands.at(static_cast<std::size_t>(i)).id).shape;
}

std::vector<Box> tile_node(const Graph& graph, const Node& node, int min_rows) {
    constexpr int kCells = 32768;  // of a piece without products: some 10 microseconds
    const MatrixExtents extents = matrix_extents(node.shape);
    if (op_row(node.op).tiling == Tiling::kProduct) {
        return tile_product(extents, graph.node(node.operands[0].id).shape.extent(-1));
    }
    const int rows = std::max(min_rows, kCells / std::max(1, extents.cols));
    return tile_rows(extents, std::max(1, rows), 0, extents.cols);
}

Cell ExplainArgs::node_cell(int operand, std::vector<int> at) const {
    const Operand& source = node.operands.at(static_cast<std::size_t>(operand));
    HEED_CHECK(source.kind == OperandKind::kNode);
    const float read = reader.node_value(source.id, at);
    return {CellKind::kNode, source.id, reader.graph().node(source.id).name, std::move(at), read};
}

Cell ExplainArgs::weight_cell(int operand, const std::vector<int>& view_index) const {
    const Operand& source = node.operands.at(static_cast<std::size_t>(operand));
    HEED_CHECK(source.kind == OperandKind::kWeight);
    const WeightView& view = reader.graph().weight(source.id);
    const auto position = static_cast<std::size_t>(view.position(view_index));
    const WeightStore& store = reader.weights();
    return {CellKind::kWeight, view.tensor, store.name(view.tensor),
            unflatten(store.extents(view.tensor), position), store.values(view.tensor)[position]};
}

Cell ExplainArgs::input_cell(int operand, std::vector<int> at) const {
    const Operand& source = node.operands.at(static_cast<std::size_t>(operand));
    HEED_CHECK(source.kind == OperandKind::kInput);
    const GraphInput& input = reader.graph().inputs().at(static_cast<std::size_t>(source.id));
    const float held = reader.input_value(source.id, at);
    return {CellKind::kInput, source.id, input.name, std::move(at), held};
}

Explanation explain_cell(const CellReader& reader, NodeId id, const std::vector<int>& index) {
    const Node& node = reader.graph().node(id);
    Explanation out;
    out.cell = {CellKind::kNode, id, node.name, index, reader.node_value(id, index)};
    out.formula = formula_text(reader.graph(), node);
    op_row(node.op).explain({reader, node, index}, out);
    if (out.numbers.empty()) out.numbers = sum_in_numbers(out);
    return out;
}

const char* how_name(How how) {
    switch (how) {
        case How::kSum:
            return "sum";
        case How::kFunction:
            return "function";
        case How::kInput:
            return "input";
    }
    report_bug(__FILE__, __LINE__, "a kind of explanation that does not exist");
}

Term whole_term(Cell cell) {
    Term term;
    term.contribution = static_cast<double>(cell.value);
    term.cell = std::move(cell);
    return term;
}

Term product_term(Cell cell, Cell factor) {
    Term term;
    term.contribution = static_cast<double>(cell.value) * static_cast<double>(factor.value);
    term.cell = std::move(cell);
    term.times = Factor{std::move(factor), "", 1};
    return term;
}

}  // namespace heed
