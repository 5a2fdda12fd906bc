#include "core/model/families/opt.h"

#include <string>
#include <utility>

#include "core/model/block_decoder.h"

namespace heed {
namespace {

constexpr float kEpsilon = 1e-5F;
constexpr int kPositionOffset = 2;

struct OptOptions {
    Bias bias = Bias::kYes;        // of the linear maps
    bool has_norm_weights = true;  // of the norms
    bool has_norms_before = true;  // of attention and feed-forward
    bool has_final_norm = true;
};

OptOptions read_options(const ModelConfig& config) {
    OptOptions options;
    options.bias = config.flag("enable_bias", true) ? Bias::kYes : Bias::kNo;
    options.has_norm_weights = config.flag("layer_norm_elementwise_affine", true);
    options.has_norms_before = config.flag("do_layer_norm_before", true);
    options.has_final_norm =
        options.has_norms_before && !config.flag("_remove_final_layer_norm", false);
    return options;
}

NormWeights load_norm_of(const OptOptions& options, WeightSource& weights, const std::string& name,
                         const std::string& letter, const Axis& d) {
    if (options.has_norm_weights) return load_norm(weights, name, letter, d, kEpsilon);
    return {std::nullopt, std::nullopt, kEpsilon};
}

DecoderBlock load_block(const DecoderPlan& plan, const OptOptions& options, WeightSource& weights,
                        const std::string& prefix) {
    const Axis j{"H*K", plan.d.extent};
    const std::string attention = prefix + "self_attn.";
    const auto project = [&](const char* name, const char* letter) {
        return load_linear(weights, attention + name, letter, plan.d, j, options.bias)
            .into_heads(plan.heads);
    };
    DecoderBlock block;
    block.ln1 = load_norm_of(options, weights, prefix + "self_attn_layer_norm", "ln1", plan.d);
    block.attention = {project("q_proj", "Q"), project("k_proj", "K"), project("v_proj", "V"),
                       load_linear(weights, attention + "out_proj", "O", j, plan.d, options.bias)};
    block.ln2 = load_norm_of(options, weights, prefix + "final_layer_norm", "ln2", plan.d);
    block.mlp = {load_linear(weights, prefix + "fc1", "in", plan.d, plan.f, options.bias),
                 load_linear(weights, prefix + "fc2", "out", plan.f, plan.d, options.bias)};
    block.pattern = {inverse_root(plan.d_head), MaskRule::kCausal};
    return block;
}

DecoderPlan read_sizes(const ModelConfig& config) {
    DecoderPlan plan;
    plan.d = {"D", config.size({"hidden_size"}, 768)};
    plan.f = {"F", config.size({"ffn_dim"}, 3072)};
    plan.v = {"V", config.rows({"vocab_size"}, 50272)};
    plan.heads = config.size({"num_attention_heads"}, 12);
    plan.key_heads = plan.heads;
    plan.d_head = config.d_head("num_attention_heads", plan.d.extent, plan.heads);
    plan.positions = config.rows({"max_position_embeddings"}, 2048);
    plan.position_offset = kPositionOffset;
    plan.activation = config.activation("activation_function", "relu");
    return plan;
}

}  // namespace

std::unique_ptr<Network> open_opt(const ModelConfig& config, WeightSource& weights) {
    DecoderPlan plan = read_sizes(config);
    const OptOptions options = read_options(config);
    if (!options.has_norms_before) plan.order = DecoderPlan::Order::kAfter;
    const int layers = config.layers({"num_hidden_layers"}, 12);
    // Words may have a width of their own.
    const int word_width = config.size({"word_embed_proj_dim"}, plan.d.extent);
    const bool has_own_width = word_width != plan.d.extent;
    const Axis e = has_own_width ? Axis{"E", word_width} : plan.d;

    const std::string prefix =
        weights.find_prefix({"model.decoder.", "decoder.", ""}, "embed_positions.weight");
    DecoderHeadSpec head;
    head.class_prefix = "OPT";
    head.language_classes = {"ForCausalLM"};
    head.has_token_class = false;
    head.embedding = prefix + "embed_tokens.weight";
    head.is_tied = config.flag("tie_word_embeddings", true);
    plan.head = DecoderHead(config, weights, head);
    plan.word = weights.get(plan.head.embedding_tensor(weights), "W_E", {plan.v, e});
    if (has_own_width) {
        plan.project_in =
            load_linear(weights, prefix + "project_in", "project_in", e, plan.d, Bias::kNo);
        plan.project_out =
            load_linear(weights, prefix + "project_out", "project_out", plan.d, e, Bias::kNo);
    }
    plan.position_table = weights.get(prefix + "embed_positions.weight", "W_pos",
                                      {{"T", plan.positions + kPositionOffset}, plan.d});
    for (int layer = 0; layer < layers; ++layer) {
        const std::string name = prefix + "layers." + std::to_string(layer) + ".";
        plan.blocks.push_back(load_block(plan, options, weights, name));
    }
    if (options.has_final_norm) {
        plan.final_norm =
            load_norm_of(options, weights, prefix + "final_layer_norm", "final", plan.d);
    }
    plan.head.load(config, weights, e, plan.v);
    return make_block_decoder(std::move(plan));
}

}  // namespace heed
