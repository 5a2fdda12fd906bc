// How each op of the op table becomes dispatches: the counterpart of core/ops/kernels.h for the
// graphics card. A recorder knows where values lie, not what they are.
#pragma once

#include <algorithm>
#include <span>

#include "app/gl/recorder.h"
#include "core/ops/op_table.h"

namespace heed::app {

// Rows of a node's values in a buffer, as Block (core/ops/op_table.h) has them in memory: `first`
// is the word of (outer_begin, row_begin, 0); indices are those of the whole node.
struct DeviceBlock {
    BufferRef buffer;
    std::int64_t first = 0;
    std::int64_t outer_stride = 0;
    std::int64_t row_stride = 0;
    int outer_begin = 0;
    int row_begin = 0;

    std::int64_t at(int outer, int row, int col = 0) const {
        return first + (outer - outer_begin) * outer_stride + (row - row_begin) * row_stride + col;
    }
};

// How the words of a weight tensor hold its numbers.
enum class WeightType { kF32, kF16, kBf16 };

struct DeviceOperand {
    OperandKind kind = OperandKind::kNode;
    DeviceBlock block;                   // kNode
    const WeightView* view = nullptr;    // kWeight; strides and offset count numbers
    BufferRef weight;                    // kWeight: the whole tensor
    WeightType type = WeightType::kF32;  // kWeight
    BufferRef input;                     // kInput
    std::int64_t input_first = 0;        // kInput: word of the first id or number
};

struct OpArgs {
    const Graph& graph;
    const Node& node;
    NodeId id = -1;
    std::span<const DeviceOperand> operands;
    DeviceBlock out;
    Recorder& recorder;

    const Shape& operand_shape(int i) const {
        return graph.node(node.operands.at(static_cast<std::size_t>(i)).id).shape;
    }
};

// Records what computes the cells of `box` and no others. Throws TooLarge where the box has to be
// cut: by outers, then rows, then (products alone, op_row(op).tiling) columns. Operand 0 of an op
// whose rows are aligned (op_row(op).is_row_aligned) holds at least the rows of the box; all other
// nodes are whole.
using RecordOp = void (*)(const OpArgs& args, const Box& box);

// The recorder of an op; nullptr for those that need none (op_row(op).shader tells).
RecordOp op_recorder(Op op);

// Words that rows [row_begin, row_end) of one outer take up to the last cell of the last row.
inline std::int64_t row_span(const DeviceBlock& block, int rows, int cols) {
    return (rows - 1) * block.row_stride + cols;
}
// The same of a box of whole rows.
inline std::int64_t box_span(const DeviceBlock& block, const Box& box, int cols) {
    return (box.outers() - 1) * block.outer_stride + row_span(block, box.rows(), cols);
}

// Binds the words of a weight that `view` (of the operand's tensor) touches; returns where the
// view's first number lies in the array that the shader sees, counted in numbers. Throws TooLarge.
int bind_weight(Dispatch& dispatch, int slot, const DeviceOperand& operand, const WeightView& view);

// "WEIGHT_TYPE" as shaders/weights.glsl wants it: "0" F32, "1" F16, "2" BF16.
const char* weight_type_macro(WeightType type);

// record_cells.cpp: each cell by itself
void record_scale(const OpArgs& args, const Box& box);
void record_mask(const OpArgs& args, const Box& box);
void record_activation(const OpArgs& args, const Box& box);
void record_gate(const OpArgs& args, const Box& box);
void record_soft_cap(const OpArgs& args, const Box& box);
void record_add(const OpArgs& args, const Box& box);
void record_alibi(const OpArgs& args, const Box& box);
void record_bucket_bias(const OpArgs& args, const Box& box);
void record_head_bias(const OpArgs& args, const Box& box);
void record_pair_sum(const OpArgs& args, const Box& box);
void record_rotary(const OpArgs& args, const Box& box);

// record_rows.cpp: one pass over each row
void record_softmax(const OpArgs& args, const Box& box);
void record_log_softmax(const OpArgs& args, const Box& box);
void record_normalise_sum(const OpArgs& args, const Box& box);
void record_layer_norm(const OpArgs& args, const Box& box);
void record_rms_norm(const OpArgs& args, const Box& box);
void record_dot_weight(const OpArgs& args, const Box& box);
void record_mean_rows(const OpArgs& args, const Box& box);
// Adds the number of cells of a node that are not numbers to word kStatusNotANumber of the status.
void record_watch(Recorder& recorder, const DeviceBlock& block, const Shape& shape, NodeId node);

// record_moves.cpp: the same numbers in another place
void record_gather(const OpArgs& args, const Box& box);
void record_table_rows(const OpArgs& args, const Box& box);
void record_sinusoid(const OpArgs& args, const Box& box);
void record_split_heads(const OpArgs& args, const Box& box);
void record_merge_heads(const OpArgs& args, const Box& box);
void record_take_row(const OpArgs& args, const Box& box);
void record_take_rows(const OpArgs& args, const Box& box);
void record_pick_row(const OpArgs& args, const Box& box);
void record_zeros(const OpArgs& args, const Box& box);
void record_patches(const OpArgs& args, const Box& box);
void record_concat_rows(const OpArgs& args, const Box& box);
void record_concat_columns(const OpArgs& args, const Box& box);
void record_cluster_logprobs(const OpArgs& args, const Box& box);

// record_products.cpp
void record_linear(const OpArgs& args, const Box& box);
// A linear node and the activation of all its cells, both written by one pass over them.
void record_linear_with_activation(const OpArgs& linear, const OpArgs& activation, const Box& box);
void record_matmul_nt(const OpArgs& args, const Box& box);
void record_matmul(const OpArgs& args, const Box& box);
void record_distance_dots(const OpArgs& args, const Box& box);
void record_cluster_embed(const OpArgs& args, const Box& box);

}  // namespace heed::app
