// Which matrices a stage shows and where they lie.
#include <algorithm>
#include <cmath>

#include "app/views/stages.h"
#include "core/ops/op_table.h"

namespace heed::app {

namespace {

constexpr float kLeastForStrip = 400;  // height of the card's inside, design pixels
constexpr float kLeastPicture = 36;
constexpr float kMostPictureHeight = 112;
constexpr float kPictureRow = 28;
constexpr float kStripShare = 0.25F;  // of the height beyond the least
constexpr float kMostPicture = 168;   // width
constexpr float kJoint = 28;
constexpr float kArrow = 132;

const char* joint_of(Op op) {
    switch (op) {
        case Op::kAdd:
        case Op::kPairSum:
            return "+";
        case Op::kMatmulNt:
            return "\u00b7";
        case Op::kMatmul:
            return "\u00d7";
        default:
            return ",";
    }
}

std::string arrow_of(const Node& node) {
    if (node.op == Op::kScale) return "\u00b7 " + node.attributes.scale_text;
    if (node.op == Op::kActivation) return activation_name(node.attributes.activation);
    if (node.op == Op::kAlias) return "the same";
    if (node.op == Op::kMatmul) return "weigh and sum";
    return op_row(node.op).name;
}

// Whether `b` is made like `a`, out of the same node: q, k and v are.
bool is_beside(const Node& a, const Node& b) {
    return a.op == Op::kLinear && b.op == Op::kLinear && a.stage == b.stage && a.layer == b.layer &&
           a.operands[0] == b.operands[0];
}

// Places for the strip's pictures, from the left; false where they do not fit.
bool place_strip(const UiContext& ui, const StageParts& parts, const Rect& strip,
                 StageLayout& layout) {
    const auto inputs = parts.inputs.size();
    const auto outputs = parts.outputs.size();
    const auto pictures = static_cast<float>(inputs + outputs);
    const float joints = static_cast<float>(inputs + outputs - 2) * ui.px(kJoint);
    const float width =
        std::min(ui.px(kMostPicture), (strip.w - joints - ui.px(kArrow)) / pictures);
    if (width < ui.px(48)) return false;
    Rect rest = strip;
    for (std::size_t i = 0; i < inputs; ++i) {
        if (i > 0) layout.joints.push_back(take_left(rest, ui.px(kJoint)));
        layout.inputs.push_back(take_left(rest, std::floor(width)));
    }
    layout.arrow = take_left(rest, ui.px(kArrow));
    for (std::size_t i = 0; i < outputs; ++i) {
        if (i > 0) take_left(rest, ui.px(kJoint));
        layout.outputs.push_back(take_left(rest, std::floor(width)));
    }
    return true;
}

}  // namespace

StageParts list_stage_parts(const Graph& graph, NodeId node) {
    const Node& asked = graph.node(node);
    StageParts parts;
    for (const Operand& operand : asked.operands) {
        if (operand.kind != OperandKind::kNode) continue;
        if (std::find(parts.inputs.begin(), parts.inputs.end(), operand.id) == parts.inputs.end()) {
            parts.inputs.push_back(operand.id);
        }
    }
    parts.joint = joint_of(asked.op);
    parts.arrow = arrow_of(asked);
    for (NodeId id = 0; id < graph.size(); ++id) {
        if (id == node || (!parts.inputs.empty() && is_beside(asked, graph.node(id)))) {
            parts.outputs.push_back(id);
        }
    }
    return parts;
}

StageLayout layout_stage(const UiContext& ui, const StageRequest& request) {
    StageLayout layout;
    Rect rest = request.inside;
    layout.title = take_top(rest, ui.px(28), ui.px(2));
    layout.formula = take_top(rest, ui.px(22), ui.px(8));
    if (!request.parts.inputs.empty() && request.inside.h >= ui.px(kLeastForStrip)) {
        const float beyond = request.inside.h - ui.px(kLeastForStrip);
        Rect strip = rest;
        // Few rows need no high pictures.
        const float most = std::clamp(ui.px(kPictureRow) * static_cast<float>(request.rows.extent),
                                      ui.px(kLeastPicture), ui.px(kMostPictureHeight));
        strip.h = ui.px(20) + std::clamp(std::round(ui.px(kLeastPicture) + beyond * kStripShare),
                                         ui.px(kLeastPicture), most);
        if (place_strip(ui, request.parts, strip, layout)) {
            take_top(rest, strip.h, ui.px(10));
        }
    }
    const float footer = ui.px(12 + 18 + 8 + 32);
    const Rect room{rest.x, rest.y, rest.w, std::max(ui.px(48), rest.h - footer)};
    MatrixFit fit;
    fit.keeps_numbers = true;
    fit.most_width = 72;
    fit.most_height = 40;
    layout.matrix =
        layout_matrix(ui, room, request.rows, request.columns, fit, request.widest_number);
    const float top = layout.matrix.window.bottom() + ui.px(12);
    // Under the cells, and never so far left that the legend's first number leaves the card.
    const float left = std::max(layout.matrix.window.x, rest.x + ui.px(24));
    layout.caption = {left, top, std::max(0.0F, rest.right() - left), ui.px(18)};
    layout.legend = {left, layout.caption.bottom() + ui.px(8), layout.caption.w, ui.px(32)};
    return layout;
}

}  // namespace heed::app
