#include "core/model/families/openai_gpt.h"

#include <string>
#include <utility>

#include "core/model/block_decoder.h"

namespace heed {
namespace {

// "gelu" means its tanh form here.
Activation read_activation(const ModelConfig& config) {
    const std::string name = config.reader().get_string("afn", "gelu");
    if (name == "gelu" || name == "gelu_new") return Activation::kGeluTanh;
    if (name == "relu") return Activation::kRelu;
    if (name == "silu" || name == "swish") return Activation::kSilu;
    config.reader().fail("afn", "gelu, relu, silu or swish", config.reader().json().find("afn"));
}

DecoderBlock load_block(const DecoderPlan& plan, WeightSource& weights, const std::string& prefix,
                        float epsilon) {
    const int d = plan.d.extent;
    const LinearWeights qkv =
        load_conv1d(weights, prefix + "attn.c_attn", "QKV", plan.d, {"H*K", 3 * d});
    DecoderBlock block;
    block.attention = {qkv.outputs(0, d, "Q").into_heads(plan.heads),
                       qkv.outputs(d, d, "K").into_heads(plan.heads),
                       qkv.outputs(2 * d, d, "V").into_heads(plan.heads),
                       load_conv1d(weights, prefix + "attn.c_proj", "O", {"H*K", d}, plan.d)};
    block.ln1 = load_norm(weights, prefix + "ln_1", "ln1", plan.d, epsilon);
    block.mlp = {load_conv1d(weights, prefix + "mlp.c_fc", "in", plan.d, plan.f),
                 load_conv1d(weights, prefix + "mlp.c_proj", "out", plan.f, plan.d)};
    block.ln2 = load_norm(weights, prefix + "ln_2", "ln2", plan.d, epsilon);
    block.pattern = {inverse_root(plan.d_head), MaskRule::kCausal};
    return block;
}

}  // namespace

std::unique_ptr<Network> open_openai_gpt(const ModelConfig& config, WeightSource& weights) {
    DecoderPlan plan;
    plan.d = {"D", config.size({"n_embd", "hidden_size"}, 768)};
    plan.f = {"F", 4 * plan.d.extent};
    plan.v = {"V", config.rows({"vocab_size"}, 40478)};
    plan.heads = config.size({"n_head", "num_attention_heads"}, 12);
    plan.key_heads = plan.heads;
    plan.d_head = config.d_head("n_head", plan.d.extent, plan.heads);
    plan.positions = config.rows({"n_positions", "max_position_embeddings"}, 512);
    plan.order = DecoderPlan::Order::kAfter;
    plan.activation = read_activation(config);
    const int layers = config.layers({"n_layer", "num_hidden_layers"}, 12);
    const float epsilon = config.epsilon("layer_norm_epsilon", 1e-5);

    const std::string prefix = weights.find_prefix({"transformer.", ""}, "positions_embed.weight");
    DecoderHeadSpec head;
    head.class_prefix = "OpenAIGPT";
    head.language_classes = {"LMHeadModel", "DoubleHeadsModel"};
    head.has_token_class = false;
    head.has_span_class = false;
    head.embedding = prefix + "tokens_embed.weight";
    head.is_tied = config.flag("tie_word_embeddings", true);
    plan.head = DecoderHead(config, weights, head);
    plan.word = weights.get(plan.head.embedding_tensor(weights), "W_E", {plan.v, plan.d});
    plan.position_table =
        weights.get(prefix + "positions_embed.weight", "W_pos", {{"T", plan.positions}, plan.d});
    for (int layer = 0; layer < layers; ++layer) {
        const std::string name = prefix + "h." + std::to_string(layer) + ".";
        plan.blocks.push_back(load_block(plan, weights, name, epsilon));
    }
    plan.head.load(config, weights, plan.d, plan.v);
    return make_block_decoder(std::move(plan));
}

}  // namespace heed
