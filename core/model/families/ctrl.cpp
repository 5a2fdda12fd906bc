#include "core/model/families/ctrl.h"

#include <cmath>
#include <string>
#include <utility>

#include "core/model/block_decoder.h"

namespace heed {
namespace {

constexpr float kBlockEpsilon = 1e-6F;  // whatever layer_norm_epsilon is

DecoderBlock load_block(const DecoderPlan& plan, WeightSource& weights, const std::string& prefix) {
    const Axis j{"H*K", plan.d.extent};
    const std::string attention = prefix + "multi_head_attention.";
    const auto project = [&](const char* name, const char* letter) {
        return load_linear(weights, attention + name, letter, plan.d, j).into_heads(plan.heads);
    };
    DecoderBlock block;
    block.ln1 = load_norm(weights, prefix + "layernorm1", "ln1", plan.d, kBlockEpsilon);
    block.attention = {project("Wq", "Q"), project("Wk", "K"), project("Wv", "V"),
                       load_linear(weights, attention + "dense", "O", j, plan.d)};
    block.ln2 = load_norm(weights, prefix + "layernorm2", "ln2", plan.d, kBlockEpsilon);
    block.mlp = {load_linear(weights, prefix + "ffn.0", "in", plan.d, plan.f),
                 load_linear(weights, prefix + "ffn.2", "out", plan.f, plan.d)};
    block.pattern = {inverse_root(plan.d_head), MaskRule::kCausal};
    return block;
}

}  // namespace

std::unique_ptr<Network> open_ctrl(const ModelConfig& config, WeightSource& weights) {
    DecoderPlan plan;
    plan.d = {"D", config.size({"n_embd", "hidden_size"}, 1280)};
    plan.f = {"F", config.size({"dff"}, 8192)};
    plan.v = {"V", config.rows({"vocab_size"}, 246534)};
    plan.heads = config.size({"n_head", "num_attention_heads"}, 16);
    plan.key_heads = plan.heads;
    plan.d_head = config.d_head("n_head", plan.d.extent, plan.heads);
    plan.positions = config.rows({"n_positions", "max_position_embeddings"}, 256);
    plan.embedding_scale = static_cast<float>(std::sqrt(static_cast<double>(plan.d.extent)));
    plan.has_waves = true;
    plan.activation = Activation::kRelu;
    const int layers = config.layers({"n_layer", "num_hidden_layers"}, 48);

    const std::string prefix = weights.find_prefix({"transformer.", ""}, "layernorm.weight");
    DecoderHeadSpec head;
    head.class_prefix = "CTRL";
    head.language_classes = {"LMHeadModel"};
    head.has_token_class = false;
    head.has_span_class = false;
    head.embedding = prefix + "w.weight";
    head.language_bias = Bias::kYes;
    head.is_tied = config.flag("tie_word_embeddings", true);
    head.sequence_classifier = "classifier";
    plan.head = DecoderHead(config, weights, head);
    plan.word = weights.get(plan.head.embedding_tensor(weights), "W_E", {plan.v, plan.d});
    for (int layer = 0; layer < layers; ++layer) {
        plan.blocks.push_back(
            load_block(plan, weights, prefix + "h." + std::to_string(layer) + "."));
    }
    plan.final_norm = load_norm(weights, prefix + "layernorm", "final", plan.d,
                                config.epsilon("layer_norm_epsilon", 1e-6));
    plan.head.load(config, weights, plan.d, plan.v);
    return make_block_decoder(std::move(plan));
}

}  // namespace heed
