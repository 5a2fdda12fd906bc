// How an op's formula reads for one node: its pattern in the op table with the names and letters of
// the node's operands.
#include <fmt/format.h>

#include <cmath>

#include "core/base/check.h"
#include "core/ops/op_table.h"

namespace heed {
namespace {

// The letter that a product sums over: that of the contracted axis, or "i" where the output has it
// too.
std::string sum_letter(const Axis& contracted, const Shape& out) {
    const std::string letter = axis_letter(contracted);
    for (const Axis& axis : out.axes()) {
        if (axis_letter(axis) == letter) return "i";
    }
    return letter;
}

std::string with_letters(std::string_view name, const std::vector<std::string>& letters) {
    std::string text(name);
    text += '[';
    for (std::size_t i = 0; i < letters.size(); ++i) {
        if (i > 0) text += ',';
        text += letters[i];
    }
    return text + ']';
}

std::vector<std::string> letters_of(const Shape& shape) {
    std::vector<std::string> letters;
    for (const Axis& axis : shape.axes()) letters.push_back(axis_letter(axis));
    return letters;
}

// "t", "t+3", "t-3".
std::string shifted(const char* letter, int by) {
    return by == 0 ? letter : fmt::format("{}{:+}", letter, by);
}

const Shape& operand_shape(const Graph& graph, const Operand& operand) {
    return operand.kind == OperandKind::kWeight ? graph.weight(operand.id).shape
                                                : graph.node(operand.id).shape;
}

const std::string& input_name(const Graph& graph, const Operand& operand) {
    return graph.inputs().at(static_cast<std::size_t>(operand.id)).name;
}

int rows_before(const Graph& graph, const Node& node, std::size_t i) {
    int rows = 0;
    for (std::size_t part = 0; part < i; ++part) {
        rows += operand_shape(graph, node.operands[part]).extent(0);
    }
    return rows;
}

// Letters of the keys' side of a product of heads: query heads may share key heads.
void set_key_letters(const Node& node, std::vector<std::string>& letters) {
    letters[1] = "s";
    if (node.attributes.group > 1) letters[0] = fmt::format("h/{}", node.attributes.group);
}

// Letters of an operand of `node`, where they are not simply those of its own axes.
std::vector<std::string> operand_letters(const Graph& graph, const Node& node, std::size_t i) {
    const Shape& shape = operand_shape(graph, node.operands[i]);
    std::vector<std::string> letters = letters_of(shape);
    const int offset = node.attributes.offset;
    switch (node.op) {
        case Op::kGather:
            letters[0] = input_name(graph, node.operands[1]) + "[t]";
            break;
        case Op::kPickRow:
            letters[0] = input_name(graph, node.operands[1]) + "[0]";
            break;
        case Op::kTableRows:
        case Op::kTakeRows:
            letters[0] = shifted("t", offset);
            break;
        case Op::kTakeRow:
            letters[0] = std::to_string(offset);
            break;
        case Op::kConcatRows:
            letters[0] = shifted("t", -rows_before(graph, node, i));
            break;
        case Op::kLinear: {
            const Axis& summed = operand_shape(graph, node.operands[0]).axis(-1);
            if (i == 0) letters.back() = sum_letter(summed, node.shape);
            if (i == 1) letters.front() = sum_letter(summed, node.shape);
            break;
        }
        case Op::kMatmulNt:
        case Op::kMatmul:
            if (i == 1) set_key_letters(node, letters);
            break;
        case Op::kPairSum:
            if (i == 1) letters[1] = "s";
            break;
        case Op::kDotWeight:
            if (i == 2) letters = {"0"};
            break;
        case Op::kDistanceDots:
            if (i == 1) letters[1] = shifted("t", offset) + "-s";
            break;
        case Op::kClusterLogprobs:
            letters.back() = axis_letter(node.shape.axis(-1));
            break;
        case Op::kBucketBias:
            if (i == 1) letters = {"bucket(t,s)", "h"};
            break;
        case Op::kSplitHeads:
            letters[1] = fmt::format("h*{}+k", node.shape.extent(2));
            break;
        case Op::kMergeHeads:
            letters[0] = fmt::format("j/{}", shape.extent(2));
            letters[2] = fmt::format("j%{}", shape.extent(2));
            break;
        default:
            break;
    }
    return letters;
}

std::string operand_text(const Graph& graph, const Node& node, std::size_t i) {
    const Operand& operand = node.operands[i];
    if (operand.kind == OperandKind::kWeight) {
        return with_letters(graph.weight(operand.id).symbol, operand_letters(graph, node, i));
    }
    // A node of another block goes by its whole name: its short one may stand for this block's too.
    const Node& source = graph.node(operand.id);
    const bool is_far = source.layer >= 0 && source.layer != node.layer;
    return with_letters(is_far ? source.name : short_name(source.name),
                        operand_letters(graph, node, i));
}

std::string mask_text(const Attributes& attributes) {
    const std::string last = shifted("t", attributes.mask_offset);
    switch (attributes.mask) {
        case MaskRule::kNone:
            return "";
        case MaskRule::kCausal:
            return fmt::format(" where s <= {}, else -inf", last);
        case MaskRule::kWindow:
            return fmt::format(" where {} < s <= {}, else -inf",
                               shifted("t", attributes.mask_offset - attributes.window), last);
        case MaskRule::kBand:
            return fmt::format(" where |t-s| <= {}, else -inf", attributes.window);
    }
    return "";
}

// Which wave a column of a sinusoidal table has: "t / 10000^(2 floor(d/2) / 64)".
std::string wave_text(const Node& node) {
    const int width = node.shape.extent(-1);
    const SinusoidRule& rule = node.attributes.sinusoid;
    const std::string position = rule.clamp > 0 ? fmt::format("min(t,{})", rule.clamp) : "t";
    const std::string pair =
        rule.has_halves ? fmt::format("(d%{})", (width + 1) / 2) : std::string("floor(d/2)");
    return fmt::format("{} / 10000^(2 {} / {})", position, pair, width);
}

// What is said of a rotation beyond its angles.
std::string turn_text(const Node& node) {
    const RotaryRule& rule = node.attributes.rotary;
    const int width = node.shape.extent(-1);
    const int turned = 2 * static_cast<int>(rule.frequencies.size());
    std::string text;
    if (rule.scale != 1) text += ", times " + format_value(rule.scale);
    if (turned < width) {
        text += fmt::format(", where {} < {}", axis_letter(node.shape.axis(-1)), turned);
    }
    return text;
}

// Words beyond the first cluster have their cluster's number and their own in there.
std::string clusters_text(const Node& node) {
    const std::vector<int>& clusters = node.attributes.clusters;
    if (clusters.size() < 2) return "";
    const std::string word = axis_letter(node.shape.axis(-1));
    return fmt::format(" where {0} < {1}, else head[t,cluster of {0}] + tail[t,{0} in there]", word,
                       clusters[1]);
}

std::string attribute_text(const Node& node) {
    switch (node.op) {
        case Op::kScale:
            return node.attributes.scale_text;
        case Op::kRmsNorm:
        case Op::kLayerNorm:
            return fmt::format("{:g}", node.attributes.epsilon);
        case Op::kSoftCap:
            return format_value(static_cast<double>(node.attributes.cap));
        case Op::kGate:
        case Op::kActivation:
            return activation_name(node.attributes.activation);
        case Op::kSinusoid:
            return wave_text(node);
        case Op::kRotary:
            return turn_text(node);
        case Op::kMask:
            return mask_text(node.attributes);
        case Op::kDistanceDots:
            return fmt::format(", 0 where s > {}", shifted("t", node.attributes.offset));
        case Op::kClusterLogprobs:
            return clusters_text(node);
        default:
            return "";
    }
}

// All operands with `between` between them.
std::string list_operands(const Graph& graph, const Node& node, const char* between) {
    std::string text;
    for (std::size_t i = 0; i < node.operands.size(); ++i) {
        text += (i > 0 ? between : "") + operand_text(graph, node, i);
    }
    return text;
}

// " * w[d] + b[d]" of a norm, " * (1 + w[d])" of one whose weight is counted from 1.
std::string affine_text(const Graph& graph, const Node& node) {
    std::string text;
    const float offset = node.attributes.weight_offset;
    for (std::size_t i = 1; i < node.operands.size(); ++i) {
        const std::string operand = operand_text(graph, node, i);
        if (i == 1 && offset != 0.0F) {
            text += fmt::format(" * ({:g} + {})", offset, operand);
        } else {
            text += (i == 1 ? " * " : " + ") + operand;
        }
    }
    return text;
}

std::string placeholder_text(const Graph& graph, const Node& node, std::string_view key) {
    if (key == "out") return with_letters(short_name(node.name), letters_of(node.shape));
    if (key == "a") return operand_text(graph, node, 0);
    if (key == "b") return operand_text(graph, node, 1);
    if (key == "last") return axis_letter(node.shape.axis(-1));
    if (key == "text") return attribute_text(node);
    if (key == "count") {
        return std::to_string(graph.node(node.operands[0].id).shape.extent(0));
    }
    if (key == "sum") {
        return sum_letter(operand_shape(graph, node.operands[0]).axis(-1), node.shape);
    }
    if (key == "bias") return node.operands.size() > 2 ? " + " + operand_text(graph, node, 2) : "";
    if (key == "pixel") {
        const PatchSize& patch = node.attributes.patch;
        return fmt::format("{}[pixel {} of patch t], patches of {} x {}",
                           input_name(graph, node.operands[0]), axis_letter(node.shape.axis(-1)),
                           patch.height, patch.width);
    }
    if (key == "id") return input_name(graph, node.operands[0]) + "[t]";
    if (key == "all") return list_operands(graph, node, " + ");
    if (key == "rows") return list_operands(graph, node, ", then ");
    if (key == "affine") return affine_text(graph, node);
    report_bug(__FILE__, __LINE__, "an unknown placeholder in a formula: " + std::string(key));
}

}  // namespace

std::string formula_text(const Graph& graph, const Node& node) {
    const std::string_view pattern = op_row(node.op).formula;
    std::string text;
    std::size_t at = 0;
    while (at < pattern.size()) {
        const std::size_t open = pattern.find('{', at);
        if (open == std::string_view::npos) break;
        const std::size_t close = pattern.find('}', open);
        text += pattern.substr(at, open - at);
        text += placeholder_text(graph, node, pattern.substr(open + 1, close - open - 1));
        at = close + 1;
    }
    return text + std::string(pattern.substr(at));
}
std::string format_value(double value) {
    if (std::isnan(value)) return "nan";
    if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
    if (value == 0) return "0";
    const double magnitude = std::abs(value);
    if (magnitude < 0.0005 || magnitude >= 1e7) return fmt::format("{:.3e}", value);
    if (value == std::floor(value) && magnitude < 1e6) return fmt::format("{:.0f}", value);
    return fmt::format("{:.4f}", value);
}
}  // namespace heed
