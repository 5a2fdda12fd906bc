#include "core/model/families/falcon.h"

#include <string>
#include <utility>

#include "core/model/block_decoder.h"
#include "core/model/rotary.h"

namespace heed {
namespace {

struct FalconOptions {
    Bias bias = Bias::kNo;
    bool is_parallel = true;
    bool has_two_norms = false;  // one for attention, one for feed-forward, side by side
    bool has_slopes = false;     // instead of the rotary
    // Rows of the fused map: `groups` times so many queries, a key and a value.
    int groups = 1;
    float epsilon = 1e-5F;
};

FalconOptions read_options(const ModelConfig& config, int heads) {
    FalconOptions options;
    options.bias = config.flag("bias", false) ? Bias::kYes : Bias::kNo;
    options.has_slopes = config.flag("alibi", false);
    options.epsilon = config.epsilon("layer_norm_epsilon", 1e-5);
    if (!config.flag("new_decoder_architecture", false)) {
        options.is_parallel = config.flag("parallel_attn", true);
        options.groups = config.flag("multi_query", true) ? 1 : heads;
        return options;
    }
    options.has_two_norms = config.size({"num_ln_in_parallel_attn"}, 2) == 2;
    options.groups = config.size({"num_kv_heads"}, heads);
    if (heads % options.groups != 0) {
        config.reader().fail("num_kv_heads", "a divisor of the " + std::to_string(heads) + " heads",
                             config.reader().json().find("num_kv_heads"));
    }
    return options;
}

AttentionWeights load_attention(const DecoderPlan& plan, const FalconOptions& options,
                                WeightSource& weights, const std::string& prefix) {
    const int d = plan.d.extent;
    const int queries = plan.heads / options.groups;
    const int members = queries + 2;
    const LinearWeights qkv =
        load_linear(weights, prefix + "query_key_value", "QKV", plan.d,
                    {"H*K", options.groups * members * plan.d_head}, options.bias);
    return {qkv.heads_of(options.groups, members, 0, queries, "Q"),
            qkv.heads_of(options.groups, members, queries, 1, "K"),
            qkv.heads_of(options.groups, members, queries + 1, 1, "V"),
            load_linear(weights, prefix + "dense", "O", {"H*K", d}, plan.d, options.bias)};
}

DecoderBlock load_block(const DecoderPlan& plan, const FalconOptions& options,
                        WeightSource& weights, const std::string& prefix) {
    const auto load_norm_of = [&](const char* name, const char* letter) {
        return load_norm(weights, prefix + name, letter, plan.d, options.epsilon);
    };
    DecoderBlock block;
    block.ln1 = load_norm_of(options.has_two_norms ? "ln_attn" : "input_layernorm", "ln1");
    if (options.has_two_norms) block.ln2 = load_norm_of("ln_mlp", "ln2");
    if (!options.is_parallel) block.ln2 = load_norm_of("post_attention_layernorm", "ln2");
    block.attention = load_attention(plan, options, weights, prefix + "self_attention.");
    block.mlp = {
        load_linear(weights, prefix + "mlp.dense_h_to_4h", "in", plan.d, plan.f, options.bias),
        load_linear(weights, prefix + "mlp.dense_4h_to_h", "out", plan.f, plan.d, options.bias)};
    block.pattern = {inverse_root(plan.d_head), MaskRule::kCausal};
    if (options.has_slopes) {
        block.pattern.slopes = alibi_slopes(plan.heads);
        block.pattern.is_bias_scaled = true;
        block.pattern.is_bias_coarse = true;
    }
    return block;
}

DecoderPlan read_sizes(const ModelConfig& config) {
    DecoderPlan plan;
    plan.d = {"D", config.size({"n_embed", "hidden_size"}, 4544)};
    plan.f = {"F", config.size({"ffn_hidden_size"}, 4 * plan.d.extent)};
    plan.v = {"V", config.rows({"vocab_size"}, 65024)};
    plan.heads = config.size({"num_attention_heads"}, 71);
    plan.d_head = config.d_head("num_attention_heads", plan.d.extent, plan.heads);
    plan.positions = config.rows({"max_position_embeddings"}, 2048);
    plan.activation = config.activation("activation", "gelu");
    return plan;
}

}  // namespace

std::unique_ptr<Network> open_falcon(const ModelConfig& config, WeightSource& weights) {
    DecoderPlan plan = read_sizes(config);
    const FalconOptions options = read_options(config, plan.heads);
    plan.key_heads = options.groups;
    if (options.is_parallel) plan.order = DecoderPlan::Order::kParallel;
    if (!options.has_slopes) {
        const RotaryConfig rotary(config, {10000, 1});
        rotary.check_columns(config, plan.d_head);
        plan.rotary = [rotary, d_head = plan.d_head](int length) {
            return rotary.rule(d_head, length);
        };
    }
    const int layers = config.layers({"num_hidden_layers"}, 32);

    const std::string prefix = weights.find_prefix({"transformer.", ""}, "ln_f.weight");
    DecoderHeadSpec head;
    head.class_prefix = "Falcon";
    head.language_classes = {"ForCausalLM"};
    head.embedding = prefix + "word_embeddings.weight";
    head.is_tied = config.flag("tie_word_embeddings", true);
    plan.head = DecoderHead(config, weights, head);
    plan.word = weights.get(plan.head.embedding_tensor(weights), "W_E", {plan.v, plan.d});
    for (int layer = 0; layer < layers; ++layer) {
        const std::string name = prefix + "h." + std::to_string(layer) + ".";
        plan.blocks.push_back(load_block(plan, options, weights, name));
    }
    plan.final_norm = load_norm(weights, prefix + "ln_f", "final", plan.d, options.epsilon);
    plan.head.load(config, weights, plan.d, plan.v);
    return make_block_decoder(std::move(plan));
}

}  // namespace heed
