#include "app/document/selection.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/base/check.h"

namespace heed::app {

namespace {

// A position into `extent` entries; 0 where there are none.
int clamp_position(int position, int extent) {
    return std::clamp(position, 0, std::max(0, extent - 1));
}

int sequence_length(const Graph& graph, int sequence) {
    return graph.sequences().at(static_cast<std::size_t>(sequence)).length;
}

bool belongs_to(const AttentionSite& site, NodeId node) {
    const std::optional<NodeId> nodes[] = {site.q,      site.k,      site.v,       site.dots,
                                           site.scaled, site.masked, site.pattern, site.z,
                                           site.concat, site.out};
    return std::any_of(std::begin(nodes), std::end(nodes),
                       [node](const std::optional<NodeId>& own) { return own == node; });
}

const AttentionSite* find_owner(const Graph& graph, NodeId node) {
    for (const AttentionSite& site : graph.attentions()) {
        if (belongs_to(site, node)) return &site;
    }
    return nullptr;
}

// Keys and values are computed for key positions, though their axis may be called T.
bool is_of_keys(const AttentionSite* site, NodeId node) {
    return site != nullptr && (site->k == node || site->v == node);
}

// The selection at `site`, whose queries and keys may be other sequences.
void move_to_site(const Graph& graph, Selection& selection, const AttentionSite& site) {
    const AttentionSite* from = find_site(graph, selection);
    selection.site = site_word(site);
    selection.layer = site.layer;
    if (from == nullptr) return;
    const Selection before = selection;
    if (site.query_sequence != from->query_sequence && site.query_sequence == from->key_sequence) {
        selection.query = before.key;
    }
    if (site.key_sequence != from->key_sequence && site.key_sequence == from->query_sequence) {
        selection.key = before.query;
    }
}

// The sequence of a node's T axis; -1 where it has none.
int sequence_of(const Node& node) {
    for (const Axis& axis : node.shape.axes()) {
        if (axis.name == "T") return axis.sequence;
    }
    return -1;
}

// Where the selection has to go so that `node` is within its attention, or at least at the words
// that look.
void follow(const Graph& graph, Selection& selection, NodeId node) {
    if (const AttentionSite* owner = find_owner(graph, node)) {
        if (!owner->pattern || site_word(*owner) == selection.site) return;
        return move_to_site(graph, selection, *owner);
    }
    const AttentionSite* now = find_site(graph, selection);
    const int sequence = sequence_of(graph.node(node));
    if (now == nullptr || sequence < 0 || now->query_sequence == sequence) return;
    const int layer = graph.node(node).layer;
    const AttentionSite* best = nullptr;
    for (const AttentionSite& site : graph.attentions()) {
        if (!site.pattern || site.query_sequence != sequence) continue;
        const bool is_here = site.layer == (layer >= 0 ? layer : selection.layer);
        if (best == nullptr || (is_here && site_word(*best) == site_word(site))) best = &site;
    }
    if (best != nullptr) move_to_site(graph, selection, *best);
}

// How far a sequence lies behind another that it is a part of, or the other way round: the patches
// behind the row for the whole picture that stands before them. 0 where neither is.
int rows_between(const Graph& graph, int from, int to) {
    for (const Node& node : graph.nodes()) {
        if (node.op != Op::kConcatRows) continue;
        const int whole = sequence_of(node);
        if (whole != from && whole != to) continue;
        int before = 0;
        for (const Operand& operand : node.operands) {
            const bool is_node = operand.kind == OperandKind::kNode;
            const int part = is_node ? sequence_of(graph.node(operand.id)) : -1;
            if (whole == to && part == from) return before;
            if (whole == from && part == to) return -before;
            before += is_node ? graph.node(operand.id).shape.extent(0)
                              : graph.weight(operand.id).shape.extent(0);
        }
    }
    return 0;
}

// The cell of a node that lies at the selection's head, query and key.
std::vector<int> fitting_cell(const Graph& graph, NodeId node, const Selection& selection) {
    const AttentionSite* site = find_owner(graph, node);
    const AttentionSite* chosen = find_site(graph, selection);
    std::vector<int> cell;
    for (const Axis& axis : graph.node(node).shape.axes()) {
        int wanted = 0;
        if (axis.name == "H") {
            // A head of keys serves a group of query heads.
            const bool is_group = site != nullptr && axis.extent == site->key_heads;
            wanted = is_group ? selection.head * site->key_heads / site->heads : selection.head;
        }
        if (axis.name == "T") {
            const bool is_key = is_of_keys(site, node);
            wanted = is_key ? selection.key : selection.query;
            const int asked = chosen == nullptr ? axis.sequence
                              : is_key          ? chosen->key_sequence
                                                : chosen->query_sequence;
            if (asked != axis.sequence) wanted += rows_between(graph, asked, axis.sequence);
        }
        if (axis.name == "S") wanted = selection.key;
        cell.push_back(clamp_position(wanted, axis.extent));
    }
    return cell;
}

void clamp_head_and_tokens(const Graph& graph, Selection& selection) {
    const AttentionSite* site = find_site(graph, selection);
    if (site == nullptr) {
        selection.head = selection.query = selection.key = 0;
        return;
    }
    selection.head = clamp_position(selection.head, site->heads);
    selection.query = clamp_position(selection.query, sequence_length(graph, site->query_sequence));
    selection.key = clamp_position(selection.key, sequence_length(graph, site->key_sequence));
}

void clamp_site(const Graph& graph, Selection& selection) {
    const std::vector<std::string> words = list_site_words(graph);
    const bool is_there = std::find(words.begin(), words.end(), selection.site) != words.end();
    if (!is_there) selection.site = words.empty() ? "" : words.front();
}

void clamp_layer(const Graph& graph, Selection& selection) {
    const std::vector<int> layers = list_attention_layers(graph, selection.site);
    if (layers.empty()) {
        selection.layer = 0;
    } else if (!std::binary_search(layers.begin(), layers.end(), selection.layer)) {
        const auto above = std::upper_bound(layers.begin(), layers.end(), selection.layer);
        selection.layer = above == layers.begin() ? layers.front() : *std::prev(above);
    }
}

}  // namespace

std::string site_word(const AttentionSite& site) {
    if (site.kind == AttentionKind::kCross) return "cross";
    const std::size_t blocks = site.name.find("blocks.");
    if (blocks == 0 || blocks == std::string::npos) return "self";
    return site.name.substr(0, blocks - 1);
}

std::vector<std::string> list_site_words(const Graph& graph) {
    std::vector<std::string> words;
    for (const AttentionSite& site : graph.attentions()) {
        if (!site.pattern) continue;
        std::string word = site_word(site);
        if (std::find(words.begin(), words.end(), word) == words.end()) {
            words.push_back(std::move(word));
        }
    }
    return words;
}

const AttentionSite* find_site(const Graph& graph, int layer, std::string_view word) {
    for (const AttentionSite& site : graph.attentions()) {
        if (site.layer != layer || !site.pattern) continue;
        if (word.empty() || site_word(site) == word) return &site;
    }
    return nullptr;
}

const AttentionSite* find_site(const Graph& graph, const Selection& selection) {
    return find_site(graph, selection.layer, selection.site);
}

std::vector<int> list_attention_layers(const Graph& graph, std::string_view word) {
    std::vector<int> layers;
    for (const AttentionSite& site : graph.attentions()) {
        if (site.pattern && (word.empty() || site_word(site) == word)) layers.push_back(site.layer);
    }
    std::sort(layers.begin(), layers.end());
    layers.erase(std::unique(layers.begin(), layers.end()), layers.end());
    return layers;
}

Selection choose_site(const Graph& graph, Selection selection, std::string_view word) {
    Selection wanted = selection;
    wanted.site = word;
    clamp_site(graph, wanted);
    clamp_layer(graph, wanted);
    if (const AttentionSite* site = find_site(graph, wanted)) {
        move_to_site(graph, selection, *site);
    }
    return clamp_selection(graph, std::move(selection));
}

Selection clamp_selection(const Graph& graph, Selection wanted) {
    clamp_site(graph, wanted);
    clamp_layer(graph, wanted);
    clamp_head_and_tokens(graph, wanted);
    const std::optional<NodeId> node = graph.find(wanted.node);
    if (!node) return ask_pattern(graph, std::move(wanted));
    const Shape& shape = graph.node(*node).shape;
    if (static_cast<int>(wanted.cell.size()) != shape.rank()) {
        wanted.cell = fitting_cell(graph, *node, wanted);
    }
    for (int i = 0; i < shape.rank(); ++i) {
        int& index = wanted.cell[static_cast<std::size_t>(i)];
        index = clamp_position(index, shape.extent(i));
    }
    return wanted;
}

Selection default_selection(const Graph& graph) {
    return clamp_selection(graph, {});
}

Selection ask_pattern(const Graph& graph, Selection selection) {
    if (const AttentionSite* site = find_site(graph, selection)) {
        return ask_node(graph, std::move(selection), *site->pattern);
    }
    if (graph.size() > 0) return ask_node(graph, std::move(selection), graph.size() - 1);
    selection.node.clear();
    selection.cell.clear();
    return selection;
}

Selection ask_cell(const Graph& graph, Selection selection, NodeId node, std::vector<int> cell) {
    const Node& asked = graph.node(node);
    HEED_CHECK_EQ(static_cast<int>(cell.size()), asked.shape.rank());
    selection.node = asked.name;
    selection.cell = std::move(cell);
    follow(graph, selection, node);
    if (const AttentionSite* site = find_owner(graph, node)) {
        selection.layer = site->layer;
        for (int i = 0; i < asked.shape.rank(); ++i) {
            const std::string& axis = asked.shape.axis(i).name;
            const int index = selection.cell[static_cast<std::size_t>(i)];
            if (axis == "H" && site->heads == asked.shape.extent(i)) selection.head = index;
            const bool is_key = axis == "S" || (axis == "T" && is_of_keys(site, node));
            if (is_key) selection.key = index;
            if (axis == "T" && !is_key) selection.query = index;
        }
    }
    return clamp_selection(graph, std::move(selection));
}

Selection ask_node(const Graph& graph, Selection selection, NodeId node) {
    follow(graph, selection, node);
    std::vector<int> cell = fitting_cell(graph, node, selection);
    selection.node = graph.node(node).name;
    selection.cell = std::move(cell);
    return clamp_selection(graph, std::move(selection));
}

}  // namespace heed::app
