#include "app/views/stage_formula.h"

#include <cctype>
#include <cmath>
#include <vector>

#include "app/views/axes.h"

namespace heed::app {

namespace {

constexpr int kDeepest = 12;  // nodes that one formula is composed of

std::string compose(const Graph& graph, NodeId id, int depth);

std::string symbol_of(const Node& node) {
    return std::string(symbol_name(node.name));
}

std::string symbol_of_operand(const Graph& graph, const Operand& operand) {
    if (operand.kind == OperandKind::kWeight) return graph.weight(operand.id).symbol;
    if (operand.kind == OperandKind::kInput) return "id";
    return symbol_of(graph.node(operand.id));
}

std::string linear_symbols(const Graph& graph, const Node& node) {
    std::string text = "x \u00b7 " + symbol_of_operand(graph, node.operands[1]);
    if (node.operands.size() > 2) text += " + " + symbol_of_operand(graph, node.operands[2]);
    return text;
}

std::string scale_symbols(std::string inside, const Attributes& attributes) {
    const std::string& text = attributes.scale_text;
    if (attributes.scale == 1) return inside;
    if (inside.find(" + ") != std::string::npos) inside = "(" + inside + ")";
    if (text.rfind("1 / sqrt(", 0) == 0) {
        return inside + " / \u221a" + text.substr(9, text.size() - 10);
    }
    if (text.rfind("1 / ", 0) == 0) return inside + " / " + text.substr(4);
    return inside + " \u00b7 " + text;
}

std::string sum_symbols(const Graph& graph, const Node& node) {
    std::string text;
    for (const Operand& operand : node.operands) {
        text += (text.empty() ? "" : " + ") + symbol_of_operand(graph, operand);
    }
    return text;
}

std::string heads_symbols(const Graph& graph, const Node& node) {
    const Node& of = graph.node(node.operands[0].id);
    const int heads = of.shape.extent(0);
    const std::string z(short_name(of.name));
    if (heads == 1) return z + "_0";
    if (heads == 2) return "[" + z + "_0, " + z + "_1]";
    return "[" + z + "_0, " + z + "_1, \u2026 " + z + "_" + std::to_string(heads - 1) + "]";
}

std::string norm_symbols(const Graph& graph, const Node& node) {
    std::string text = "(x \u2212 mean) / deviation";
    if (node.operands.size() > 1) text += " \u00b7 " + symbol_of_operand(graph, node.operands[1]);
    if (node.operands.size() > 2) text += " + " + symbol_of_operand(graph, node.operands[2]);
    return text;
}

std::string rms_symbols(const Graph& graph, const Node& node) {
    std::string text = "x / \u221a(mean x\u00b2)";
    if (node.operands.size() < 2) return text;
    const std::string weight = symbol_of_operand(graph, node.operands[1]);
    return text + " \u00b7 " +
           (node.attributes.weight_offset == 1 ? "(1 + " + weight + ")" : weight);
}

std::string cap_symbols(const std::string& inside, float cap) {
    std::string number = std::to_string(static_cast<int>(cap));
    if (static_cast<float>(static_cast<int>(cap)) != cap) number = "c";
    return number + " \u00b7 tanh(" + inside + " / " + number + ")";
}

// What later ways of telling positions do.
std::string position_symbols(const Graph& graph, const Node& node, const std::string& inside) {
    const std::string of = symbol_of_operand(graph, node.operands[0]);
    switch (node.op) {
        case Op::kRotary:
            return of + " turned by the position";
        case Op::kAlibi:
            return inside + " + slope \u00b7 s";
        case Op::kDistanceDots:
            return of + " \u00b7 distance";
        default:
            return inside + " + bias of t \u2212 s";
    }
}

std::string product_symbols(const Graph& graph, const Node& node, int depth) {
    const auto inside = [&](std::size_t i) {
        return compose(graph, node.operands[i].id, depth - 1);
    };
    switch (node.op) {
        case Op::kMatmulNt:
            return symbol_of_operand(graph, node.operands[0]) + " \u00b7 " +
                   symbol_of_operand(graph, node.operands[1]) + "\u1d40";
        case Op::kMatmul:
            return inside(0) + " \u00b7 " + symbol_of_operand(graph, node.operands[1]);
        case Op::kDotWeight:
            return symbol_of_operand(graph, node.operands[1]) + " \u00b7 " + inside(0);
        case Op::kPairSum:
            return sum_symbols(graph, node);
        case Op::kLogSoftmax:
            return "log softmax(" + symbol_of_operand(graph, node.operands[0]) + ")";
        case Op::kZeros:
            return "0";
        case Op::kRotary:
        case Op::kAlibi:
        case Op::kBucketBias:
        case Op::kDistanceDots:
            return position_symbols(graph, node, inside(0));
        default:
            return symbol_of(node);
    }
}

std::string compose(const Graph& graph, NodeId id, int depth) {
    const Node& node = graph.node(id);
    const std::string name = symbol_of(node);
    if (depth == 0 || node.op == Op::kRecorded) return name;
    const auto inside = [&] { return compose(graph, node.operands[0].id, depth - 1); };
    switch (node.op) {
        case Op::kGather:
            return symbol_of_operand(graph, node.operands[0]) + "[id]";
        case Op::kTableRows:
            return symbol_of_operand(graph, node.operands[0]) + "[position]";
        case Op::kSinusoid:
            return "sin, cos of the position";
        case Op::kAlias:
            return inside();
        case Op::kAdd:
            return sum_symbols(graph, node);
        case Op::kLayerNorm:
            return norm_symbols(graph, node);
        case Op::kRmsNorm:
            return rms_symbols(graph, node);
        case Op::kSoftCap:
            return cap_symbols(inside(), node.attributes.cap);
        case Op::kLinear:
            return linear_symbols(graph, node);
        case Op::kMergeHeads:
            return heads_symbols(graph, node);
        case Op::kScale:
            return scale_symbols(inside(), node.attributes);
        case Op::kMask:
            return node.attributes.mask == MaskRule::kNone ? inside() : "mask(" + inside() + ")";
        case Op::kSoftmax:
            return "softmax(" +
                   (node.stage == Stage::kSoftmax ? inside()
                                                  : symbol_of_operand(graph, node.operands[0])) +
                   ")";
        case Op::kNormaliseSum:
            return "(" + inside() + ") / \u2211";
        case Op::kActivation: {
            const std::string argument =
                node.stage == Stage::kScore ? inside() : symbol_of_operand(graph, node.operands[0]);
            std::string function = activation_name(node.attributes.activation);
            function = function.substr(0, function.find(' '));
            return function + "(" + argument + ")";
        }
        case Op::kTakeRow:
        case Op::kSplitHeads:
            return symbol_of_operand(graph, node.operands[0]) +
                   (node.op == Op::kTakeRow ? "[" + std::to_string(node.attributes.offset) + "]"
                                            : "");
        default:
            return product_symbols(graph, node, depth);
    }
}

// A piece of a formula that stands at one height.
struct Run {
    std::string_view text;
    bool is_low = false;
};

std::vector<Run> cut_runs(std::string_view formula) {
    constexpr std::string_view kCross = "cross_attn";
    std::vector<Run> runs;
    const auto is_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
    std::size_t begin = 0;
    for (std::size_t at = 0; at < formula.size(); ++at) {
        // "cross_attn_out": a name of two words stands at one height.
        if (formula.substr(at, kCross.size()) == kCross) at += kCross.size();
        if (at >= formula.size() || formula[at] != '_' || at + 1 >= formula.size() ||
            !is_word(formula[at + 1]))
            continue;
        if (at > begin) runs.push_back({formula.substr(begin, at - begin), false});
        std::size_t end = at + 1;
        while (end < formula.size() && (is_word(formula[end]) || formula[end] == '_')) ++end;
        runs.push_back({formula.substr(at + 1, end - at - 1), true});
        begin = end;
        at = end - 1;
    }
    if (begin < formula.size()) runs.push_back({formula.substr(begin), false});
    return runs;
}

Type type_of(const Run& run, bool is_small) {
    return is_small || run.is_low ? Type::kFormulaSmall : Type::kFormula;
}

}  // namespace

std::string symbols_of(const Graph& graph, NodeId node) {
    return compose(graph, node, kDeepest);
}

std::string stage_formula(const Graph& graph, const StageEntry& entry, NodeId node) {
    if (entry.help == "tokens") return "text \u2192 pieces \u2192 ids";
    if (entry.help == "weigh") return "weight \u00b7 value";
    const Node& asked = graph.node(node);
    if (entry.help == "sum") return "z = \u2211 weight \u00b7 value";
    const std::string right = symbols_of(graph, node);
    const std::string left(symbol_name(asked.name));
    if (right == left) return left;
    const bool names_left = asked.stage == Stage::kProject || asked.stage == Stage::kFeedForward ||
                            asked.stage == Stage::kUnembed;
    return names_left ? left + " = " + right : right;
}

float measure_formula(const UiContext& ui, std::string_view formula, bool is_small) {
    float width = 0;
    for (const Run& run : cut_runs(formula)) {
        width += measure_text(ui, type_of(run, is_small), run.text);
    }
    return std::ceil(width) + ui.px(2);
}

void draw_formula(UiContext& ui, std::string_view id, const Rect& rect, std::string_view formula,
                  bool is_small) {
    float x = rect.x;
    const float drop = line_height(ui, is_small ? Type::kFormulaSmall : Type::kFormula) * 0.2F;
    for (const Run& run : cut_runs(formula)) {
        const Type type = type_of(run, is_small);
        const float top = rect.centre().y - line_height(ui, type) / 2 + (run.is_low ? drop : 0);
        x += draw_text_at(ui, {type, ui.theme.ink}, {x, top}, run.text);
    }
    log_item(ui, id, "text", formula, std::nullopt, rect);
}

}  // namespace heed::app
