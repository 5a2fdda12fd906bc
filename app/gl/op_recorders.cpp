#include "app/gl/op_recorders.h"

#include <array>

#include "core/base/check.h"

namespace heed::app {

namespace {

struct Row {
    Op op;
    RecordOp record;
};

constexpr std::array<Row, kOpCount> kRecorders = {{
    {Op::kGather, record_gather},
    {Op::kTableRows, record_table_rows},
    {Op::kSinusoid, record_sinusoid},
    {Op::kAlias, nullptr},
    {Op::kAdd, record_add},
    {Op::kLayerNorm, record_layer_norm},
    {Op::kLinear, record_linear},
    {Op::kSplitHeads, record_split_heads},
    {Op::kMergeHeads, record_merge_heads},
    {Op::kMatmulNt, record_matmul_nt},
    {Op::kScale, record_scale},
    {Op::kMask, record_mask},
    {Op::kSoftmax, record_softmax},
    {Op::kNormaliseSum, record_normalise_sum},
    {Op::kMatmul, record_matmul},
    {Op::kActivation, record_activation},
    {Op::kTakeRow, record_take_row},
    {Op::kPairSum, record_pair_sum},
    {Op::kDotWeight, record_dot_weight},
    {Op::kRecorded, nullptr},
    {Op::kRmsNorm, record_rms_norm},
    {Op::kRotary, record_rotary},
    {Op::kGate, record_gate},
    {Op::kSoftCap, record_soft_cap},
    {Op::kAlibi, record_alibi},
    {Op::kBucketBias, record_bucket_bias},
    {Op::kConcatRows, record_concat_rows},
    {Op::kTakeRows, record_take_rows},
    {Op::kPickRow, record_pick_row},
    {Op::kZeros, record_zeros},
    {Op::kPatches, record_patches},
    {Op::kHeadBias, record_head_bias},
    {Op::kDistanceDots, record_distance_dots},
    {Op::kClusterEmbed, record_cluster_embed},
    {Op::kLogSoftmax, record_log_softmax},
    {Op::kConcatColumns, record_concat_columns},
    {Op::kClusterLogprobs, record_cluster_logprobs},
    {Op::kMeanRows, record_mean_rows},
}};

constexpr bool is_in_order() {
    for (std::size_t i = 0; i < kRecorders.size(); ++i) {
        if (static_cast<std::size_t>(kRecorders[i].op) != i) return false;
    }
    return true;
}
static_assert(is_in_order(), "a recorder stands in the wrong place");

}  // namespace

RecordOp op_recorder(Op op) {
    return kRecorders.at(static_cast<std::size_t>(op)).record;
}

int bind_weight(Dispatch& dispatch, int slot, const DeviceOperand& operand,
                const WeightView& view) {
    HEED_CHECK(operand.kind == OperandKind::kWeight);
    std::int64_t last = view.offset;
    for (int axis = 0; axis < view.shape.rank(); ++axis) {
        last += view.step(axis, view.shape.extent(axis) - 1);
    }
    const int in_word = operand.type == WeightType::kF32 ? 1 : 2;
    const std::int64_t first_word = view.offset / in_word;
    const std::int64_t words = last / in_word - first_word + 1;
    const int before = dispatch.read(slot, operand.weight, first_word, words);
    return before * in_word + static_cast<int>(view.offset % in_word);
}

const char* weight_type_macro(WeightType type) {
    switch (type) {
        case WeightType::kF32:
            return "0";
        case WeightType::kF16:
            return "1";
        case WeightType::kBf16:
            return "2";
    }
    report_bug(__FILE__, __LINE__, "a type of weights that does not exist");
}

}  // namespace heed::app
