#include "app/views/stage_words.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

#include "app/ui/numbers.h"
#include "app/views/axes.h"
#include "app/views/piece_words.h"
#include "core/analysis/logit_lens.h"

namespace heed::app {

namespace {

using Row = std::vector<float>;

std::string number_text(double value, int decimals = 2) {
    return std::string(format_number(value, decimals).view());
}

// "69", "under 1".
std::string percent_text(double share) {
    if (share > 0 && share < 0.005) return "under 1";
    return number_text(100 * share, 0);
}

// The row of a node that holds `cell`; empty where it has none.
Row read_row(const Trace& trace, NodeId node, const std::vector<int>& cell) {
    const Shape& shape = trace.graph().node(node).shape;
    if (shape.rank() == 0 || shape.count() == 0) return {};
    const RowPlace place = place_of(shape, cell);
    const Tile tile = trace.wait(
        node, {place.outer, place.outer + 1, place.row, place.row + 1, 0, shape.extent(-1)});
    const float* values = tile.row(place.outer, place.row);
    return {values, values + shape.extent(-1)};
}

std::vector<int> cell_of(const Trace& trace, const Selection& selection, NodeId node) {
    if (trace.graph().node(node).name == selection.node) return selection.cell;
    return ask_node(trace.graph(), selection, node).cell;
}

struct Spread {
    double mean = 0;
    double deviation = 0;
    double length = 0;
};
Spread measure(const Row& row) {
    Spread spread;
    double squares = 0;
    for (const float value : row) {
        spread.mean += static_cast<double>(value);
        squares += static_cast<double>(value) * static_cast<double>(value);
    }
    const double count = std::max<double>(1, static_cast<double>(row.size()));
    spread.mean /= count;
    spread.length = std::sqrt(squares);
    double off = 0;
    for (const float value : row) {
        const double by = static_cast<double>(value) - spread.mean;
        off += by * by;
    }
    spread.deviation = std::sqrt(off / count);
    return spread;
}

void add_selection_words(const Trace& trace, const Selection& selection, StageWords& words) {
    const Graph& graph = trace.graph();
    words["layer"] = std::to_string(selection.layer);
    words["head"] = std::to_string(selection.head);
    const AttentionSite* site = find_site(graph, selection);
    words.merge(piece_words(site == nullptr ? std::span<const TokenLabel>{}
                                            : trace.labels(site->key_sequence)));
    if (site == nullptr) return;
    words["query"] = token_text(trace, site->query_sequence, selection.query);
    words["key"] = token_text(trace, site->key_sequence, selection.key);
    words["t"] = std::to_string(selection.query);
    words["s"] = std::to_string(selection.key);
    words["heads"] = std::to_string(site->heads);
    words["d_head"] = std::to_string(site->d_head);
    const auto length = [&](int sequence) {
        return std::to_string(graph.sequences()[static_cast<std::size_t>(sequence)].length);
    };
    words["T"] = length(site->query_sequence);
    words["S"] = length(site->key_sequence);
    if (!site->scaled) return;
    const double factor = static_cast<double>(graph.node(*site->scaled).attributes.scale);
    if (factor != 0) words["divisor"] = number_text(1 / factor);
}

// The weights of the chosen word: to whom most of them go. True where one is negative.
bool add_weight_words(const Trace& trace, const Selection& selection, StageWords& words) {
    const AttentionSite* site = find_site(trace.graph(), selection);
    if (site == nullptr) return false;
    const Row row = read_row(trace, *site->pattern, cell_of(trace, selection, *site->pattern));
    if (row.empty()) return false;
    std::vector<int> order(row.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&row](int a, int b) {
        return row[static_cast<std::size_t>(a)] > row[static_cast<std::size_t>(b)];
    });
    const auto at = [&](std::size_t rank) { return row[static_cast<std::size_t>(order[rank])]; };
    words["top"] = token_text(trace, site->key_sequence, order[0]);
    words["percent"] = percent_text(static_cast<double>(at(0)));
    words["top_weight"] = number_text(static_cast<double>(at(0)), 3);
    if (order.size() > 1) {
        words["second"] = token_text(trace, site->key_sequence, order[1]);
        words["second_percent"] = percent_text(static_cast<double>(at(1)));
    }
    const auto many = std::count_if(row.begin(), row.end(), [](float w) { return w >= 0.01F; });
    words["many"] = std::to_string(many);
    words["weight"] = number_text(static_cast<double>(row[static_cast<std::size_t>(std::clamp(
                                      selection.key, 0, static_cast<int>(row.size()) - 1))]),
                                  3);
    return std::any_of(row.begin(), row.end(), [](float w) { return w < 0; });
}

// Largest and smallest of a row of scores, and how many keys are hidden.
void add_row_words(const Trace& trace, const Node& node, const Row& row, StageFacts& facts) {
    if (row.empty()) return;
    StageWords& words = facts.words;
    const Axis& axis = node.shape.axis(-1);
    const auto name = [&](std::size_t at) { return entry_text(trace, axis, static_cast<int>(at)); };
    std::size_t largest = 0;
    std::size_t smallest = row.size();
    int hidden = 0;
    for (std::size_t i = 0; i < row.size(); ++i) {
        if (row[i] > row[largest]) largest = i;
        if (row[i] == -std::numeric_limits<float>::infinity()) {
            ++hidden;
        } else if (smallest == row.size() || row[i] < row[smallest]) {
            smallest = i;
        }
    }
    facts.largest_at = static_cast<int>(largest);
    words["largest"] = name(largest);
    words["largest_value"] = number_text(static_cast<double>(row[largest]));
    if (smallest < row.size()) {
        words["smallest"] = name(smallest);
        words["smallest_value"] = number_text(static_cast<double>(row[smallest]));
    }
    words["hidden"] = std::to_string(hidden);
    words["columns"] = std::to_string(row.size());
    words["largest_percent"] = percent_text(static_cast<double>(row[largest]));
    const Spread spread = measure(row);
    words["mean_after"] = number_text(spread.mean);
    words["deviation_after"] = number_text(spread.deviation);
    words["length"] = number_text(spread.length);
    const auto below = std::count_if(row.begin(), row.end(), [](float v) { return v > 0; });
    words["positive"] = std::to_string(below);
}

// What went into the chosen cell and its row.
void add_input_words(const Trace& trace, const Selection& selection, const Node& node,
                     const std::vector<int>& cell, StageWords& words) {
    int number = 0;
    for (const Operand& operand : node.operands) {
        if (operand.kind != OperandKind::kNode) continue;
        const Node& input = trace.graph().node(operand.id);
        const bool is_alike = input.shape == node.shape;
        const Row row =
            read_row(trace, operand.id, is_alike ? cell : cell_of(trace, selection, operand.id));
        const Spread spread = measure(row);
        const std::string suffix = std::string(1, static_cast<char>('a' + number));
        words["name_" + suffix] = std::string(local_name(input.name));
        words["length_" + suffix] = number_text(spread.length);
        words["inner"] = std::to_string(row.size());
        if (number == 0) {
            words["mean"] = number_text(spread.mean);
            words["deviation"] = number_text(spread.deviation);
            if (is_alike && !row.empty()) {
                words["before"] = number_text(
                    static_cast<double>(row[static_cast<std::size_t>(std::max(0, cell.back()))]));
            }
        }
        if (++number == 3) break;
    }
}

std::string choose_help(const Graph& graph, const StageEntry& entry, const Node& node,
                        const StageFacts& facts, bool has_negative) {
    const std::string help = stage_help(graph, entry);
    const auto hidden = facts.words.find("all_hidden");
    if (help == "mask" && hidden != facts.words.end() && hidden->second == "0") return "mask/none";
    const auto piece = facts.words.find("word");
    if (help == "position" && piece != facts.words.end() && piece->second == "patch") {
        return "position/patches";
    }
    if (help == "sum" && has_negative) return "sum/signed";
    if (help == "weigh" && has_negative) return "weigh/signed";
    if (node.kind == ValueKind::kProbability) return help;
    if (help == "unembed/probs") return "unembed";
    if (help == "unembed/probs/next") return "unembed/next";
    return help;
}

// Whether the words that a node decides among are those that follow.
bool says_next(const Graph& graph, NodeId node) {
    const std::vector<Predictor> all = find_predictors(graph);
    return std::any_of(all.begin(), all.end(), [node](const Predictor& predictor) {
        return predictor.is_causal && (predictor.logits == node || predictor.probs == node);
    });
}

// How many cells of the head's matrix are -inf.
int count_hidden(const Trace& trace, NodeId node, const std::vector<int>& cell) {
    const Shape& shape = trace.graph().node(node).shape;
    if (shape.rank() < 2 || shape.count() == 0) return 0;
    const int outer = place_of(shape, cell).outer;
    const Tile tile =
        trace.wait(node, {outer, outer + 1, 0, shape.extent(-2), 0, shape.extent(-1)});
    int hidden = 0;
    for (int r = 0; r < shape.extent(-2); ++r) {
        const float* row = tile.row(outer, r);
        hidden += static_cast<int>(
            std::count(row, row + shape.extent(-1), -std::numeric_limits<float>::infinity()));
    }
    return hidden;
}

}  // namespace

