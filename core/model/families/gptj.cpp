#include "core/model/families/gptj.h"

#include <cmath>
#include <string>
#include <utility>

#include "core/model/block_decoder.h"

namespace heed {
namespace {

// Neighbouring columns are turned together.
RotaryRule read_rotary(const ModelConfig& config, int d_head) {
    const int turned = config.size({"rotary_dim"}, 64);
    if (turned > d_head || turned % 2 != 0) {
        config.reader().fail("rotary_dim",
                             "an even number of columns up to " + std::to_string(d_head),
                             config.reader().json().find("rotary_dim"));
    }
    RotaryRule rule;
    rule.is_interleaved = true;
    for (int i = 0; i < turned; i += 2) {
        rule.frequencies.push_back(std::pow(10000.0, -static_cast<double>(i) / turned));
    }
    return rule;
}

// One norm for attention and feed-forward; no biases in the attention.
DecoderBlock load_block(const DecoderPlan& plan, WeightSource& weights, const std::string& prefix,
                        float epsilon) {
    const Axis j{"H*K", plan.d.extent};
    const auto project = [&](const char* name, const char* letter) {
        return load_linear(weights, prefix + "attn." + name, letter, plan.d, j, Bias::kNo)
            .into_heads(plan.heads);
    };
    DecoderBlock block;
    block.ln1 = load_norm(weights, prefix + "ln_1", "ln1", plan.d, epsilon);
    block.attention = {project("q_proj", "Q"), project("k_proj", "K"), project("v_proj", "V"),
                       load_linear(weights, prefix + "attn.out_proj", "O", j, plan.d, Bias::kNo)};
    block.mlp = {load_linear(weights, prefix + "mlp.fc_in", "in", plan.d, plan.f),
                 load_linear(weights, prefix + "mlp.fc_out", "out", plan.f, plan.d)};
    block.pattern = {inverse_root(plan.d_head), MaskRule::kCausal};
    return block;
}

}  // namespace

std::unique_ptr<Network> open_gptj(const ModelConfig& config, WeightSource& weights) {
    DecoderPlan plan;
    plan.d = {"D", config.size({"n_embd", "hidden_size"}, 4096)};
    plan.f = {"F", config.size({"n_inner"}, 4 * plan.d.extent)};
    plan.v = {"V", config.rows({"vocab_size"}, 50400)};
    plan.heads = config.size({"n_head", "num_attention_heads"}, 16);
    plan.key_heads = plan.heads;
    plan.d_head = config.d_head("n_head", plan.d.extent, plan.heads);
    plan.positions = config.rows({"n_positions", "max_position_embeddings"}, 2048);
    plan.order = DecoderPlan::Order::kParallel;
    plan.activation = config.activation("activation_function", "gelu_new");
    plan.rotary = [rule = read_rotary(config, plan.d_head)](int /*length*/) { return rule; };
    const int layers = config.layers({"n_layer", "num_hidden_layers"}, 28);
    const float epsilon = config.epsilon("layer_norm_epsilon", 1e-5);

    const std::string prefix = weights.find_prefix({"transformer.", ""}, "ln_f.weight");
    DecoderHeadSpec head;
    head.class_prefix = "GPTJ";
    head.language_classes = {"ForCausalLM"};
    head.has_token_class = false;
    head.embedding = prefix + "wte.weight";
    head.language_bias = Bias::kYes;
    head.is_tied = config.flag("tie_word_embeddings", false);
    plan.head = DecoderHead(config, weights, head);
    plan.word = weights.get(plan.head.embedding_tensor(weights), "W_E", {plan.v, plan.d});
    for (int layer = 0; layer < layers; ++layer) {
        const std::string name = prefix + "h." + std::to_string(layer) + ".";
        plan.blocks.push_back(load_block(plan, weights, name, epsilon));
    }
    plan.final_norm = load_norm(weights, prefix + "ln_f", "final", plan.d, epsilon);
    plan.head.load(config, weights, plan.d, plan.v);
    return make_block_decoder(std::move(plan));
}

}  // namespace heed
