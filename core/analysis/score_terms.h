// How a score of an attention comes about: the numbers that are multiplied dimension by dimension,
// and the nodes between their sum and the weight. Read from the graph; it knows no family.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/run/trace.h"

namespace heed {

struct ScoreParts {
    enum class Kind {
        kProduct,   // score = sum_d left[h,t,d] * right[h,s,d]
        kAdditive,  // score = sum_d w[d] * bent[h,t,s,d], bent = tanh(left + right)
    };

    Kind kind = Kind::kProduct;
    NodeId score = -1;  // [H,T,S], the sum
    NodeId left = -1;   // [H,T,K], of the query
    NodeId right = -1;  // [Hkv,S,K], of the key
    int group = 1;      // query heads per head of `right`
    NodeId bent = -1;   // kAdditive: [H,T,S,K]
    int weight = -1;    // kAdditive: the view of w in the graph
    // From `score` to the pattern, both included, in the order they are computed.
    std::vector<NodeId> chain;
    // The graph does not say that `score` is this sum (a trace from a file): it is q and k whose
    // products are shown.
    bool is_recorded = false;
    int width = 0;  // K
};

// nullopt where the score is no sum over dimensions.
std::optional<ScoreParts> find_score_parts(const Graph& graph, const AttentionSite& site);

// The terms of one score, K each.
struct ScoreTerms {
    std::vector<float> left;
    std::vector<float> right;
    std::vector<float> bent;       // kAdditive, else empty
    std::vector<float> weight;     // kAdditive, else empty
    std::vector<double> products;  // left * right, or weight * bent
    double sum = 0;                // of the products
};

// Waits for the values. nullopt where the weights are not at hand.
std::optional<ScoreTerms> compute_score_terms(const Trace& trace, const ScoreParts& parts, int head,
                                              int query, int key);
// The same of every key, in order.
std::optional<std::vector<ScoreTerms>> compute_query_terms(const Trace& trace,
                                                           const ScoreParts& parts, int head,
                                                           int query);

// The order of the dimensions, the largest magnitude first; ties keep their order.
std::vector<int> order_by_magnitude(const std::vector<double>& products);

}  // namespace heed