std::string stage_help(const Graph& graph, const StageEntry& entry) {
    const Node& node = graph.node(entry.shown);
    const std::string& help = entry.help;
    const auto has = [&](Op op) {
        return std::any_of(entry.nodes.begin(), entry.nodes.end(),
                           [&](NodeId id) { return graph.node(id).op == op; });
    };
    if (help == "embed" && node.op == Op::kLinear) return "embed/map";
    if (help == "embed" && has(Op::kConcatRows)) return "embed/patches";
    if (help == "project q k v" && entry.part == "cross") return "project q k v/cross";
    if (help == "position" && node.op == Op::kRotary) return "position/rotary";
    if (help == "position" && node.op == Op::kAlibi) return "position/slopes";
    if (help == "position" && node.op == Op::kBucketBias) return "position/distances";
    if (help == "norm" && has(Op::kRmsNorm)) return "norm/rms";
    if (help == "feed forward" && has(Op::kGate)) return "feed forward/gated";
    if (help == "pool" && has(Op::kPickRow)) return "pool/end";
    if (help == "pool" && has(Op::kMeanRows)) return "pool/mean";
    if (help == "scale" && node.op == Op::kRecorded) return "scale/recorded";
    if (help == "scale" && node.attributes.scale == 1) return "scale/none";
    if (help == "mask" && node.op == Op::kMask && node.attributes.mask == MaskRule::kNone) {
        return "mask/none";
    }
    if (help == "score" && node.op == Op::kDotWeight) return "score/additive";
    if (help == "concatenate" && node.op == Op::kMergeHeads &&
        graph.node(node.operands[0].id).shape.extent(0) == 1) {
        return "concatenate/one";
    }
    if (help == "concatenate" && node.shape.rank() > 0 &&
        short_name(node.name).find("_rows") != std::string_view::npos) {
        return "concatenate/rows";
    }
    if (help == "unembed" && node.shape.axis(-1).name == "T") return "unembed/each";
    if (help == "unembed" && node.shape.axis(-1).name == "P") {
        return node.kind == ValueKind::kProbability ? "unembed/shares" : "unembed/labels";
    }
    if (help != "unembed") return help;
    const std::string next = says_next(graph, entry.shown) ? "/next" : "";
    return (node.kind == ValueKind::kProbability ? help + "/probs" : help) + next;
}

