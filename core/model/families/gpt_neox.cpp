#include "core/model/families/gpt_neox.h"

#include <string>
#include <utility>

#include "core/model/block_decoder.h"
#include "core/model/rotary.h"

namespace heed {
namespace {

// Rows of the fused map are those of q, k and v of each head.
DecoderBlock load_block(const DecoderPlan& plan, WeightSource& weights, const std::string& prefix,
                        float epsilon, Bias bias) {
    const int d = plan.d.extent;
    const LinearWeights qkv = load_linear(weights, prefix + "attention.query_key_value", "QKV",
                                          plan.d, {"H*K", 3 * d}, bias);
    DecoderBlock block;
    block.ln1 = load_norm(weights, prefix + "input_layernorm", "ln1", plan.d, epsilon);
    block.attention = {
        qkv.heads_of(plan.heads, 3, 0, 1, "Q"), qkv.heads_of(plan.heads, 3, 1, 1, "K"),
        qkv.heads_of(plan.heads, 3, 2, 1, "V"),
        load_linear(weights, prefix + "attention.dense", "O", {"H*K", d}, plan.d, bias)};
    block.ln2 = load_norm(weights, prefix + "post_attention_layernorm", "ln2", plan.d, epsilon);
    block.mlp = {load_linear(weights, prefix + "mlp.dense_h_to_4h", "in", plan.d, plan.f),
                 load_linear(weights, prefix + "mlp.dense_4h_to_h", "out", plan.f, plan.d)};
    block.pattern = {inverse_root(plan.d_head), MaskRule::kCausal};
    return block;
}

}  // namespace

std::unique_ptr<Network> open_gpt_neox(const ModelConfig& config, WeightSource& weights) {
    DecoderPlan plan;
    plan.d = {"D", config.size({"hidden_size"}, 6144)};
    plan.f = {"F", config.size({"intermediate_size"}, 24576)};
    plan.v = {"V", config.rows({"vocab_size"}, 50432)};
    plan.heads = config.size({"num_attention_heads"}, 64);
    plan.key_heads = plan.heads;
    plan.d_head = config.d_head("num_attention_heads", plan.d.extent, plan.heads);
    plan.positions = config.rows({"max_position_embeddings"}, 2048);
    if (config.flag("use_parallel_residual", true)) plan.order = DecoderPlan::Order::kParallel;
    plan.activation = config.activation("hidden_act", "gelu");
    const RotaryConfig rotary(config, {10000, 0.25, "rotary_pct"}, "", "rotary_emb_base");
    rotary.check_columns(config, plan.d_head);
    plan.rotary = [rotary, d_head = plan.d_head](int length) {
        return rotary.rule(d_head, length);
    };
    const int layers = config.layers({"num_hidden_layers"}, 44);
    const float epsilon = config.epsilon("layer_norm_eps", 1e-5);
    const Bias bias = config.flag("attention_bias", true) ? Bias::kYes : Bias::kNo;

    const std::string prefix = weights.find_prefix({"gpt_neox.", ""}, "final_layer_norm.weight");
    DecoderHeadSpec head;
    head.class_prefix = "GPTNeoX";
    head.language_classes = {"ForCausalLM"};
    head.embedding = prefix + "embed_in.weight";
    head.language = weights.has("lm_head.weight") ? "lm_head" : "embed_out";
    head.is_tied = config.flag("tie_word_embeddings", false);
    plan.head = DecoderHead(config, weights, head);
    plan.word = weights.get(plan.head.embedding_tensor(weights), "W_E", {plan.v, plan.d});
    for (int layer = 0; layer < layers; ++layer) {
        const std::string name = prefix + "layers." + std::to_string(layer) + ".";
        plan.blocks.push_back(load_block(plan, weights, name, epsilon, bias));
    }
    plan.final_norm = load_norm(weights, prefix + "final_layer_norm", "final", plan.d, epsilon);
    plan.head.load(config, weights, plan.d, plan.v);
    return make_block_decoder(std::move(plan));
}

}  // namespace heed
