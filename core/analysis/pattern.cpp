#include "core/analysis/pattern.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/check.h"
#include "core/ops/product.h"

namespace heed {
namespace {

constexpr float kMinusInfinity = -std::numeric_limits<float>::infinity();
constexpr int kRowsAtOnce = 64;

Tile read_head(const Trace& trace, NodeId node, int head) {
    const MatrixExtents extents = matrix_extents(trace.graph().node(node).shape);
    return trace.wait(node, {head, head + 1, 0, extents.rows, 0, extents.cols});
}

// Has all of them fetched at once.
void ask_heads(const Trace& trace, NodeId node, const std::vector<int>& heads) {
    const MatrixExtents extents = matrix_extents(trace.graph().node(node).shape);
    for (const int head : heads) {
        trace.ask(node, {head, head + 1, 0, extents.rows, 0, extents.cols});
    }
}

// The attentions of words to the same words up to this layer, in order.
std::vector<const AttentionSite*> list_stack(const Graph& graph, const AttentionSite& site) {
    std::vector<const AttentionSite*> stack;
    for (const AttentionSite& other : graph.attentions()) {
        const bool is_alike = other.pattern && other.query_sequence == site.query_sequence &&
                              other.key_sequence == site.key_sequence;
        if (is_alike && other.layer <= site.layer) stack.push_back(&other);
    }
    std::stable_sort(stack.begin(), stack.end(),
                     [](const auto* a, const auto* b) { return a->layer < b->layer; });
    return stack;
}

// What may not be seen: by the rule of the mask where nobody changed it, else by its numbers.
PatternMatrix read_blocked(const Trace& trace, const AttentionSite& site,
                           const std::vector<int>& heads) {
    if (!site.masked) return PatternMatrix();
    const Node& masked = trace.graph().node(*site.masked);
    const MatrixExtents extents = matrix_extents(masked.shape);
    const bool is_rule = masked.op == Op::kMask && trace.patches().count(*site.masked) == 0;
    if (is_rule && masked.attributes.mask == MaskRule::kNone) return PatternMatrix();
    float* cells = nullptr;
    PatternMatrix blocked = PatternMatrix::make(extents.rows, extents.cols, cells);
    const auto columns = static_cast<std::size_t>(extents.cols);
    const std::size_t count = static_cast<std::size_t>(extents.rows) * columns;
    if (is_rule) {
        bool hides = false;
        for (int t = 0; t < extents.rows; ++t) {
            float* row = cells + static_cast<std::size_t>(t) * columns;
            for (int s = 0; s < extents.cols; ++s) {
                if (mask_allows(masked.attributes, t, s)) continue;
                row[s] = kMinusInfinity;
                hides = true;
            }
        }
        return hides ? blocked : PatternMatrix();
    }
    std::fill(cells, cells + count, kMinusInfinity);
    ask_heads(trace, *site.masked, heads);
    for (const int head : heads) {
        const Tile scores = read_head(trace, *site.masked, head);
        for (int t = 0; t < extents.rows; ++t) {
            const float* own = scores.row(head, t);
            float* row = cells + static_cast<std::size_t>(t) * columns;
            for (int s = 0; s < extents.cols; ++s) {
                if (own[s] != kMinusInfinity) row[s] = 0;
            }
        }
    }
    const bool has_some = std::any_of(cells, cells + count, [](float x) { return x != 0; });
    return has_some ? blocked : PatternMatrix();
}

// One number for each cell out of those of the heads; `lengths` [H,S] multiply the weights' sizes
// where there are any.
PatternMatrix join_heads(const Trace& trace, NodeId node, const std::vector<int>& heads,
                         bool takes_largest, const Tensor* lengths, const CancelToken& cancel) {
    const MatrixExtents extents = matrix_extents(trace.graph().node(node).shape);
    if (heads.size() == 1 && lengths == nullptr) {
        return PatternMatrix(read_head(trace, node, heads.front()), heads.front());
    }
    ask_heads(trace, node, heads);
    float* cells = nullptr;
    PatternMatrix joined = PatternMatrix::make(extents.rows, extents.cols, cells);
    const float share = takes_largest ? 1.0F : 1.0F / static_cast<float>(heads.size());
    for (const int head : heads) {
        const Tile tile = read_head(trace, node, head);
        cancel.check();
        const float* length =
            lengths != nullptr ? lengths->data() + static_cast<std::ptrdiff_t>(head) * extents.cols
                               : nullptr;
        for (int t = 0; t < extents.rows; ++t) {
            const float* own = tile.row(head, t);
            float* row = cells + static_cast<std::ptrdiff_t>(t) * extents.cols;
            for (int s = 0; s < extents.cols; ++s) {
                const float value = length != nullptr ? std::abs(own[s]) * length[s] : own[s];
                if (!takes_largest) {
                    row[s] += share * value;
                } else if (head == heads.front() || value > row[s]) {
                    row[s] = value;
                }
            }
        }
    }
    return joined;
}

// half[t,s] = (mean[t,s] + [t = s]) / 2, each row over its sum.
PatternMatrix add_residual(const PatternMatrix& mean) {
    float* cells = nullptr;
    PatternMatrix half = PatternMatrix::make(mean.rows(), mean.columns(), cells);
    for (int t = 0; t < mean.rows(); ++t) {
        const float* from = mean.row(t);
        float* row = cells + static_cast<std::ptrdiff_t>(t) * mean.columns();
        double sum = 0;
        for (int s = 0; s < mean.columns(); ++s) {
            row[s] = (from[s] + (t == s ? 1.0F : 0.0F)) / 2;
            sum += static_cast<double>(row[s]);
        }
        if (sum == 0) continue;
        for (int s = 0; s < mean.columns(); ++s) {
            row[s] = static_cast<float>(static_cast<double>(row[s]) / sum);
        }
    }
    return half;
}

PatternMatrix multiply_patterns(const PatternMatrix& left, const PatternMatrix& right,
                                const CancelToken& cancel) {
    float* cells = nullptr;
    PatternMatrix product = PatternMatrix::make(left.rows(), right.columns(), cells);
    const int depth = left.columns();
    const RightMatrix below{right.row(0), right.columns(), 1, right.columns()};
    for (int t = 0; t < left.rows(); t += kRowsAtOnce) {
        cancel.check();
        const LeftMatrix rows{left.row(t), depth, std::min(kRowsAtOnce, left.rows() - t), depth};
        multiply(rows, below, {}, cells + static_cast<std::ptrdiff_t>(t) * right.columns(),
                 right.columns());  // [T,U][U,S] -> [T,S]
    }
    return product;
}

void compute_rollout(const Trace& trace, const AttentionSite& site, const CancelToken& cancel,
                     Pattern& made) {
    const PatternRequest all{PatternKind::kRollout, {}, {}};
    const std::vector<const AttentionSite*> stack = list_stack(trace.graph(), site);
    for (const AttentionSite* layer : stack) {
        ask_heads(trace, *layer->pattern, list_heads(*layer, all));
    }
    for (const AttentionSite* layer : stack) {
        const PatternMatrix mean =
            join_heads(trace, *layer->pattern, list_heads(*layer, all), false, nullptr, cancel);
        PatternMatrix half = add_residual(mean);
        made.before = std::move(made.values);
        made.values = made.before.rows() == 0 ? std::move(half)
                                              : multiply_patterns(half, made.before, cancel);
    }
}

}  // namespace

PatternMatrix PatternMatrix::make(int rows, int columns, float*& cells) {
    const std::size_t count = static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns);
    const std::shared_ptr<float[]> memory(new float[std::max<std::size_t>(count, 1)]());
    cells = memory.get();
    const Box box{0, 1, 0, rows, 0, columns};
    return PatternMatrix(Tile(memory, box, static_cast<std::ptrdiff_t>(count), columns), 0);
}

