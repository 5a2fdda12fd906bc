#include "core/analysis/score_terms.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/base/check.h"

namespace heed {

namespace {

// Follows the operands of `from` back to `to` through nodes of its shape; `chain` gets the way,
// `from` first. False where no way leads there.
bool walk_back(const Graph& graph, NodeId from, NodeId to, std::vector<NodeId>& chain) {
    chain.push_back(from);
    if (from == to) return true;
    for (const Operand& operand : graph.node(from).operands) {
        if (operand.kind != OperandKind::kNode || operand.id < to) continue;
        if (walk_back(graph, operand.id, to, chain)) return true;
    }
    chain.pop_back();
    return false;
}

// Without operands (a trace from a file) the site's nodes in their order.
std::vector<NodeId> find_chain(const Graph& graph, const AttentionSite& site, NodeId score) {
    std::vector<NodeId> chain;
    if (walk_back(graph, *site.pattern, score, chain)) {
        std::reverse(chain.begin(), chain.end());
        return chain;
    }
    chain = {score};
    for (const char* part : {"scaled", "biased", "capped", "masked"}) {
        const std::optional<NodeId> node = graph.find(site.name + "." + part);
        if (node && *node != score) chain.push_back(*node);
    }
    chain.push_back(*site.pattern);
    return chain;
}

bool is_of_heads(const Graph& graph, NodeId node, int width) {
    const Shape& shape = graph.node(node).shape;
    return shape.rank() == 3 && shape.extent(2) == width;
}

std::optional<ScoreParts> find_additive(const Graph& graph, const Node& score, ScoreParts parts) {
    if (score.operands.size() < 2 || score.operands[0].kind != OperandKind::kNode ||
        score.operands[1].kind != OperandKind::kWeight) {
        return std::nullopt;
    }
    const Node& bent = graph.node(score.operands[0].id);
    if (bent.op != Op::kActivation || bent.shape.rank() != 4) return std::nullopt;
    const Node& sums = graph.node(bent.operands[0].id);
    if (sums.op != Op::kPairSum) return std::nullopt;
    parts.kind = ScoreParts::Kind::kAdditive;
    parts.bent = score.operands[0].id;
    parts.weight = score.operands[1].id;
    parts.left = sums.operands[0].id;
    parts.right = sums.operands[1].id;
    parts.width = bent.shape.extent(3);
    return parts;
}

// What entered the product by its name, where the graph does not tell.
std::optional<ScoreParts> find_recorded(const Graph& graph, const AttentionSite& site,
                                        ScoreParts parts) {
    const auto named = [&](const char* turned, const std::optional<NodeId>& plain) {
        const std::optional<NodeId> node = graph.find(site.name + "." + turned);
        return node ? node : plain;
    };
    const std::optional<NodeId> left = named("rot_q", site.q);
    const std::optional<NodeId> right = named("rot_k", site.k);
    if (!left || !right || graph.node(*left).shape.rank() != 3) return std::nullopt;
    parts.width = graph.node(*left).shape.extent(2);
    if (!is_of_heads(graph, *right, parts.width)) return std::nullopt;
    parts.left = *left;
    parts.right = *right;
    const int heads = graph.node(*left).shape.extent(0);
    const int key_heads = graph.node(*right).shape.extent(0);
    if (key_heads < 1 || heads % key_heads != 0) return std::nullopt;
    parts.group = heads / key_heads;
    parts.is_recorded = true;
    return parts;
}

// Rows [first, end) of one matrix of a node.
Tile read_rows(const Trace& trace, NodeId node, int outer, int first, int end) {
    const int columns = matrix_extents(trace.graph().node(node).shape).cols;
    return trace.wait(node, {outer, outer + 1, first, end, 0, columns});
}

std::vector<float> copy_row(const Tile& tile, int row) {
    const float* values = tile.row(tile.box().outer_begin, row);
    return {values, values + tile.box().cols()};
}

std::optional<std::vector<float>> read_weight(const Trace& trace, int weight) {
    const WeightView& view = trace.graph().weight(weight);
    if (trace.weights() == nullptr || !trace.weights()->has_values(view.tensor)) {
        return std::nullopt;
    }
    const std::span<const float> values = trace.weights()->values(view.tensor);
    std::vector<float> row;
    for (int i = 0; i < view.shape.extent(0); ++i) {
        row.push_back(values[static_cast<std::size_t>(view.offset + i * view.strides[0])]);
    }
    return row;
}

struct PairRange {
    int head = 0;
    int query = 0;
    int first_key = 0;
    int end_key = 0;
};

std::optional<std::vector<ScoreTerms>> compute_terms(const Trace& trace, const ScoreParts& parts,
                                                     const PairRange& pairs) {
    const auto read_keys = [&](NodeId node, int outer) {
        return read_rows(trace, node, outer, pairs.first_key, pairs.end_key);
    };
    const Tile left = read_rows(trace, parts.left, pairs.head, pairs.query, pairs.query + 1);
    const Tile right = read_keys(parts.right, pairs.head / parts.group);
    const bool is_additive = parts.kind == ScoreParts::Kind::kAdditive;
    std::optional<Tile> bent;
    std::optional<std::vector<float>> weight;
    if (is_additive) {
        const int queries = trace.graph().node(parts.bent).shape.extent(1);
        bent = read_keys(parts.bent, pairs.head * queries + pairs.query);
        weight = read_weight(trace, parts.weight);
        if (!weight) return std::nullopt;
    }
    std::vector<ScoreTerms> all;
    for (int key = pairs.first_key; key < pairs.end_key; ++key) {
        ScoreTerms& terms = all.emplace_back();
        terms.left = copy_row(left, pairs.query);
        terms.right = copy_row(right, key);
        if (is_additive) {
            terms.bent = copy_row(*bent, key);
            terms.weight = *weight;
        }
        const std::vector<float>& a = is_additive ? terms.weight : terms.left;
        const std::vector<float>& b = is_additive ? terms.bent : terms.right;
        HEED_CHECK_EQ(a.size(), b.size());
        for (std::size_t d = 0; d < a.size(); ++d) {
            terms.products.push_back(static_cast<double>(a[d]) * static_cast<double>(b[d]));
            terms.sum += terms.products.back();
        }
    }
    return all;
}

}  // namespace

std::optional<ScoreParts> find_score_parts(const Graph& graph, const AttentionSite& site) {
    if (!site.dots || !site.pattern) return std::nullopt;
    ScoreParts parts;
    parts.score = *site.dots;
    const Node& score = graph.node(*site.dots);
    parts.chain = find_chain(graph, site, parts.score);
    if (score.op == Op::kMatmulNt) {
        parts.left = score.operands[0].id;
        parts.right = score.operands[1].id;
        parts.group = score.attributes.group;
        parts.width = graph.node(parts.left).shape.extent(-1);
        return parts;
    }
    if (score.op == Op::kDotWeight) return find_additive(graph, score, std::move(parts));
    if (score.op == Op::kRecorded) return find_recorded(graph, site, std::move(parts));
    return std::nullopt;
}

std::optional<ScoreTerms> compute_score_terms(const Trace& trace, const ScoreParts& parts, int head,
                                              int query, int key) {
    auto terms = compute_terms(trace, parts, {head, query, key, key + 1});
    if (!terms) return std::nullopt;
    return std::move(terms->front());
}

std::optional<std::vector<ScoreTerms>> compute_query_terms(const Trace& trace,
                                                           const ScoreParts& parts, int head,
                                                           int query) {
    const int keys = matrix_extents(trace.graph().node(parts.right).shape).rows;
    return compute_terms(trace, parts, {head, query, 0, keys});
}

std::vector<int> order_by_magnitude(const std::vector<double>& products) {
    std::vector<int> order(products.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&products](int a, int b) {
        return std::abs(products[static_cast<std::size_t>(a)]) >
               std::abs(products[static_cast<std::size_t>(b)]);
    });
    return order;
}

}  // namespace heed
