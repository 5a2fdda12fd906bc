#include "tests/core/ops/every_op.h"

#include <cmath>

namespace heed::test {
namespace {

constexpr int kVocabulary = 11;

// x [T, D] to heads [H, T, K] through columns [begin, begin + heads * d_head) of a fused tensor.
NodeId project(GraphBuilder& b, std::string_view name, NodeId x, const WeightView& fused,
               const WeightView& fused_bias, int begin, const Axis& heads, const Axis& width) {
    const int count = heads.extent * width.extent;
    WeightView weight = fused.narrowed(1, begin, count).split(1, heads, width);
    WeightView bias = fused_bias.narrowed(0, begin, count).split(0, heads, width);
    weight.symbol = "W_" + std::string(1, static_cast<char>(std::toupper(name.back())));
    bias.symbol = "b_" + std::string(1, static_cast<char>(std::toupper(name.back())));
    return b.linear(name, x, weight, bias, Stage::kProject);
}

NodeId embed(TestGraph& test, int source, const Axis& d) {
    GraphBuilder& b = test.builder;
    const int ids = b.ids("input_ids", source, kVocabulary);
    const int types = b.ids("type_ids", source, 2);
    // The table of the tokens lies transposed in its tensor.
    const WeightView table = test.weight("W_E", {d, {"V", kVocabulary}}).transposed(0, 1);
    const NodeId word = b.gather("embed", table, ids, Stage::kEmbed);
    const NodeId type =
        b.gather("type_embed", test.weight("W_type", {{"N", 2}, d}), types, Stage::kEmbed);
    const NodeId position =
        b.table_rows("pos_embed", test.weight("W_pos", {{"T", 512}, d}), source, 2);
    const NodeId wave = b.sinusoid("wave", source, d);
    return b.add("embed_out", {word, type, position, wave});
}

NodeId attend(TestGraph& test, NodeId x, const DecoderSizes& sizes, const Axis& d) {
    GraphBuilder& b = test.builder;
    const Axis h{"H", sizes.heads}, hkv{"H", sizes.key_heads}, k{"K", sizes.d_head};
    const int query_width = sizes.heads * sizes.d_head;
    const int key_width = sizes.key_heads * sizes.d_head;
    const Axis fused_axis{"H*K", query_width + 2 * key_width};
    const WeightView fused = test.weight("W_QKV", {d, fused_axis});
    const WeightView bias = test.weight("b_QKV", {fused_axis});
    const NodeId q = project(b, "attn.q", x, fused, bias, 0, h, k);
    const NodeId key = project(b, "attn.k", x, fused, bias, query_width, hkv, k);
    const NodeId v = project(b, "attn.v", x, fused, bias, query_width + key_width, hkv, k);
    const NodeId dots = b.matmul_nt("attn.dots", q, key);
    const float factor = 1 / std::sqrt(static_cast<float>(sizes.d_head));
    const NodeId scaled =
        b.scale("attn.scaled", dots, factor, "1 / sqrt(" + std::to_string(sizes.d_head) + ")");
    const MaskRule rule = sizes.is_causal ? MaskRule::kCausal : MaskRule::kNone;
    const NodeId masked = b.mask("attn.masked", scaled, rule);
    const NodeId pattern = b.softmax("attn.pattern", masked);
    const NodeId z = b.matmul("attn.z", pattern, v);
    const NodeId concat = b.merge_heads("attn.concat", z);
    // As torch.nn.Linear saves it: [out, in].
    const WeightView out = test.weight("W_O", {d, {"H*K", query_width}}).transposed(0, 1);
    const NodeId attn_out = b.linear("attn_out", concat, out, std::nullopt, Stage::kProjectOut);
    b.attention_site("attn", attn_out);
    return attn_out;
}

}  // namespace

void build_decoder(TestGraph& test, const DecoderSizes& sizes) {
    GraphBuilder& b = test.builder;
    const Axis d{"D", 8}, f{"F", sizes.d_mlp};
    const int source = b.sequence("source", sizes.length);
    const NodeId x = embed(test, source, d);

    b.begin_block(0);
    const NodeId pre = b.alias("resid_pre", x, Stage::kEmbed);
    const NodeId ln1 =
        b.layer_norm("ln1", pre, test.weight("w_ln1", {d}), test.weight("b_ln1", {d}), 1e-5F);
    const NodeId mid = b.add("resid_mid", {pre, attend(test, ln1, sizes, d)});
    const NodeId ln2 = b.layer_norm("ln2", mid, std::nullopt, std::nullopt, 1e-5F);
    const NodeId mlp_pre = b.linear("mlp.pre", ln2, test.weight("W_in", {d, f}),
                                    test.weight("b_in", {f}), Stage::kFeedForward);
    const NodeId mlp_post =
        b.activation("mlp.post", mlp_pre, Activation::kGeluTanh, Stage::kFeedForward);
    const NodeId mlp_out = b.linear("mlp_out", mlp_post, test.weight("W_out", {f, d}),
                                    test.weight("b_out", {d}), Stage::kFeedForward);
    const NodeId post = b.add("resid_post", {mid, mlp_out});
    b.end_block();

    const NodeId final =
        b.layer_norm("final", post, test.weight("w_final", {d}), std::nullopt, 0.1F);
    const WeightView unembed = test.weight("W_U", {{"V", kVocabulary}, d}).transposed(0, 1);
    const NodeId logits = b.linear("logits", final, unembed, std::nullopt, Stage::kUnembed);
    b.softmax("probs", logits, Stage::kUnembed);
    const NodeId row = b.take_row("pooler.in", final, sizes.length - 1, Stage::kUnembed);
    const NodeId dense = b.linear("pooler.dense", row, test.weight("W_pool", {d, d}),
                                  test.weight("b_pool", {d}), Stage::kUnembed);
    b.activation("pooled", dense, Activation::kTanh, Stage::kUnembed);
}

std::vector<std::vector<int>> decoder_ids(int length) {
    std::vector<std::vector<int>> ids(2);
    for (int t = 0; t < length; ++t) {
        ids[0].push_back((t * 7 + 3) % kVocabulary);
        ids[1].push_back(t % 3 == 0 ? 1 : 0);
    }
    return ids;
}

void build_additive(TestGraph& test, int queries, int keys) {
    GraphBuilder& b = test.builder;
    const int target = b.sequence("target", queries);
    const int source = b.sequence("source", keys);
    const NodeId q = test.random_heads("attn.q", target, 2, 4);
    const NodeId k = test.random_heads("attn.k", source, 2, 4);
    const NodeId v = test.random_heads("attn.v", source, 2, 4);
    const NodeId pairs = b.pair_sum("attn.pairs", q, k);
    const NodeId tanh = b.activation("attn.tanh", pairs, Activation::kTanh, Stage::kScore);
    const NodeId dots = b.dot_weight("attn.dots", tanh, test.weight("w_score", {{"K", 4}}));
    // Positive, so that the sums are not 0.
    const NodeId positive = b.activation("attn.scaled", dots, Activation::kSigmoid, Stage::kScale);
    const NodeId masked = b.mask("attn.masked", positive, MaskRule::kCausal, keys - queries);
    const NodeId pattern = b.normalise_sum("attn.pattern", masked);
    b.matmul("attn.z", pattern, v);
    b.attention_site("attn", std::nullopt);
}

void build_activations(TestGraph& test) {
    constexpr int kCount = 121;
    const int source = test.builder.sequence("source", kCount);
    std::vector<float> values;
    for (int i = 0; i < kCount; ++i) values.push_back(static_cast<float>(i - 60) / 10);
    const NodeId x = test.given("x", source, {"D", 1}, values);
    for (const Activation activation : kActivations) {
        test.builder.activation(activation_name(activation), x, activation, Stage::kFeedForward);
    }
}

}  // namespace heed::test
