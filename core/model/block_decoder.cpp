#include "core/model/block_decoder.h"

#include <string>
#include <utility>

namespace heed {
namespace {

using Order = DecoderPlan::Order;

class BlockDecoder : public Network {
  public:
    explicit BlockDecoder(DecoderPlan plan) : plan_(std::move(plan)) {}
    ModelSummary sizes() const override;
    std::shared_ptr<const Graph> build_graph(const Lengths& lengths) const override;
    std::vector<int> derived_ids(const std::string& /*input*/,
                                 const std::vector<int>& ids) const override {
        return plan_.head.derived_ids(ids);
    }
    std::vector<std::string> label_names() const override { return plan_.head.label_names(); }

  private:
    bool has_positions() const { return plan_.position_table || plan_.has_waves; }
    NodeId embed(GraphBuilder& b, int length) const;
    NodeId attention(GraphBuilder& b, NodeId x, const DecoderBlock& block, int length) const;
    NodeId positioned(GraphBuilder& b, const std::string& letter, NodeId x,
                      const std::optional<NormWeights>& weights, int length) const;
    NodeId block_before(GraphBuilder& b, NodeId x, const DecoderBlock& block, int length) const;
    NodeId block_after(GraphBuilder& b, NodeId x, const DecoderBlock& block, int length) const;
    NodeId block_parallel(GraphBuilder& b, NodeId x, const DecoderBlock& block, int length) const;
    NodeId finish(GraphBuilder& b, NodeId x) const;

