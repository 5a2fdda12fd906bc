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
                      const Axis& width, float epsilon) {
    return {source.get(name + ".weight", "w_" + letter, {width}),
            source.get(name + ".bias", "b_" + letter, {width}), epsilon};
}

NodeId norm(GraphBuilder& b, std::string_view name, NodeId x, const NormWeights& weights) {
    return b.layer_norm(name, x, weights.weight, weights.bias, weights.epsilon);
}

ScoreScale inverse_root(int d_head) {
    return {static_cast<float>(1 / std::sqrt(static_cast<double>(d_head))),
            "1 / sqrt(" + std::to_string(d_head) + ")"};
}

NodeId self_attention(GraphBuilder& b, NodeId x, const AttentionWeights& weights,
                      const ScoreScale& scale, MaskRule mask) {
    const auto project = [&](const char* name, const LinearWeights& w) {
        return b.linear(name, x, w.weight, w.bias, Stage::kProject);  // [T,D][D,H,K] -> [H,T,K]
    };
    const NodeId q = project("attn.q", weights.q);
    const NodeId k = project("attn.k", weights.k);
    const NodeId v = project("attn.v", weights.v);
    const NodeId dots = b.matmul_nt("attn.dots", q, k);  // [H,T,K][H,S,K] -> [H,T,S]
    const NodeId concat = weigh_values(b, dots, v, {scale, mask});
    const NodeId out = b.linear("attn_out", concat, weights.out.weight, weights.out.bias,
                                Stage::kProjectOut);  // [T,H*K][H*K,D] -> [T,D]
    b.attention_site("attn", out);
    return out;
}

NodeId weigh_values(GraphBuilder& b, NodeId dots, NodeId v, const PatternRule& rule) {
    const NodeId scaled = b.scale("attn.scaled", dots, rule.scale.factor, rule.scale.text);
    const NodeId masked = b.mask("attn.masked", scaled, rule.mask);
    const NodeId pattern = rule.divide_by_sum ? b.normalise_sum("attn.pattern", masked)
                                              : b.softmax("attn.pattern", masked);
    const NodeId z = b.matmul("attn.z", pattern, v);  // [H,T,S][H,S,K] -> [H,T,K]
    return b.merge_heads("attn.concat", z);
}

NodeId feed_forward(GraphBuilder& b, NodeId x, const FeedForwardWeights& weights,
                    Activation activation) {
    const NodeId pre = b.linear("mlp.pre", x, weights.in.weight, weights.in.bias,
                                Stage::kFeedForward);  // [T,D][D,F] -> [T,F]
    const NodeId post = b.activation("mlp.post", pre, activation, Stage::kFeedForward);
    return b.linear("mlp_out", post, weights.out.weight, weights.out.bias,
                    Stage::kFeedForward);  // [T,F][F,D] -> [T,D]
}

NodeId unembed(GraphBuilder& b, NodeId x, const LinearWeights& weights, bool with_probs) {
    const NodeId logits = b.linear("logits", x, weights.weight, weights.bias, Stage::kUnembed);
    if (with_probs) b.softmax("probs", logits, Stage::kUnembed);
    return logits;
}

}  // namespace heed