std::vector<int> list_heads(const AttentionSite& site, const PatternRequest& request) {
    std::vector<int> heads;
    const bool takes_all = request.choice == HeadChoice::kMean ||
                           request.choice == HeadChoice::kMax ||
                           request.kind == PatternKind::kRollout;
    for (int h = 0; h < site.heads; ++h) {
        const bool is_asked =
            std::find(request.heads.begin(), request.heads.end(), h) != request.heads.end();
        if (takes_all || is_asked) heads.push_back(h);
    }
    return heads;
}

std::string find_obstacle(const Graph& graph, const AttentionSite& site,
                          const PatternRequest& request) {
    if (!site.pattern) return "this layer has no pattern";
    if (list_heads(site, request).empty()) return "no head is chosen";
    if (request.kind == PatternKind::kNormWeighted && !site.v) {
        return "the values of this layer are not at hand";
    }
    if (request.kind != PatternKind::kRollout) return "";
    if (site.query_sequence != site.key_sequence) {
        return "rollout needs words that look at the same words";
    }
    std::vector<int> layers;
    for (const AttentionSite* layer : list_stack(graph, site)) layers.push_back(layer->layer);
    const bool has_all =
        !layers.empty() && layers.front() == 0 && static_cast<int>(layers.size()) == site.layer + 1;
    return has_all ? "" : "rollout needs the pattern of every layer before";
}

double estimate_work(const Graph& graph, const AttentionSite& site, const PatternRequest& request) {
    const MatrixExtents extents = matrix_extents(graph.node(*site.pattern).shape);
    const double cells = static_cast<double>(extents.rows) * extents.cols;
    const double joined = cells * static_cast<double>(list_heads(site, request).size());
    if (request.kind == PatternKind::kRollout) {
        return (joined + cells * extents.cols) * static_cast<double>(site.layer + 1);
    }
    if (request.kind == PatternKind::kWeights || !site.v || !site.concat) return joined;
    const double width = graph.node(*site.concat).shape.extent(-1);
    const double output = site.out ? graph.node(*site.out).shape.extent(-1) : 1;
    return joined + extents.cols * width * output;
}

Pattern compute_pattern(const Trace& trace, const AttentionSite& site,
                        const PatternRequest& request, const CancelToken& cancel) {
    HEED_CHECK_EQ(find_obstacle(trace.graph(), site, request), std::string());
    Pattern made;
    made.kind = request.kind;
    made.choice = request.kind == PatternKind::kRollout ? HeadChoice::kMean : request.choice;
    made.node = *site.pattern;
    made.heads = list_heads(site, request);
    made.blocked = read_blocked(trace, site, made.heads);
    if (request.kind == PatternKind::kRollout) {
        compute_rollout(trace, site, cancel, made);
        return made;
    }
    if (request.kind == PatternKind::kNormWeighted) {
        ValueLengths lengths = compute_value_lengths(trace, site, cancel);
        made.lengths = std::move(lengths.lengths);
        made.has_output_map = lengths.has_output_map;
    }
    made.values = join_heads(trace, made.node, made.heads, request.choice == HeadChoice::kMax,
                             made.lengths.size() > 0 ? &made.lengths : nullptr, cancel);
    return made;
}

}  // namespace heed
