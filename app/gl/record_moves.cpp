// Ops that put the same numbers in another place (shaders/moves.comp).
#include <algorithm>
#include <utility>

#include "app/gl/cell_pass.h"
#include "core/base/check.h"

namespace heed::app {

namespace {

constexpr const char* kFile = "moves.comp";

// Copies cells of a frame of operand `operand` to the output.
void copy_node(const OpArgs& args, int operand, const Frame& frame, const Strides& to,
               const Strides& from) {
    const DeviceBlock& in = args.operands[static_cast<std::size_t>(operand)].block;
    record_copy(args.recorder, args.id, frame, args.out.buffer, to, in.buffer, from);
}

// Calls record(begin, end) for columns of a weight [N, D] where its columns lie farther apart than
// its rows, so that fewer of them are a smaller range; else for all.
template <class Record>
void record_columns_of(const WeightView& view, Record record) {
    const int cols = view.shape.extent(1);
    if (view.strides[1] > view.strides[0]) {
        record_in_parts(0, cols, record);
    } else {
        record(0, cols);
    }
}

// Rows [first, first + count) of a weight [N, D] become rows from `row` on of the output.
void copy_weight_rows(const OpArgs& args, const DeviceOperand& weight, int first, int count,
                      int row) {
    const WeightView rows = weight.view->narrowed(0, first, count);
    record_columns_of(rows, [&](int begin, int end) {
        const WeightView view = rows.narrowed(1, begin, end - begin);
        CellPass pass(args.recorder, args.id, kFile,
                      {{"OP", "OP_COPY_WEIGHTS"}, {"WEIGHT_TYPE", weight_type_macro(weight.type)}},
                      {1, count, end - begin});
        pass.write(0, args.out.buffer, strides_from(args.out, 0, row, begin));
        pass.read_weight(1, weight, view, {0, 0, view.strides[0], view.strides[1]});
        pass.run_cells();
    });
}

// Rows of the box whose ids are in [id_begin, id_end), columns [col_begin, col_end).
void gather_part(const OpArgs& args, const Box& box, int id_begin, int id_end, int col_begin,
                 int col_end) {
    const DeviceOperand& table = args.operands[0];
    const DeviceOperand& ids = args.operands[1];
    const WeightView view = table.view->narrowed(0, id_begin, id_end - id_begin)
                                .narrowed(1, col_begin, col_end - col_begin);
    CellPass pass(args.recorder, args.id, kFile,
                  {{"OP", "OP_GATHER"}, {"WEIGHT_TYPE", weight_type_macro(table.type)}},
                  {1, box.rows(), col_end - col_begin});
    pass.write(0, args.out.buffer, strides_from(args.out, 0, box.row_begin, col_begin));
    pass.read_weight(1, table, view, {0, view.strides[0], 0, view.strides[1]});
    pass.read_words(2, ids.input, box.rows(), {ids.input_first + box.row_begin, 0, 1, 0});
    pass.params().begin = id_begin;
    pass.params().end = id_end;
    pass.run_cells();
}

}  // namespace

// A table that is too large for one binding is looked through part by part.
void record_gather(const OpArgs& args, const Box& box) {
    const WeightView& table = *args.operands[0].view;
    record_columns_of(table, [&](int col_begin, int col_end) {
        const auto record = [&](int begin, int end) {
            gather_part(args, box, begin, end, col_begin, col_end);
        };
        const int words = table.shape.extent(0);
        if (table.strides[1] > table.strides[0]) {
            record(0, words);
        } else {
            record_in_parts(0, words, record);
        }
    });
}

void record_table_rows(const OpArgs& args, const Box& box) {
    copy_weight_rows(args, args.operands[0], box.row_begin + args.node.attributes.offset,
                     box.rows(), box.row_begin);
}

// The waves are computed in double on the CPU while the plan is made.
void record_sinusoid(const OpArgs& args, const Box& box) {
    const int cols = box.cols();
    std::vector<float> waves(static_cast<std::size_t>(box.rows()) * static_cast<std::size_t>(cols));
    const MutableBlock out = {waves.data(), 0, cols, 0, box.row_begin};
    op_row(Op::kSinusoid).kernel({args.graph, args.node, {}, out}, box);
    const std::int64_t first = args.recorder.add_constants(std::span<const float>(waves));
    record_copy(args.recorder, args.id, frame_of(box), args.out.buffer,
                strides_from(args.out, 0, box.row_begin), {BufferKind::kConstant, 0},
                {first, 0, cols, 1});
}

void record_split_heads(const OpArgs& args, const Box& box) {
    const int d_head = args.node.shape.extent(2);
    Strides from = strides_from(args.operands[0].block, 0, box.row_begin, box.outer_begin * d_head);
    from.outer = d_head;
    copy_node(args, 0, frame_of(box), strides_from(args.out, box.outer_begin, box.row_begin), from);
}

void record_merge_heads(const OpArgs& args, const Box& box) {
    const Shape& z = args.operand_shape(0);
    const int d_head = z.extent(2);
    Strides to = strides_from(args.out, 0, box.row_begin);
    to.outer = d_head;
    copy_node(args, 0, {z.extent(0), box.rows(), d_head}, to,
              strides_from(args.operands[0].block, 0, box.row_begin));
}

void record_take_row(const OpArgs& args, const Box& box) {
    copy_node(args, 0, frame_of(box), strides_from(args.out, 0, 0),
              strides_from(args.operands[0].block, 0, args.node.attributes.offset));
}

void record_take_rows(const OpArgs& args, const Box& box) {
    const int first = box.row_begin + args.node.attributes.offset;
    copy_node(args, 0, frame_of(box), strides_from(args.out, 0, box.row_begin),
              strides_from(args.operands[0].block, 0, first));
}

// Which row it is stands in an input: all of them are looked through, part by part where they are
// too many for one binding.
void record_pick_row(const OpArgs& args, const Box& box) {
    const DeviceBlock& in = args.operands[0].block;
    const DeviceOperand& id = args.operands[1];
    record_in_parts(0, args.operand_shape(0).extent(0), [&](int begin, int end) {
        CellPass pass(args.recorder, args.id, kFile, {{"OP", "OP_PICK"}}, frame_of(box));
        pass.write(0, args.out.buffer, strides_from(args.out, 0, 0));
        Strides rows = strides_from(in, 0, begin);
        rows.outer = in.row_stride;
        pass.read_words(1, in.buffer, row_span(in, end - begin, box.cols()), rows);
        pass.read_words(2, id.input, 1, {id.input_first, 0, 0, 0});
        pass.params().begin = begin;
        pass.params().end = end;
        pass.run_cells();
    });
}

void record_zeros(const OpArgs& args, const Box& box) {
    CellPass pass(args.recorder, args.id, kFile, {{"OP", "OP_FILL"}}, frame_of(box));
    pass.write(0, args.out.buffer, strides_from(args.out, box.outer_begin, box.row_begin));
    pass.run_cells();
}

void record_patches(const OpArgs& args, const Box& box) {
    const DeviceOperand& picture = args.operands[0];
    const Shape shape = args.graph.input_shape(args.node.operands[0].id);  // [C, Y, X]
    const PatchSize& patch = args.node.attributes.patch;
    CellPass pass(args.recorder, args.id, kFile, {{"OP", "OP_PATCHES"}}, frame_of(box));
    pass.write(0, args.out.buffer, strides_from(args.out, 0, box.row_begin));
    pass.read_words(1, picture.input, static_cast<std::int64_t>(shape.count()),
                    {picture.input_first, 0, 0, 0});
    CellParams& params = pass.params();
    params.patch_width = patch.width;
    params.patch_height = patch.height;
    params.patch_columns = shape.extent(2) / patch.width;
    params.picture_width = shape.extent(2);
    params.picture_plane = shape.extent(1) * shape.extent(2);
    pass.run_cells();
}

// Each operand's rows that lie in the box.
void record_concat_rows(const OpArgs& args, const Box& box) {
    int first = 0;  // row of the whole
    for (std::size_t i = 0; i < args.operands.size(); ++i) {
        const DeviceOperand& operand = args.operands[i];
        const bool is_weight = operand.kind == OperandKind::kWeight;
        const int rows = is_weight ? operand.view->shape.extent(0)
                                   : args.operand_shape(static_cast<int>(i)).extent(0);
        const int begin = std::max(box.row_begin, first);
        const int end = std::min(box.row_end, first + rows);
        if (begin < end && is_weight) {
            copy_weight_rows(args, operand, begin - first, end - begin, begin);
        } else if (begin < end) {
            copy_node(args, static_cast<int>(i), {1, end - begin, box.cols()},
                      strides_from(args.out, 0, begin),
                      strides_from(operand.block, 0, begin - first));
        }
        first += rows;
    }
}

void record_concat_columns(const OpArgs& args, const Box& box) {
    int first = 0;
    for (int i = 0; i < static_cast<int>(args.operands.size()); ++i) {
        const int width = args.operand_shape(i).extent(1);
        copy_node(args, i, {1, box.rows(), width}, strides_from(args.out, 0, box.row_begin, first),
                  strides_from(args.operands[static_cast<std::size_t>(i)].block, 0, box.row_begin));
        first += width;
    }
}

// Columns of the head are the first cluster's words, then one for each other cluster: that one is
// added to all words of the cluster.
void record_cluster_logprobs(const OpArgs& args, const Box& box) {
    const std::vector<int>& clusters = args.node.attributes.clusters;
    const int words = args.node.shape.extent(1);
    const int in_head = clusters.size() > 1 ? clusters[1] : words;
    const DeviceBlock& head = args.operands[0].block;
    copy_node(args, 0, {1, box.rows(), in_head}, strides_from(args.out, 0, box.row_begin),
              strides_from(head, 0, box.row_begin));
    for (std::size_t c = 1; c < clusters.size(); ++c) {
        const int end = c + 1 < clusters.size() ? clusters[c + 1] : words;
        const DeviceBlock& tail = args.operands[c].block;
        const Frame frame = {1, box.rows(), end - clusters[c]};
        if (frame.is_empty()) continue;
        CellPass pass(args.recorder, args.id, "cells.comp", {{"OP", "OP_ADD"}, {"OPERANDS", "2"}},
                      frame);
        pass.write(0, args.out.buffer, strides_from(args.out, 0, box.row_begin, clusters[c]));
        pass.read(1, tail.buffer, strides_from(tail, 0, box.row_begin));
        Strides share = strides_from(head, 0, box.row_begin, in_head + static_cast<int>(c) - 1);
        share.col = 0;
        pass.read(2, head.buffer, share);
        pass.run_cells();
    }
}

}  // namespace heed::app
