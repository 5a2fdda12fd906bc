#include "app/views/axes.h"

#include <algorithm>
#include <utility>

#include "core/base/check.h"

namespace heed::app {

namespace {

constexpr std::string_view kSpaceMark = "\u2423";

bool is_of_keys(const Graph& graph, NodeId node) {
    return std::any_of(
        graph.attentions().begin(), graph.attentions().end(),
        [node](const AttentionSite& site) { return site.k == node || site.v == node; });
}

MatrixAxis make_axis(const Trace& trace, NodeId node, const Axis& axis) {
    MatrixAxis made{axis_letter(axis), axis.extent, {}, AxisRole::kPlain};
    const AxisNames* names = trace.inputs().names.get();
    if (names != nullptr && names->has_names(axis)) {
        made.names = names;
        made.axis = &axis;
    }
    if (axis.sequence < 0) return made;
    made.tokens = trace.labels(axis.sequence);
    if (static_cast<int>(made.tokens.size()) != axis.extent) made.tokens = {};
    const bool is_key = axis.name == "S" || is_of_keys(trace.graph(), node);
    made.role = is_key ? AxisRole::kKey : AxisRole::kQuery;
    return made;
}

}  // namespace

std::string token_text(const TokenLabel& label) {
    const std::size_t first = label.text.find_first_not_of(' ');
    if (first == std::string::npos) return std::string(kSpaceMark);
    std::string text;
    for (const char c : std::string_view(label.text).substr(first)) {
        if (c == '\n') {
            text += "\\n";
        } else if (c == '\t') {
            text += "\\t";
        } else {
            text += c;
        }
    }
    return text;
}

std::string token_text(const Trace& trace, int sequence, int position) {
    const std::span<const TokenLabel> labels = trace.labels(sequence);
    if (position < 0 || static_cast<std::size_t>(position) >= labels.size()) {
        return std::to_string(position);
    }
    return token_text(labels[static_cast<std::size_t>(position)]);
}

std::string entry_text(const Trace& trace, const Axis& axis, int position) {
    if (axis.sequence >= 0) return token_text(trace, axis.sequence, position);
    const AxisNames* names = trace.inputs().names.get();
    std::string name = names == nullptr ? "" : names->name(axis, position);
    return name.empty() ? std::to_string(position) : name;
}

std::string MatrixAxis::label(int position) const {
    if (letter.empty()) return "";
    if (names != nullptr) {
        std::string name = names->name(*axis, position);
        if (!name.empty()) return name;
    }
    if (tokens.empty()) return std::to_string(position);
    return token_text(tokens[static_cast<std::size_t>(position)]);
}

bool MatrixAxis::is_faint(int position) const {
    if (tokens.empty()) return names == nullptr;
    // The segment before is quieter than the words themselves.
    const TokenLabel& token = tokens[static_cast<std::size_t>(position)];
    return token.is_special || token.text_index == 3;
}

int MatrixPlace::row() const {
    return cell.size() < 2 ? 0 : cell[cell.size() - 2];
}

int MatrixPlace::column() const {
    return cell.empty() ? 0 : cell.back();
}

std::vector<int> MatrixPlace::cell_at(int row, int column) const {
    std::vector<int> at = cell;
    if (!at.empty()) at.back() = column;
    if (at.size() >= 2) at[at.size() - 2] = row;
    return at;
}

MatrixPlace place_matrix(const Trace& trace, const Selection& selection, NodeId node) {
    const Graph& graph = trace.graph();
    const Node& asked = graph.node(node);
    MatrixPlace place;
    place.node = node;
    place.cell =
        selection.node == asked.name ? selection.cell : ask_node(graph, selection, node).cell;
    const Shape& shape = asked.shape;
    place.outer = shape.rank() > 0 ? place_of(shape, place.cell).outer : 0;
    place.rows.extent = 1;
    place.columns.extent = 1;
    if (shape.rank() >= 1) place.columns = make_axis(trace, node, shape.axis(-1));
    if (shape.rank() >= 2) place.rows = make_axis(trace, node, shape.axis(-2));
    return place;
}

Selection ask_word_cell(const Trace& trace, const Selection& selection, NodeId node,
                        std::vector<int> cell) {
    const Graph& graph = trace.graph();
    Selection asked = ask_cell(graph, selection, node, std::move(cell));
    const AttentionSite* site = find_site(graph, asked);
    if (site == nullptr || is_of_keys(graph, node)) return asked;
    const Shape& shape = graph.node(node).shape;
    for (int i = 0; i < shape.rank(); ++i) {
        const Axis& axis = shape.axis(i);
        if (axis.name == "T" && axis.sequence == site->query_sequence) {
            asked.query = asked.cell[static_cast<std::size_t>(i)];
        }
    }
    return clamp_selection(graph, std::move(asked));
}

std::string_view local_name(std::string_view node_name) {
    constexpr std::string_view kBlocks = "blocks.";
    constexpr std::string_view kAttention = "attn.";
    const std::size_t blocks = node_name.find(kBlocks);
    if (blocks != std::string_view::npos) {
        const std::size_t dot = node_name.find('.', blocks + kBlocks.size());
        if (dot != std::string_view::npos) node_name.remove_prefix(dot + 1);
    }
    if (node_name.substr(0, kAttention.size()) == kAttention) {
        node_name.remove_prefix(kAttention.size());
    }
    return node_name;
}

std::string_view symbol_name(std::string_view node_name) {
    node_name = local_name(node_name);
    for (const std::string_view prefix : {"encoder.", "decoder.", "cross_attn."}) {
        if (node_name.starts_with(prefix)) node_name.remove_prefix(prefix.size());
    }
    return node_name;
}

std::string place_text(const Graph& graph, const Selection& selection) {
    std::string text = "layer " + std::to_string(selection.layer);
    if (list_site_words(graph).size() > 1) text += ", " + selection.site;
    return text + " \u00b7 head " + std::to_string(selection.head);
}

std::string spoken_cell(const Trace& trace, NodeId node, const std::vector<int>& cell) {
    const Node& asked = trace.graph().node(node);
    std::string text(local_name(asked.name));
    HEED_CHECK_EQ(static_cast<int>(cell.size()), asked.shape.rank());
    // Heads are part of the selection; their number is left to the exact name.
    bool is_first = true;
    for (int i = 0; i < asked.shape.rank(); ++i) {
        const Axis& axis = asked.shape.axis(i);
        if (axis.name == "H") continue;
        const int position = cell[static_cast<std::size_t>(i)];
        text += is_first ? "[" : ", ";
        text += entry_text(trace, axis, position);
        is_first = false;
    }
    return is_first ? text : text + "]";
}

std::string exact_cell(const std::string& name, const std::vector<int>& cell) {
    std::string text = name + "[";
    for (std::size_t i = 0; i < cell.size(); ++i) {
        text += (i > 0 ? "," : "") + std::to_string(cell[i]);
    }
    return text + "]";
}

}  // namespace heed::app
