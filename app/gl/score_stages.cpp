#include "app/gl/score_stages.h"

#include "core/base/check.h"

namespace heed::app {

namespace {

constexpr int kTableSlot = 6;
constexpr int kWeightSlot = 7;

// Which of a chain's numbers or tables an op takes.
enum class Room { kNone, kFactor, kCap, kTables, kMask };

Room room_of(Op op) {
    switch (op) {
        case Op::kScale:
            return Room::kFactor;
        case Op::kSoftCap:
            return Room::kCap;
        case Op::kAlibi:
        case Op::kBucketBias:
            return Room::kTables;
        case Op::kMask:
            return Room::kMask;
        default:
            return Room::kNone;
    }
}

void bind_slopes(const OpArgs& args, const Box& box, CellPass& pass) {
    const std::vector<float>& slopes = args.node.attributes.slopes;
    const std::int64_t first = args.recorder.add_constants(std::span<const float>(slopes));
    pass.read_words(kTableSlot, {BufferKind::kConstant, 0}, box.outers(),
                    {first + box.outer_begin, 1, 0, 0});
}

// Buckets of the distances t - s from -(S - 1) to T - 1.
std::vector<std::uint32_t> find_buckets(const Node& node) {
    const MatrixExtents extents = matrix_extents(node.shape);
    std::vector<std::uint32_t> buckets;
    for (int distance = 1 - extents.cols; distance < extents.rows; ++distance) {
        buckets.push_back(static_cast<std::uint32_t>(node.attributes.buckets.bucket(distance, 0)));
    }
    return buckets;
}

void bind_buckets(const OpArgs& args, const Box& box, CellPass& pass) {
    const std::vector<std::uint32_t> buckets = find_buckets(args.node);
    const std::int64_t first = args.recorder.add_constants(std::span<const std::uint32_t>(buckets));
    const int cols = args.node.shape.extent(-1);
    pass.read_words(kTableSlot, {BufferKind::kConstant, 0}, box.rows() + cols - 1,
                    {first + box.row_begin, 0, 0, 0});
    const DeviceOperand& table = args.operands[1];
    const WeightView& view = *table.view;  // [buckets, H]
    pass.read_weight(kWeightSlot, table, view,
                     {box.outer_begin * view.strides[1], view.strides[1], view.strides[0], 0});
}

}  // namespace

const char* stage_macro(const Node& node) {
    switch (node.op) {
        case Op::kScale:
            return "STAGE_SCALE";
        case Op::kSoftCap:
            return "STAGE_SOFT_CAP";
        case Op::kAlibi:
            return node.attributes.has_coarse_bias ? "STAGE_COARSE_ALIBI" : "STAGE_ALIBI";
        case Op::kBucketBias:
            return "STAGE_BUCKET_BIAS";
        case Op::kMask:
            return "STAGE_MASK";
        default:
            return nullptr;
    }
}

bool fit_one_chain(const Node& a, const Node& b) {
    return room_of(a.op) != room_of(b.op);
}

void add_stage_defines(const OpArgs& args, Defines& defines) {
    if (args.node.op == Op::kAlibi) defines.emplace_back("SLOPES", "1");
    if (args.node.op == Op::kMask) {
        defines.emplace_back("MASK_RULE", mask_macro(args.node.attributes.mask));
    }
    if (args.node.op == Op::kBucketBias) {
        defines.emplace_back("BUCKETS", "1");
        defines.emplace_back("WEIGHT_TYPE", weight_type_macro(args.operands[1].type));
    }
}

void bind_stage(const OpArgs& args, const Box& box, CellPass& pass) {
    const Attributes& attributes = args.node.attributes;
    switch (room_of(args.node.op)) {
        case Room::kFactor:
            pass.params().factor = attributes.scale;
            return;
        case Room::kCap:
            pass.params().cap = attributes.cap;
            return;
        case Room::kMask:
            pass.params().mask_offset = attributes.mask_offset;
            pass.params().window = attributes.window;
            return;
        case Room::kTables:
            if (args.node.op == Op::kAlibi) {
                bind_slopes(args, box, pass);
            } else {
                bind_buckets(args, box, pass);
            }
            return;
        case Room::kNone:
            report_bug(__FILE__, __LINE__, args.node.name + " is no stage of scores");
    }
}

}  // namespace heed::app
