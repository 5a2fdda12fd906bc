// Ops that go over whole rows: weights out of scores, norms, products with a vector, means
// (shaders/rows_*.comp, mean_rows.comp), and the watch for what is no number (watch.comp).
#include <optional>
#include <string>

#include "app/gl/cell_pass.h"
#include "app/gl/row_programs.h"
#include "core/base/check.h"

namespace heed::app {

namespace {

void write_box(const OpArgs& args, const Box& box, CellPass& pass) {
    pass.write(0, args.out.buffer, strides_from(args.out, box.outer_begin, box.row_begin));
}

void read_box(const OpArgs& args, const Box& box, CellPass& pass) {
    const DeviceBlock& in = args.operands[0].block;
    pass.read(1, in.buffer, strides_from(in, box.outer_begin, box.row_begin));
}

void record_weights_of_scores(const OpArgs& args, const Box& box, Defines defines) {
    CellPass pass(args.recorder, args.id, "rows_softmax.comp", std::move(defines), frame_of(box));
    write_box(args, box, pass);
    read_box(args, box, pass);
    pass.run_rows();
}

void record_norm(const OpArgs& args, const Box& box) {
    Defines defines = {{"OPERANDS", "1"}};
    add_norm_defines(args, defines);
    CellPass pass(args.recorder, args.id, "rows_norm.comp", std::move(defines), frame_of(box));
    write_box(args, box, pass);
    read_box(args, box, pass);
    bind_norm(args, pass);
    pass.run_rows();
}

// Numbers [begin, end) of rows [row_begin, row_end) of outer `h` of what record_dot_weight gives:
// rows of the operand are columns of the node.
void record_dots(const OpArgs& args, int h, int row_begin, int row_end, int begin, int end) {
    const int width = args.operand_shape(0).extent(-1);
    const int rows = matrix_extents(args.node.shape).rows;
    const bool has_bias = args.operands.size() > 2;
    const DeviceOperand& weight = args.operands[1];
    Defines defines = {{"WEIGHT_TYPE", weight_type_macro(weight.type)},
                       {"HAS_BIAS", has_bias ? "1" : "0"}};
    if (has_bias) defines.emplace_back("BIAS_TYPE", weight_type_macro(args.operands[2].type));
    CellPass pass(args.recorder, args.id, "rows_dot.comp", std::move(defines),
                  {row_end - row_begin, end - begin, width});
    const std::int64_t first = args.out.at(h, row_begin, begin);
    pass.write(0, args.out.buffer, {first, args.out.row_stride, 1, 0});
    const DeviceBlock& in = args.operands[0].block;
    pass.read(1, in.buffer, strides_from(in, h * rows + row_begin, begin));
    pass.read_weight(2, weight, *weight.view, {0, 0, 0, weight.view->strides[0]});
    if (has_bias) pass.read_weight(3, args.operands[2], *args.operands[2].view, {});
    pass.run_rows();
}

// Adds rows [begin, end) of all columns to the sums; the last part divides them.
void record_part_of_mean(const OpArgs& args, int begin, int end, std::optional<BufferRef> sums) {
    const MatrixExtents in = matrix_extents(args.operand_shape(0));
    CellPass pass(args.recorder, args.id, "mean_rows.comp", {{"IN_PARTS", sums ? "1" : "0"}},
                  {1, 1, in.cols});
    pass.write(0, args.out.buffer, strides_from(args.out, 0, 0));
    const DeviceBlock& block = args.operands[0].block;
    Strides rows = strides_from(block, 0, begin);
    rows.outer = block.row_stride;
    pass.read_words(1, block.buffer, row_span(block, end - begin, in.cols), rows);
    if (sums) pass.write_words(2, *sums, std::int64_t{2} * in.cols, {0, 0, 0, 1});
    pass.params().begin = begin;
    pass.params().end = end;
    pass.params().factor = static_cast<float>(in.rows);
    pass.run_cells(end - begin);
}

}  // namespace

void add_norm_defines(const OpArgs& args, Defines& defines) {
    const bool is_rms = args.node.op == Op::kRmsNorm;
    defines.emplace_back("KIND", is_rms ? "KIND_RMS" : "KIND_LAYER");
    const char* names[] = {"WEIGHT", "BIAS"};
    for (std::size_t i = 1; i < 3; ++i) {
        const bool has = i < args.operands.size();
        const std::string name = names[i - 1];
        defines.emplace_back("HAS_" + name, has ? "1" : "0");
        if (has) defines.emplace_back(name + "_TYPE", weight_type_macro(args.operands[i].type));
    }
}

void bind_norm(const OpArgs& args, CellPass& pass) {
    constexpr int kWeightSlot = 6;
    pass.params().epsilon = args.node.attributes.epsilon;
    pass.params().weight_offset = args.node.attributes.weight_offset;
    for (std::size_t i = 1; i < args.operands.size(); ++i) {
        const WeightView& view = *args.operands[i].view;  // [D]
        pass.read_weight(kWeightSlot + static_cast<int>(i) - 1, args.operands[i], view,
                         {0, 0, 0, view.strides[0]});
    }
}

void record_softmax(const OpArgs& args, const Box& box) {
    record_weights_of_scores(args, box, {{"KIND", "KIND_SOFTMAX"}});
}

void record_log_softmax(const OpArgs& args, const Box& box) {
    record_weights_of_scores(args, box, {{"KIND", "KIND_LOG"}});
}

void record_normalise_sum(const OpArgs& args, const Box& box) {
    CellPass pass(args.recorder, args.id, "rows_softmax.comp",
                  {{"KIND", "KIND_BY_SUM"}, {"COUNTER", std::to_string(kStatusZeroSums)}},
                  frame_of(box));
    write_box(args, box, pass);
    read_box(args, box, pass);
    pass.write_words(2, {BufferKind::kStatus, 0}, kStatusWords, {});
    pass.run_rows();
}

void record_layer_norm(const OpArgs& args, const Box& box) {
    record_norm(args, box);
}

void record_rms_norm(const OpArgs& args, const Box& box) {
    record_norm(args, box);
}

// A row of the node may be of any number of the operand's: it is cut where it is too long.
void record_dot_weight(const OpArgs& args, const Box& box) {
    for (int h = box.outer_begin; h < box.outer_end; ++h) {
        if (box.rows() > 1) {
            record_dots(args, h, box.row_begin, box.row_end, box.col_begin, box.col_end);
            continue;
        }
        record_in_parts(box.col_begin, box.col_end, [&](int begin, int end) {
            record_dots(args, h, box.row_begin, box.row_end, begin, end);
        });
    }
}

// The mean is one row: where its operand is too large, sums so far are kept in between.
void record_mean_rows(const OpArgs& args, const Box& /*box*/) {
    const MatrixExtents in = matrix_extents(args.operand_shape(0));
    try {
        record_part_of_mean(args, 0, in.rows, std::nullopt);
        return;
    } catch (const TooLarge&) {
        if (in.rows < 2) throw;
    }
    const BufferRef sums = args.recorder.take_scratch(std::int64_t{2} * in.cols);
    record_in_parts(0, in.rows,
                    [&](int begin, int end) { record_part_of_mean(args, begin, end, sums); });
    args.recorder.give_back(sums);
}

void record_watch(Recorder& recorder, const DeviceBlock& block, const Shape& shape, NodeId node) {
    const MatrixExtents extents = matrix_extents(shape);
    if (shape.count() == 0) return;
    const auto record = [&](int outer_begin, int outer_end, int row_begin, int row_end) {
        CellPass pass(recorder, node, "watch.comp",
                      {{"COUNTER", std::to_string(kStatusNotANumber)}},
                      {outer_end - outer_begin, row_end - row_begin, extents.cols});
        pass.write_words(0, {BufferKind::kStatus, 0}, kStatusWords, {});
        pass.read(1, block.buffer, strides_from(block, outer_begin, row_begin));
        pass.run_cells();
    };
    record_in_parts(0, extents.outer, [&](int begin, int end) {
        if (end - begin > 1) {
            record(begin, end, 0, extents.rows);
            return;
        }
        record_in_parts(0, extents.rows, [&](int from, int to) { record(begin, end, from, to); });
    });
}

}  // namespace heed::app
