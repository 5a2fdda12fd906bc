#include "core/model/blocks.h"

#include <cmath>

namespace heed {

LinearWeights LinearWeights::into_heads(int heads) const {
    const int last = weight.shape.rank() - 1;
    const Axis outer{"H", heads};
    const Axis inner{"K", weight.shape.extent(last) / heads};
    LinearWeights split{weight.split(last, outer, inner), std::nullopt};
    if (bias) split.bias = bias->split(0, outer, inner);
    return split;
}

LinearWeights LinearWeights::outputs(int begin, int count, const std::string& letter) const {
    LinearWeights part{weight.narrowed(weight.shape.rank() - 1, begin, count), std::nullopt};
    part.weight.symbol = "W_" + letter;
    if (!bias) return part;
    part.bias = bias->narrowed(0, begin, count);
    part.bias->symbol = "b_" + letter;
    return part;
}

LinearWeights LinearWeights::heads_of(int groups, int members, int first, int count,
                                      const std::string& letter) const {
    const auto pick = [&](const WeightView& view, int axis, const char* symbol) {
        const int d_head = view.shape.extent(axis) / (groups * members);
        WeightView part = view.split(axis, {"H*K", groups * members}, {"K", d_head})
                              .split(axis, {"G", groups}, {"H", members})
                              .narrowed(axis + 1, first, count)
                              .joined(axis, {"H", groups * count});
        part.symbol = symbol + letter;
        return part;
    };
    LinearWeights heads{pick(weight, weight.shape.rank() - 1, "W_"), std::nullopt};
    if (bias) heads.bias = pick(*bias, 0, "b_");
    return heads;
}

LinearWeights load_linear(WeightSource& source, const std::string& name, const std::string& letter,
                          const Axis& in, const Axis& out, Bias bias) {
    LinearWeights weights{source.get(name + ".weight", "W_" + letter, {out, in}).transposed(0, 1),
                          std::nullopt};
    if (bias == Bias::kYes) weights.bias = source.get(name + ".bias", "b_" + letter, {out});
    return weights;
}

LinearWeights load_conv1d(WeightSource& source, const std::string& name, const std::string& letter,
                          const Axis& in, const Axis& out) {
    return {source.get(name + ".weight", "W_" + letter, {in, out}),
            source.get(name + ".bias", "b_" + letter, {out})};
}

NormWeights load_norm(WeightSource& source, const std::string& name, const std::string& letter,
                      const Axis& width, float epsilon, Bias bias) {
    NormWeights weights{source.get(name + ".weight", "w_" + letter, {width}), std::nullopt,
                        epsilon};
    if (bias == Bias::kYes) weights.bias = source.get(name + ".bias", "b_" + letter, {width});
    return weights;
}

NodeId norm(GraphBuilder& b, std::string_view name, NodeId x, const NormWeights& weights) {
    return b.layer_norm(name, x, weights.weight, weights.bias, weights.epsilon);
}

ScoreScale inverse_root(int d_head) {
    return {static_cast<float>(1 / std::sqrt(static_cast<double>(d_head))),
            "1 / sqrt(" + std::to_string(d_head) + ")"};
}

namespace {

NodeId attend(GraphBuilder& b, const std::string& site, AttentionKind kind, NodeId queries,
              NodeId keys, const AttentionWeights& weights, const PatternRule& rule) {
    const auto project = [&](const char* name, NodeId x, const LinearWeights& w) {
        return b.linear(site + name, x, w.weight, w.bias,
                        Stage::kProject);  // [T,D][D,H,K] -> [H,T,K]
    };
    const NodeId q = project(".q", queries, weights.q);
    const NodeId k = project(".k", keys, weights.k);
    const NodeId v = project(".v", keys, weights.v);
    const NodeId dots = b.matmul_nt(site + ".dots", q, k);  // [H,T,K][H,S,K] -> [H,T,S]
    const NodeId concat = weigh_values(b, site, dots, v, rule);
    const NodeId out = b.linear(site + "_out", concat, weights.out.weight, weights.out.bias,
                                Stage::kProjectOut);  // [T,H*K][H*K,D] -> [T,D]
    b.attention_site(site, out, kind);
    return out;
}

NodeId add_position_bias(GraphBuilder& b, const std::string& name, NodeId x,
                         const PatternRule& rule) {
    if (!rule.slopes.empty()) return b.alibi(name, x, rule.slopes, rule.is_bias_coarse);
    if (rule.distances)
        return b.bucket_bias(name, x, rule.distances->table_BH, rule.distances->rule);
    return x;
}

}  // namespace

NodeId self_attention(GraphBuilder& b, NodeId x, const AttentionWeights& weights,
                      const PatternRule& rule) {
    return attend(b, "attn", AttentionKind::kSelf, x, x, weights, rule);
}

NodeId cross_attention(GraphBuilder& b, NodeId x, NodeId memory, const AttentionWeights& weights,
                       const PatternRule& rule) {
    return attend(b, "cross_attn", AttentionKind::kCross, x, memory, weights, rule);
}

NodeId weigh_values(GraphBuilder& b, const std::string& site, NodeId dots, NodeId v,
                    const PatternRule& rule) {
    NodeId x = dots;
    if (rule.is_bias_scaled) x = add_position_bias(b, site + ".biased", x, rule);
    x = b.scale(site + ".scaled", x, rule.scale.factor, rule.scale.text);
    if (!rule.is_bias_scaled) x = add_position_bias(b, site + ".biased", x, rule);
    if (rule.cap > 0) x = b.soft_cap(site + ".capped", x, rule.cap, Stage::kScale);
    const bool is_window = rule.mask == MaskRule::kWindow || rule.mask == MaskRule::kBand;
    const NodeId masked =
        is_window ? b.mask_window(site + ".masked", x, rule.mask, rule.window, rule.mask_offset)
                  : b.mask(site + ".masked", x, rule.mask, rule.mask_offset);
    const NodeId pattern = rule.divide_by_sum ? b.normalise_sum(site + ".pattern", masked)
                                              : b.softmax(site + ".pattern", masked);
    const NodeId z = b.matmul(site + ".z", pattern, v);  // [H,T,S][H,S,K] -> [H,T,K]
    return b.merge_heads(site + ".concat", z);
}

std::vector<float> alibi_slopes(int heads) {
    int power = 1;
    while (2 * power <= heads) power *= 2;
    std::vector<float> slopes;
    for (int i = 1; i <= power; ++i) {
        slopes.push_back(static_cast<float>(std::exp2(-8.0 * i / power)));
    }
    for (int i = 1; static_cast<int>(slopes.size()) < heads; i += 2) {
        slopes.push_back(static_cast<float>(std::exp2(-4.0 * i / power)));
    }
    return slopes;
}

NodeId feed_forward(GraphBuilder& b, NodeId x, const FeedForwardWeights& weights,
                    Activation activation) {
    const NodeId pre = b.linear("mlp.pre", x, weights.in.weight, weights.in.bias,
                                Stage::kFeedForward);  // [T,D][D,F] -> [T,F]
    const NodeId post = b.activation("mlp.post", pre, activation, Stage::kFeedForward);
    return b.linear("mlp_out", post, weights.out.weight, weights.out.bias,
                    Stage::kFeedForward);  // [T,F][F,D] -> [T,D]
}

NodeId gated_feed_forward(GraphBuilder& b, NodeId x, const GatedWeights& weights,
                          Activation activation) {
    const auto map = [&](const char* name, NodeId in, const LinearWeights& w) {
        return b.linear(name, in, w.weight, w.bias, Stage::kFeedForward);
    };
    const NodeId pre = map("mlp.pre", x, weights.gate);  // [T,D][D,F] -> [T,F]
    const NodeId up = map("mlp.up", x, weights.up);
    const NodeId post = b.gate("mlp.post", pre, up, activation, Stage::kFeedForward);
    return map("mlp_out", post, weights.out);  // [T,F][F,D] -> [T,D]
}

NodeId unembed(GraphBuilder& b, NodeId x, const LinearWeights& weights, bool with_probs) {
    const NodeId logits = b.linear("logits", x, weights.weight, weights.bias, Stage::kUnembed);
    if (with_probs) b.softmax("probs", logits, Stage::kUnembed);
    return logits;
}

}  // namespace heed
