#include "core/model/families/phi.h"

#include <string>
#include <utility>

#include "core/model/block_decoder.h"
#include "core/model/rotary.h"

namespace heed {
namespace {

// One norm for attention and feed-forward; biases everywhere.
DecoderBlock load_block(const DecoderPlan& plan, WeightSource& weights, const std::string& prefix,
                        float epsilon, bool has_qk_norm) {
    const std::string attention = prefix + "self_attn.";
    const Axis j{"H*K", plan.heads * plan.d_head};
    const Axis j_keys{"H*K", plan.key_heads * plan.d_head};
    const Axis k{"K", plan.d_head};
    DecoderBlock block;
    block.ln1 = load_norm(weights, prefix + "input_layernorm", "ln1", plan.d, epsilon);
    block.attention = {
        load_linear(weights, attention + "q_proj", "Q", plan.d, j).into_heads(plan.heads),
        load_linear(weights, attention + "k_proj", "K", plan.d, j_keys).into_heads(plan.key_heads),
        load_linear(weights, attention + "v_proj", "V", plan.d, j_keys).into_heads(plan.key_heads),
        load_linear(weights, attention + "dense", "O", j, plan.d)};
    if (has_qk_norm) {
        block.q_norm = load_norm(weights, attention + "q_layernorm", "q_norm", k, epsilon);
        block.k_norm = load_norm(weights, attention + "k_layernorm", "k_norm", k, epsilon);
    }
    block.mlp = {load_linear(weights, prefix + "mlp.fc1", "in", plan.d, plan.f),
                 load_linear(weights, prefix + "mlp.fc2", "out", plan.f, plan.d)};
    block.pattern = {inverse_root(plan.d_head), MaskRule::kCausal};
    return block;
}

DecoderPlan read_sizes(const ModelConfig& config) {
    DecoderPlan plan;
    plan.d = {"D", config.size({"hidden_size"}, 2048)};
    plan.f = {"F", config.size({"intermediate_size"}, 8192)};
    plan.v = {"V", config.rows({"vocab_size"}, 51200)};
    plan.heads = config.size({"num_attention_heads"}, 32);
    plan.key_heads = config.size({"num_key_value_heads"}, plan.heads);
    if (plan.heads % plan.key_heads != 0) {
        config.reader().fail("num_key_value_heads",
                             "a divisor of the " + std::to_string(plan.heads) + " heads",
                             config.reader().json().find("num_key_value_heads"));
    }
    plan.d_head = config.reader().has("head_dim")
                      ? config.size({"head_dim"}, 64)
                      : config.d_head("num_attention_heads", plan.d.extent, plan.heads);
    plan.positions = config.rows({"max_position_embeddings"}, 2048);
    plan.order = DecoderPlan::Order::kParallel;
    plan.activation = config.activation("hidden_act", "gelu_new");
    return plan;
}

}  // namespace

std::unique_ptr<Network> open_phi(const ModelConfig& config, WeightSource& weights) {
    DecoderPlan plan = read_sizes(config);
    const RotaryConfig rotary(config, {10000, 0.5, "partial_rotary_factor"});
    rotary.check_columns(config, plan.d_head, true);
    plan.rotary = [rotary, d_head = plan.d_head](int length) {
        return rotary.rule(d_head, length);
    };
    const int layers = config.layers({"num_hidden_layers"}, 24);
    const float epsilon = config.epsilon("layer_norm_eps", 1e-5);
    const bool has_qk_norm = config.flag("qk_layernorm", false);

    const std::string prefix = weights.find_prefix({"model.", ""}, "final_layernorm.weight");
    DecoderHeadSpec head;
    head.class_prefix = "Phi";
    head.language_classes = {"ForCausalLM"};
    head.has_span_class = false;
    head.embedding = prefix + "embed_tokens.weight";
    head.language_bias = Bias::kYes;
    head.is_tied = config.flag("tie_word_embeddings", false);
    head.token_classifier = "score";
    plan.head = DecoderHead(config, weights, head);
    plan.word = weights.get(plan.head.embedding_tensor(weights), "W_E", {plan.v, plan.d});
    for (int layer = 0; layer < layers; ++layer) {
        const std::string name = prefix + "layers." + std::to_string(layer) + ".";
        plan.blocks.push_back(load_block(plan, weights, name, epsilon, has_qk_norm));
    }
    plan.final_norm = load_norm(weights, prefix + "final_layernorm", "final", plan.d, epsilon);
    plan.head.load(config, weights, plan.d, plan.v);
    return make_block_decoder(std::move(plan));
}

}  // namespace heed
