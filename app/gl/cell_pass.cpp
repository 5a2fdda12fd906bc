#include "app/gl/cell_pass.h"

#include <algorithm>
#include <limits>

#include "core/base/check.h"

namespace heed::app {

namespace {

constexpr int kLocalSize = 256;  // of a group, as shaders/cells.glsl has it

int to_int(std::int64_t number) {
    HEED_CHECK_LE(0, number);
    HEED_CHECK_LE(number, std::int64_t{std::numeric_limits<int>::max()});
    return static_cast<int>(number);
}

// A stride; 0 where one that is not walked along is beyond an int.
int to_step(std::int64_t stride, int entries) {
    const bool is_far = stride > std::int64_t{std::numeric_limits<int>::max()};
    return is_far && entries == 1 ? 0 : to_int(stride);
}

// The smallest power of 2 that is at least `count`, as an exponent; up to the size of a group.
int shift_for(int count) {
    int shift = 0;
    while ((1 << shift) < std::min(count, kLocalSize)) ++shift;
    return shift;
}

}  // namespace

Frame frame_of(const Box& box) {
    return {box.outers(), box.rows(), box.cols(), box.row_begin};
}

Strides strides_from(const DeviceBlock& block, int outer, int row, int col) {
    return {block.at(outer, row, col), block.outer_stride, block.row_stride, 1};
}

CellPass::CellPass(Recorder& recorder, NodeId node, std::string file, Defines defines,
                   const Frame& frame)
    : dispatch_(recorder, {std::move(file), std::move(defines)}, node), frame_(frame) {
    HEED_CHECK(!frame.is_empty());
    params_.rows = frame.rows;
    params_.cols = frame.cols;
    params_.count = to_int(std::int64_t{frame.outers} * frame.rows);
    params_.row_begin = frame.row_begin;
}

std::int64_t CellPass::span(const Strides& strides) const {
    return (frame_.outers - 1) * strides.outer + (frame_.rows - 1) * strides.row +
           (frame_.cols - 1) * strides.col + 1;
}

void CellPass::set_place(int slot, int first, const Strides& strides) {
    params_.places[slot] = {first, to_step(strides.outer, frame_.outers),
                            to_step(strides.row, frame_.rows), to_int(strides.col)};
}

void CellPass::write(int slot, BufferRef buffer, const Strides& strides) {
    write_words(slot, buffer, span(strides), strides);
}

void CellPass::read(int slot, BufferRef buffer, const Strides& strides) {
    read_words(slot, buffer, span(strides), strides);
}

void CellPass::write_words(int slot, BufferRef buffer, std::int64_t count, const Strides& strides) {
    set_place(slot, dispatch_.write(slot, buffer, strides.first, count), strides);
}

void CellPass::read_words(int slot, BufferRef buffer, std::int64_t count, const Strides& strides) {
    set_place(slot, dispatch_.read(slot, buffer, strides.first, count), strides);
}

void CellPass::read_weight(int slot, const DeviceOperand& operand, const WeightView& view,
                           const Strides& strides) {
    HEED_CHECK_EQ(view.grouped_axis, -1);
    const int first = bind_weight(dispatch_, slot, operand, view);
    set_place(slot, first + to_int(strides.first), strides);
}

// Many cells go several to an invocation; neighbours stay with neighbours.
void CellPass::run_cells(double work) {
    constexpr double kManyCells = 65536;
    constexpr int kMostOfLane = 8, kLeastLanes = 32;
    const int of_lane = std::clamp(static_cast<int>(frame_.cells() / kManyCells), 1, kMostOfLane);
    const int lanes = std::max(frame_.cols / of_lane, std::min(kLeastLanes, frame_.cols));
    const int shift = shift_for(lanes);
    run(shift, kMostOfLane << shift, work);
}

void CellPass::run_rows() {
    constexpr int kCellsOfLane = 8;
    run(shift_for((frame_.cols + kCellsOfLane - 1) / kCellsOfLane), frame_.cols, 1);
}

void CellPass::run(int lane_shift, int chunk, double work) {
    params_.lane_shift = lane_shift;
    params_.chunk = chunk;
    params_.chunks = (frame_.cols + chunk - 1) / chunk;
    const int rows_of_group = kLocalSize >> lane_shift;
    const std::int64_t row_groups =
        (std::int64_t{params_.count} + rows_of_group - 1) / rows_of_group;
    dispatch_.run(params_, row_groups * params_.chunks, work * frame_.cells());
}

void record_copy(Recorder& recorder, NodeId node, const Frame& frame, BufferRef to,
                 const Strides& to_strides, BufferRef from, const Strides& from_strides) {
    if (frame.is_empty()) return;
    CellPass pass(recorder, node, "moves.comp", {{"OP", "OP_COPY"}}, frame);
    pass.write(0, to, to_strides);
    pass.read(1, from, from_strides);
    pass.run_cells();
}

const char* activation_macro(Activation activation) {
    switch (activation) {
        case Activation::kGeluErf:
            return "GELU_ERF";
        case Activation::kGeluTanh:
            return "GELU_TANH";
        case Activation::kRelu:
            return "RELU";
        case Activation::kSilu:
            return "SILU";
        case Activation::kTanh:
            return "TANH";
        case Activation::kQuickGelu:
            return "QUICK_GELU";
        case Activation::kSigmoid:
            return "SIGMOID";
    }
    report_bug(__FILE__, __LINE__, "an activation that does not exist");
}

const char* mask_macro(MaskRule rule) {
    switch (rule) {
        case MaskRule::kNone:
            return "MASK_NONE";
        case MaskRule::kCausal:
            return "MASK_CAUSAL";
        case MaskRule::kWindow:
            return "MASK_WINDOW";
        case MaskRule::kBand:
            return "MASK_BAND";
    }
    report_bug(__FILE__, __LINE__, "a mask that does not exist");
}

}  // namespace heed::app