StageFacts name_facts(const Trace& trace, const Selection& selection, const StageEntry& entry,
                      NodeId id) {
    StageFacts facts;
    const Node& node = trace.graph().node(id);
    add_selection_words(trace, selection, facts.words);
    facts.words["node"] = std::string(local_name(node.name));
    facts.words["cell"] = spoken_cell(trace, id, cell_of(trace, selection, id));
    facts.help = choose_help(trace.graph(), entry, node, facts, false);
    return facts;
}

StageFacts collect_facts(const Trace& trace, const Selection& selection, const StageEntry& entry,
                         NodeId id) {
    StageFacts facts = name_facts(trace, selection, entry, id);
    StageWords& words = facts.words;
    const Node& node = trace.graph().node(id);
    const bool has_negative = add_weight_words(trace, selection, words);
    const std::vector<int> cell = cell_of(trace, selection, id);
    const Row row = read_row(trace, id, cell);
    add_row_words(trace, node, row, facts);
    add_input_words(trace, selection, node, cell, words);
    if (!row.empty()) {
        words["after"] =
            number_text(static_cast<double>(row[static_cast<std::size_t>(cell.back())]));
    }
    if (entry.help == "mask") {
        words["all_hidden"] = std::to_string(count_hidden(trace, id, cell));
        const int cells = node.shape.rank() < 2 ? 0 : node.shape.extent(-1) * node.shape.extent(-2);
        words["cells"] = std::to_string(cells);
    }
    facts.help = choose_help(trace.graph(), entry, node, facts, has_negative);
    return facts;
}

}  // namespace heed::app
