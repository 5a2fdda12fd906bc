// Ops that treat each cell by itself (shaders/cells.comp).
#include "app/gl/cell_pass.h"
#include "app/gl/score_stages.h"
#include "core/base/check.h"

namespace heed::app {

namespace {

constexpr const char* kFile = "cells.comp";
constexpr int kMaxAdded = 6;  // operands of one dispatch

CellPass make_pass(const OpArgs& args, Defines defines, const Frame& frame) {
    return CellPass(args.recorder, args.id, kFile, std::move(defines), frame);
}

void write_box(const OpArgs& args, const Box& box, CellPass& pass) {
    pass.write(0, args.out.buffer, strides_from(args.out, box.outer_begin, box.row_begin));
}

// Binds the cells of `box` of a node operand.
void read_box(const OpArgs& args, int operand, const Box& box, int slot, CellPass& pass) {
    const DeviceBlock& block = args.operands[static_cast<std::size_t>(operand)].block;
    pass.read(slot, block.buffer, strides_from(block, box.outer_begin, box.row_begin));
}

void record_stage(const OpArgs& args, const Box& box) {
    Defines defines = {{"OP", "OP_STAGE"}, {"STAGE0", stage_macro(args.node)}};
    add_stage_defines(args, defines);
    CellPass pass = make_pass(args, std::move(defines), frame_of(box));
    write_box(args, box, pass);
    read_box(args, 0, box, 1, pass);
    bind_stage(args, box, pass);
    pass.run_cells();
}

}  // namespace

void record_scale(const OpArgs& args, const Box& box) {
    record_stage(args, box);
}

void record_mask(const OpArgs& args, const Box& box) {
    record_stage(args, box);
}

void record_soft_cap(const OpArgs& args, const Box& box) {
    record_stage(args, box);
}

void record_alibi(const OpArgs& args, const Box& box) {
    record_stage(args, box);
}

void record_bucket_bias(const OpArgs& args, const Box& box) {
    record_stage(args, box);
}

void record_activation(const OpArgs& args, const Box& box) {
    const char* activation = activation_macro(args.node.attributes.activation);
    CellPass pass =
        make_pass(args, {{"OP", "OP_ACTIVATE"}, {"ACTIVATION", activation}}, frame_of(box));
    write_box(args, box, pass);
    read_box(args, 0, box, 1, pass);
    pass.run_cells();
}

void record_gate(const OpArgs& args, const Box& box) {
    const char* activation = activation_macro(args.node.attributes.activation);
    CellPass pass = make_pass(args, {{"OP", "OP_GATE"}, {"ACTIVATION", activation}}, frame_of(box));
    write_box(args, box, pass);
    read_box(args, 0, box, 1, pass);
    read_box(args, 1, box, 2, pass);
    pass.run_cells();
}

// More operands than one dispatch takes are added to what stands in the output.
void record_add(const OpArgs& args, const Box& box) {
    const int operands = static_cast<int>(args.operands.size());
    const Strides out = strides_from(args.out, box.outer_begin, box.row_begin);
    if (operands == 1) {
        const DeviceBlock& in = args.operands[0].block;
        record_copy(args.recorder, args.id, frame_of(box), args.out.buffer, out, in.buffer,
                    strides_from(in, box.outer_begin, box.row_begin));
        return;
    }
    for (int next = 0; next < operands;) {
        const int so_far = next > 0 ? 1 : 0;
        const int count = std::min(kMaxAdded - so_far, operands - next);
        CellPass pass = make_pass(
            args, {{"OP", "OP_ADD"}, {"OPERANDS", std::to_string(so_far + count)}}, frame_of(box));
        write_box(args, box, pass);
        if (so_far > 0) pass.read(1, args.out.buffer, out);
        for (int i = 0; i < count; ++i) read_box(args, next + i, box, 1 + so_far + i, pass);
        pass.run_cells();
        next += count;
    }
}

void record_head_bias(const OpArgs& args, const Box& box) {
    const DeviceOperand& bias = args.operands[1];
    const WeightView& view = *bias.view;  // [H, K]
    CellPass pass =
        make_pass(args, {{"OP", "OP_ADD_WEIGHT"}, {"WEIGHT_TYPE", weight_type_macro(bias.type)}},
                  frame_of(box));
    write_box(args, box, pass);
    read_box(args, 0, box, 1, pass);
    pass.read_weight(2, bias, view,
                     {box.outer_begin * view.strides[0], view.strides[0], 0, view.strides[1]});
    pass.run_cells();
}

// Outers are (h, t), rows s: a dispatch for each head, over its queries as outers.
void record_pair_sum(const OpArgs& args, const Box& box) {
    const int queries = args.node.shape.extent(1);
    const DeviceBlock& q = args.operands[0].block;
    const DeviceBlock& k = args.operands[1].block;
    for (int outer = box.outer_begin; outer < box.outer_end;) {
        const int h = outer / queries;
        const int end = std::min(box.outer_end, (h + 1) * queries);
        CellPass pass = make_pass(args, {{"OP", "OP_ADD"}, {"OPERANDS", "2"}},
                                  {end - outer, box.rows(), box.cols(), box.row_begin});
        pass.write(0, args.out.buffer, strides_from(args.out, outer, box.row_begin));
        pass.read(1, q.buffer, {q.at(h, outer % queries), q.row_stride, 0, 1});
        pass.read(2, k.buffer, {k.at(h, box.row_begin), 0, k.row_stride, 1});
        pass.run_cells();
        outer = end;
    }
}

void record_rotary(const OpArgs& args, const Box& box) {
    const RotaryRule& rule = args.node.attributes.rotary;
    const auto pairs = static_cast<int>(rule.frequencies.size());
    const RotaryTable& turns = *args.node.attributes.turns;  // [T, pairs]
    CellPass pass =
        make_pass(args, {{"OP", "OP_ROTARY"}, {"IS_INTERLEAVED", rule.is_interleaved ? "1" : "0"}},
                  frame_of(box));
    pass.params().pairs = pairs;
    write_box(args, box, pass);
    read_box(args, 0, box, 1, pass);
    int slot = 2;
    for (const std::vector<float>* table : {&turns.cosines, &turns.sines}) {
        const std::int64_t first = args.recorder.add_constants(std::span<const float>(*table));
        pass.read_words(slot++, {BufferKind::kConstant, 0}, std::int64_t{box.rows()} * pairs,
                        {first + std::int64_t{box.row_begin} * pairs, 0, pairs, 1});
    }
    pass.run_cells();
}

}  // namespace heed::app
