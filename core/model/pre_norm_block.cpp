#include "core/model/pre_norm_block.h"

namespace heed {

NodeId pre_norm_block(GraphBuilder& b, NodeId x, const PreNormLayer& layer, const PatternRule& rule,
                      Activation activation) {
    const NodeId resid_pre = b.alias("resid_pre", x, Stage::kEmbed);
    const NodeId ln1 = norm(b, "ln1", resid_pre, layer.ln1);
    const NodeId attn_out = self_attention(b, ln1, layer.attention, rule);
    const NodeId resid_mid = b.add("resid_mid", {resid_pre, attn_out});
    const NodeId ln2 = norm(b, "ln2", resid_mid, layer.ln2);
    const NodeId mlp_out = feed_forward(b, ln2, layer.mlp, activation);
    return b.add("resid_post", {resid_mid, mlp_out});
}

}  // namespace heed