    DecoderPlan plan_;
};

ModelSummary BlockDecoder::sizes() const {
    ModelSummary sizes;
    sizes.architecture = plan_.head.architecture();
    sizes.layers = static_cast<int>(plan_.blocks.size());
    sizes.heads = plan_.heads;
    sizes.key_heads = plan_.key_heads;
    sizes.d_model = plan_.d.extent;
    sizes.d_head = plan_.d_head;
    sizes.d_mlp = plan_.f.extent;
    sizes.vocabulary = plan_.v.extent;
    sizes.positions = plan_.positions;
    sizes.cuts_input = has_positions();
    return sizes;
}

std::shared_ptr<const Graph> BlockDecoder::build_graph(const Lengths& lengths) const {
    GraphBuilder b;
    NodeId x = embed(b, lengths.tokens);
    for (std::size_t layer = 0; layer < plan_.blocks.size(); ++layer) {
        const DecoderBlock& block = plan_.blocks[layer];
        b.begin_block(static_cast<int>(layer));
        const NodeId resid_pre = b.alias("resid_pre", x, Stage::kEmbed);
        if (plan_.order == Order::kParallel) {
            x = block_parallel(b, resid_pre, block, lengths.tokens);
        } else if (plan_.order == Order::kAfter) {
            x = block_after(b, resid_pre, block, lengths.tokens);
        } else {
            x = block_before(b, resid_pre, block, lengths.tokens);
        }
        b.end_block();
    }
    plan_.head.emit(b, finish(b, x));
    return b.build();
}

// Words, brought to the width and the size of the blocks, and their positions.
NodeId BlockDecoder::embed(GraphBuilder& b, int length) const {
    const int tokens = b.sequence("tokens", length);
    const int ids = b.ids("input_ids", tokens, plan_.v.extent);
    NodeId x = b.gather("embed", plan_.word, ids, Stage::kEmbed);
    if (plan_.project_in) {
        x = b.linear("embed_projected", x, plan_.project_in->weight, plan_.project_in->bias,
                     Stage::kEmbed);  // [T,E][E,D] -> [T,D]
    }
    if (plan_.embedding_scale != 1.0F) {
        x = b.scale("embed_scaled", x, plan_.embedding_scale,
                    "sqrt(" + std::to_string(plan_.d.extent) + ")", Stage::kEmbed);
    }
    const char* sum = plan_.embedding_norm ? "embed_sum" : "embed_out";
    if (plan_.position_table) {
        const NodeId position =
            b.table_rows("pos_embed", *plan_.position_table, tokens, plan_.position_offset);
        x = b.add(sum, {x, position});
    } else if (plan_.has_waves) {
        SinusoidRule rule;
        rule.has_halves = true;
        x = b.add(sum, {x, b.sinusoid("pos_embed", tokens, plan_.d, rule)});
    }
    if (plan_.embedding_norm) return norm(b, "embed_out", x, *plan_.embedding_norm);
    return has_positions() ? x : b.alias("embed_out", x, Stage::kEmbed);
}

// q or k with its norm and its position: what enters the product.
NodeId BlockDecoder::positioned(GraphBuilder& b, const std::string& letter, NodeId x,
                                const std::optional<NormWeights>& weights, int length) const {
    if (weights) x = norm(b, "attn." + letter + "_norm", x, *weights);
    return b.rotary("attn.rot_" + letter, x, plan_.rotary(length));
}

NodeId BlockDecoder::attention(GraphBuilder& b, NodeId x, const DecoderBlock& block,
                               int length) const {
    const AttentionWeights& weights = block.attention;
    if (!plan_.rotary) return self_attention(b, x, weights, block.pattern);
    const auto project = [&](const char* name, const LinearWeights& w) {
        return b.linear(name, x, w.weight, w.bias, Stage::kProject);  // [T,D][D,H,K] -> [H,T,K]
    };
    const NodeId q = project("attn.q", weights.q);
    const NodeId k = project("attn.k", weights.k);
    const NodeId v = project("attn.v", weights.v);
    const NodeId rot_q = positioned(b, "q", q, block.q_norm, length);
    const NodeId rot_k = positioned(b, "k", k, block.k_norm, length);
    const NodeId dots = b.matmul_nt("attn.dots", rot_q, rot_k);  // [H,T,K][H,S,K] -> [H,T,S]
    const NodeId concat = weigh_values(b, "attn", dots, v, block.pattern);
    const NodeId out = b.linear("attn_out", concat, weights.out.weight, weights.out.bias,
                                Stage::kProjectOut);  // [T,H*K][H*K,D] -> [T,D]
    b.attention_site("attn", out);
    return out;
}

NodeId BlockDecoder::block_before(GraphBuilder& b, NodeId x, const DecoderBlock& block,
                                  int length) const {
    const bool adds_normed = plan_.order == Order::kNormed;
    const NodeId ln1 = norm(b, "ln1", x, *block.ln1);
    const NodeId attn_out = attention(b, ln1, block, length);
    const NodeId resid_mid = b.add("resid_mid", {adds_normed ? ln1 : x, attn_out});
    const NodeId ln2 = norm(b, "ln2", resid_mid, *block.ln2);
    const NodeId mlp_out = feed_forward(b, ln2, block.mlp, plan_.activation);
    return b.add("resid_post", {adds_normed ? ln2 : resid_mid, mlp_out});
}

NodeId BlockDecoder::block_after(GraphBuilder& b, NodeId x, const DecoderBlock& block,
                                 int length) const {
    const NodeId attn_out = attention(b, x, block, length);
    const NodeId resid_mid = b.add("resid_mid", {x, attn_out});
    const NodeId ln1 = norm(b, "ln1", resid_mid, *block.ln1);
    const NodeId mlp_out = feed_forward(b, ln1, block.mlp, plan_.activation);
    const NodeId resid_sum = b.add("resid_sum", {ln1, mlp_out});
    const NodeId ln2 = norm(b, "ln2", resid_sum, *block.ln2);
    return b.alias("resid_post", ln2, Stage::kNormalise);
}

NodeId BlockDecoder::block_parallel(GraphBuilder& b, NodeId x, const DecoderBlock& block,
                                    int length) const {
    const NodeId ln1 = norm(b, "ln1", x, *block.ln1);
    const NodeId attn_out = attention(b, ln1, block, length);
    const NodeId ln2 = block.ln2 ? norm(b, "ln2", x, *block.ln2) : ln1;
    const NodeId mlp_out = feed_forward(b, ln2, block.mlp, plan_.activation);
    return b.add("resid_post", {x, attn_out, mlp_out});
}

NodeId BlockDecoder::finish(GraphBuilder& b, NodeId x) const {
    if (plan_.final_norm) {
        x = norm(b, plan_.project_out ? "final_norm" : "final", x, *plan_.final_norm);
        if (!plan_.project_out) return x;
    }
    if (!plan_.project_out) return b.alias("final", x, Stage::kNormalise);
    return b.linear("final", x, plan_.project_out->weight, plan_.project_out->bias,
                    Stage::kUnembed);  // [T,D][D,E] -> [T,E]
}

}  // namespace

std::unique_ptr<Network> make_block_decoder(DecoderPlan plan) {
    return std::make_unique<BlockDecoder>(std::move(plan));
}

}  // namespace heed
