#include "core/model/families/gpt_neo.h"

#include <string>
#include <utility>
#include <vector>

#include "core/model/block_decoder.h"

namespace heed {
namespace {

[[noreturn]] void refuse_types(const ModelConfig& config, int layers) {
    config.reader().fail(
        "attention_types",
        "[[[\"global\", \"local\"], 2], ...] for " + std::to_string(layers) + " layers",
        config.reader().json().find("attention_types"));
}

// Which layers are local: each entry of attention_types is a list of kinds and how often it comes.
std::vector<bool> read_local_layers(const ModelConfig& config, int layers) {
    std::vector<bool> is_local;
    const Json* types = config.reader().get_array("attention_types");
    if (types == nullptr) {
        for (int layer = 0; layer < 24; ++layer) is_local.push_back(layer % 2 == 1);
    }
    for (std::size_t i = 0; types != nullptr && i < types->array.size(); ++i) {
        const Json& entry = types->array[i];
        const bool is_pair = entry.is_array() && entry.array.size() == 2 &&
                             entry.array[0].is_array() && entry.array[1].is_integer;
        if (!is_pair) refuse_types(config, layers);
        for (std::int64_t turn = 0; turn < entry.array[1].integer; ++turn) {
            for (const Json& kind : entry.array[0].array) {
                const bool is_known =
                    kind.is_string() && (kind.string == "global" || kind.string == "local");
                if (!is_known || is_local.size() >= static_cast<std::size_t>(layers)) {
                    refuse_types(config, layers);
                }
                is_local.push_back(kind.string == "local");
            }
            if (entry.array[0].array.empty()) refuse_types(config, layers);
        }
    }
    if (is_local.size() != static_cast<std::size_t>(layers)) refuse_types(config, layers);
    return is_local;
}

DecoderBlock load_block(const DecoderPlan& plan, WeightSource& weights, const std::string& prefix,
                        float epsilon) {
    const Axis j{"H*K", plan.d.extent};
    const std::string attention = prefix + "attn.attention.";
    const auto project = [&](const char* name, const char* letter) {
        return load_linear(weights, attention + name, letter, plan.d, j, Bias::kNo)
            .into_heads(plan.heads);
    };
    DecoderBlock block;
    block.ln1 = load_norm(weights, prefix + "ln_1", "ln1", plan.d, epsilon);
    block.attention = {project("q_proj", "Q"), project("k_proj", "K"), project("v_proj", "V"),
                       load_linear(weights, attention + "out_proj", "O", j, plan.d)};
    block.ln2 = load_norm(weights, prefix + "ln_2", "ln2", plan.d, epsilon);
    block.mlp = {load_linear(weights, prefix + "mlp.c_fc", "in", plan.d, plan.f),
                 load_linear(weights, prefix + "mlp.c_proj", "out", plan.f, plan.d)};
    return block;
}

}  // namespace

std::unique_ptr<Network> open_gpt_neo(const ModelConfig& config, WeightSource& weights) {
    DecoderPlan plan;
    plan.d = {"D", config.size({"hidden_size"}, 2048)};
    plan.f = {"F", config.size({"intermediate_size"}, 4 * plan.d.extent)};
    plan.v = {"V", config.rows({"vocab_size"}, 50257)};
    plan.heads = config.size({"num_heads", "num_attention_heads"}, 16);
    plan.key_heads = plan.heads;
    plan.d_head = config.d_head("num_heads", plan.d.extent, plan.heads);
    plan.positions = config.rows({"max_position_embeddings"}, 2048);
    plan.activation = config.activation("activation_function", "gelu_new");
    const int layers = config.layers({"num_layers", "num_hidden_layers"}, 24);
    const std::vector<bool> is_local = read_local_layers(config, layers);
    const int window = config.rows({"window_size"}, 256);
    const float epsilon = config.epsilon("layer_norm_epsilon", 1e-5);

    const std::string prefix = weights.find_prefix({"transformer.", ""}, "wpe.weight");
    DecoderHeadSpec head;
    head.class_prefix = "GPTNeo";
    head.language_classes = {"ForCausalLM"};
    head.embedding = prefix + "wte.weight";
    head.is_tied = config.flag("tie_word_embeddings", true);
    plan.head = DecoderHead(config, weights, head);
    plan.word = weights.get(plan.head.embedding_tensor(weights), "W_E", {plan.v, plan.d});
    plan.position_table =
        weights.get(prefix + "wpe.weight", "W_pos", {{"T", plan.positions}, plan.d});
    for (int layer = 0; layer < layers; ++layer) {
        const std::string name = prefix + "h." + std::to_string(layer) + ".";
        plan.blocks.push_back(load_block(plan, weights, name, epsilon));
        // The scores have no scale.
        PatternRule& pattern = plan.blocks.back().pattern;
        pattern.mask =
            is_local[static_cast<std::size_t>(layer)] ? MaskRule::kWindow : MaskRule::kCausal;
        pattern.window = window;
    }
    plan.final_norm = load_norm(weights, prefix + "ln_f", "final", plan.d, epsilon);
    plan.head.load(config, weights, plan.d, plan.v);
    return make_block_decoder(std::move(plan));
}

}  // namespace heed
