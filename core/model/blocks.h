// Pieces that families are made of: linear maps, norms, attention, feed-forward. Each emits the
// nodes that every family names alike.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/graph/builder.h"
#include "core/model/weight_source.h"

namespace heed {

// y = x W + b. The first axis of the weight is summed over, the bias has the others.
struct LinearWeights {
    WeightView weight;
    std::optional<WeightView> bias;

    // The last axis as heads: (D, H*K) -> (D, H, K).
    LinearWeights into_heads(int heads) const;
    // `count` outputs from `begin` on, under other symbols ("Q": "W_Q", "b_Q").
    LinearWeights outputs(int begin, int count, const std::string& letter) const;
    // Heads out of a map whose outputs are those of `groups` groups of `members` heads each:
    // `count` from the one `first` on in each group.                // (D, H*K) -> (D, H, K)
    LinearWeights heads_of(int groups, int members, int first, int count,
                           const std::string& letter) const;
};
enum class Bias { kNo, kYes };
// "<name>.weight" as torch.nn.Linear saves it, [out, in], and "<name>.bias".
LinearWeights load_linear(WeightSource& source, const std::string& name, const std::string& letter,
                          const Axis& in, const Axis& out, Bias bias = Bias::kYes);
// The same as GPT-2 saves it: [in, out].
LinearWeights load_conv1d(WeightSource& source, const std::string& name, const std::string& letter,
                          const Axis& in, const Axis& out);

struct NormWeights {
    std::optional<WeightView> weight;
    std::optional<WeightView> bias;
    float epsilon = 0;
};
NormWeights load_norm(WeightSource& source, const std::string& name, const std::string& letter,
                      const Axis& width, float epsilon, Bias bias = Bias::kYes);
NodeId norm(GraphBuilder& b, std::string_view name, NodeId x, const NormWeights& weights);

struct ScoreScale {
    float factor = 1;
    std::string text = "1";  // as formulas write it: "1 / sqrt(8)"
};
ScoreScale inverse_root(int d_head);  // 1 / sqrt(d_head)

struct AttentionWeights {
    LinearWeights q, k, v;  // (D, H, K)
    LinearWeights out;      // (H*K, D)
};

// A learned number for each distance and head.
struct DistanceBias {
    WeightView table_BH;
    BucketRule rule;
};

// How dots become a pattern.
struct PatternRule {
    PatternRule() = default;
    PatternRule(ScoreScale of_dots, MaskRule rule = MaskRule::kNone)
        : scale(std::move(of_dots)), mask(rule) {}

    ScoreScale scale;
    MaskRule mask = MaskRule::kNone;
    bool divide_by_sum = false;   // instead of the softmax
    float cap = 0;                // of the scaled dots; 0: none
    int window = 0;               // of kWindow and kBand
    int mask_offset = 0;          // keys before the first query
    std::vector<float> slopes;    // a linear bias; empty: none
    bool is_bias_scaled = false;  // the bias is added before the scale
    bool is_bias_coarse = false;  // the linear bias is rounded to bfloat16
    std::optional<DistanceBias> distances;
};

// Multi-head attention of x [T, D] to itself: nodes attn.q ... attn.concat and attn_out [T, D].
NodeId self_attention(GraphBuilder& b, NodeId x, const AttentionWeights& weights,
                      const PatternRule& rule);
// Of x to the positions of `memory` [S, D]: the same with cross_attn.
NodeId cross_attention(GraphBuilder& b, NodeId x, NodeId memory, const AttentionWeights& weights,
                       const PatternRule& rule);
// From the dots of an attention called `site` on: its scaled, (biased, capped,) masked, pattern, z;
// gives its concat [T, H*K].
NodeId weigh_values(GraphBuilder& b, const std::string& site, NodeId dots, NodeId v,
                    const PatternRule& rule);
// The slope of each head's linear bias (Press et al. 2021): 2^(-8 i / n), n the largest power of 2
// that is not more than `heads`, and every other one of 2n's for the rest.
std::vector<float> alibi_slopes(int heads);

struct FeedForwardWeights {
    LinearWeights in;   // (D, F)
    LinearWeights out;  // (F, D)
};
// mlp.pre, mlp.post [T, F] and mlp_out [T, D].
NodeId feed_forward(GraphBuilder& b, NodeId x, const FeedForwardWeights& weights,
                    Activation activation);

struct GatedWeights {
    LinearWeights gate;  // (D, F)
    LinearWeights up;    // (D, F)
    LinearWeights out;   // (F, D)
};
// The same with mlp.pre the gate, mlp.up the other factor, mlp.post = activation(pre) * up.
NodeId gated_feed_forward(GraphBuilder& b, NodeId x, const GatedWeights& weights,
                          Activation activation);

// Node logits = x W + b, and their softmax as node probs where asked for.
NodeId unembed(GraphBuilder& b, NodeId x, const LinearWeights& weights, bool with_probs);

}  // namespace heed
