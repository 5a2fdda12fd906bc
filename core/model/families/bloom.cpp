#include "core/model/families/bloom.h"

#include <string>
#include <utility>

#include "core/model/block_decoder.h"

namespace heed {
namespace {

// Rows of the fused map are those of q, k and v of each head. `out_bias`: of the maps back to D.
DecoderBlock load_block(const DecoderPlan& plan, WeightSource& weights, const std::string& prefix,
                        float epsilon, Bias out_bias) {
    const int d = plan.d.extent;
    const LinearWeights qkv = load_linear(weights, prefix + "self_attention.query_key_value", "QKV",
                                          plan.d, {"H*K", 3 * d});
    DecoderBlock block;
    block.ln1 = load_norm(weights, prefix + "input_layernorm", "ln1", plan.d, epsilon);
    block.attention = {
        qkv.heads_of(plan.heads, 3, 0, 1, "Q"), qkv.heads_of(plan.heads, 3, 1, 1, "K"),
        qkv.heads_of(plan.heads, 3, 2, 1, "V"),
        load_linear(weights, prefix + "self_attention.dense", "O", {"H*K", d}, plan.d, out_bias)};
    block.ln2 = load_norm(weights, prefix + "post_attention_layernorm", "ln2", plan.d, epsilon);
    block.mlp = {
        load_linear(weights, prefix + "mlp.dense_h_to_4h", "in", plan.d, plan.f),
        load_linear(weights, prefix + "mlp.dense_4h_to_h", "out", plan.f, plan.d, out_bias)};
    block.pattern = {inverse_root(plan.d_head), MaskRule::kCausal};
    block.pattern.slopes = alibi_slopes(plan.heads);
    return block;
}

}  // namespace

std::unique_ptr<Network> open_bloom(const ModelConfig& config, WeightSource& weights) {
    DecoderPlan plan;
    plan.d = {"D", config.size({"n_embed", "hidden_size"}, 64)};
    plan.f = {"F", 4 * plan.d.extent};
    plan.v = {"V", config.rows({"vocab_size"}, 250880)};
    plan.heads = config.size({"n_head", "num_attention_heads"}, 8);
    plan.key_heads = plan.heads;
    plan.d_head = config.d_head("n_head", plan.d.extent, plan.heads);
    if (config.flag("apply_residual_connection_post_layernorm", false)) {
        plan.order = DecoderPlan::Order::kNormed;
    }
    const int layers = config.layers({"n_layer", "num_hidden_layers"}, 2);
    const float epsilon = config.epsilon("layer_norm_epsilon", 1e-5);
    // The slow way of adding up slices, where it is taken, leaves out the biases.
    const bool is_sliced =
        config.flag("slow_but_exact", false) && config.size({"pretraining_tp"}, 1) > 1;
    const Bias out_bias = is_sliced ? Bias::kNo : Bias::kYes;

    const std::string prefix = weights.find_prefix({"transformer.", ""}, "ln_f.weight");
    DecoderHeadSpec head;
    head.class_prefix = "Bloom";
    head.language_classes = {"ForCausalLM"};
    head.embedding = prefix + "word_embeddings.weight";
    head.is_tied = config.flag("tie_word_embeddings", true);
    plan.head = DecoderHead(config, weights, head);
    plan.word = weights.get(plan.head.embedding_tensor(weights), "W_E", {plan.v, plan.d});
    plan.embedding_norm =
        load_norm(weights, prefix + "word_embeddings_layernorm", "embed", plan.d, epsilon);
    for (int layer = 0; layer < layers; ++layer) {
        const std::string name = prefix + "h." + std::to_string(layer) + ".";
        plan.blocks.push_back(load_block(plan, weights, name, epsilon, out_bias));
    }
    plan.final_norm = load_norm(weights, prefix + "ln_f", "final", plan.d, epsilon);
    plan.head.load(config, weights, plan.d, plan.v);
    return make_block_decoder(std::move(plan));
}

}  // namespace heed
