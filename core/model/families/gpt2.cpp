#include "core/model/families/gpt2.h"

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "core/model/decoder_head.h"

namespace heed {
namespace {

struct Gpt2Layer {
    NormWeights ln1;
    AttentionWeights attention;
    ScoreScale scale;
    NormWeights ln2;
    FeedForwardWeights mlp;
};

class Gpt2 : public Network {
  public:
    Gpt2(const ModelConfig& config, WeightSource& weights);
    ModelSummary sizes() const override;
    std::shared_ptr<const Graph> build_graph(const Lengths& lengths) const override;
    std::vector<int> derived_ids(const std::string& /*input*/,
                                 const std::vector<int>& ids) const override {
        return head_.derived_ids(ids);
    }
    std::vector<std::string> label_names() const override { return head_.label_names(); }

  private:
    ScoreScale score_scale(const ModelConfig& config, int layer) const;
    Gpt2Layer load_layer(WeightSource& weights, const std::string& prefix, float epsilon) const;
    NodeId block(GraphBuilder& b, NodeId x, const Gpt2Layer& layer) const;

    Axis d_, f_, v_;
    int heads_, positions_, layer_count_;
    Activation activation_;

    WeightView word_VD_, position_PD_;
    std::vector<Gpt2Layer> layers_;
    NormWeights final_norm_;
    DecoderHead head_;
};

Gpt2::Gpt2(const ModelConfig& config, WeightSource& weights)
    : d_{"D", config.size({"n_embd", "hidden_size"}, 768)},
      f_{"F", config.size({"n_inner"}, 4 * d_.extent)},
      v_{"V", config.rows({"vocab_size"}, 50257)},
      heads_(config.size({"n_head", "num_attention_heads"}, 12)),
      positions_(config.rows({"n_positions", "max_position_embeddings"}, 1024)),
      layer_count_(config.layers({"n_layer", "num_hidden_layers"}, 12)),
      activation_(config.activation("activation_function", "gelu_new")) {
    config.d_head("n_head", d_.extent, heads_);
    config.refuse_flag("add_cross_attention", "heed runs no cross-attention in gpt2");
    const float epsilon = config.epsilon("layer_norm_epsilon", 1e-5);

    const std::string prefix = weights.find_prefix({"transformer.", ""}, "wpe.weight");
    DecoderHeadSpec head;
    head.class_prefix = "GPT2";
    head.language_classes = {"LMHeadModel", "DoubleHeadsModel"};
    head.embedding = prefix + "wte.weight";
    head.is_tied = config.flag("tie_word_embeddings", true);
    head_ = DecoderHead(config, weights, head);
    word_VD_ = weights.get(head_.embedding_tensor(weights), "W_E", {v_, d_});
    position_PD_ = weights.get(prefix + "wpe.weight", "W_pos", {{"T", positions_}, d_});
    for (int layer = 0; layer < layer_count_; ++layer) {
        layers_.push_back(
            load_layer(weights, prefix + "h." + std::to_string(layer) + ".", epsilon));
        layers_.back().scale = score_scale(config, layer);
    }
    final_norm_ = load_norm(weights, prefix + "ln_f", "final", d_, epsilon);
    head_.load(config, weights, d_, v_);
}

// reorder_and_upcast_attn only changes in which order the same factors are applied.
ScoreScale Gpt2::score_scale(const ModelConfig& config, int layer) const {
    const int d_head = d_.extent / heads_;
    ScoreScale scale;
    if (config.flag("scale_attn_weights", true)) scale = inverse_root(d_head);
    if (!config.flag("scale_attn_by_inverse_layer_idx", false)) return scale;
    scale.text += " / " + std::to_string(layer + 1);
    scale.factor /= static_cast<float>(layer + 1);
    return scale;
}

Gpt2Layer Gpt2::load_layer(WeightSource& weights, const std::string& prefix, float epsilon) const {
    const int d = d_.extent;
    const Axis j{"H*K", d};
    const LinearWeights qkv =
        load_conv1d(weights, prefix + "attn.c_attn", "QKV", d_, {"H*K", 3 * d});
    Gpt2Layer layer;
    layer.ln1 = load_norm(weights, prefix + "ln_1", "ln1", d_, epsilon);
    layer.attention = {qkv.outputs(0, d, "Q").into_heads(heads_),
                       qkv.outputs(d, d, "K").into_heads(heads_),
                       qkv.outputs(2 * d, d, "V").into_heads(heads_),
                       load_conv1d(weights, prefix + "attn.c_proj", "O", j, d_)};
    layer.ln2 = load_norm(weights, prefix + "ln_2", "ln2", d_, epsilon);
    layer.mlp = {load_conv1d(weights, prefix + "mlp.c_fc", "in", d_, f_),
                 load_conv1d(weights, prefix + "mlp.c_proj", "out", f_, d_)};
    return layer;
}

ModelSummary Gpt2::sizes() const {
    ModelSummary sizes;
    sizes.architecture = head_.architecture();
    sizes.layers = layer_count_;
    sizes.heads = heads_;
    sizes.key_heads = heads_;
    sizes.d_model = d_.extent;
    sizes.d_head = d_.extent / heads_;
    sizes.d_mlp = f_.extent;
    sizes.vocabulary = v_.extent;
    sizes.positions = positions_;
    return sizes;
}

std::shared_ptr<const Graph> Gpt2::build_graph(const Lengths& lengths) const {
    GraphBuilder b;
    const int tokens = b.sequence("tokens", lengths.tokens);
    const int ids = b.ids("input_ids", tokens, v_.extent);

    const NodeId word = b.gather("embed", word_VD_, ids, Stage::kEmbed);
    const NodeId position = b.table_rows("pos_embed", position_PD_, tokens, 0);
    NodeId x = b.add("embed_out", {word, position});
    for (int layer = 0; layer < layer_count_; ++layer) {
        b.begin_block(layer);
        x = block(b, x, layers_[static_cast<std::size_t>(layer)]);
        b.end_block();
    }
    head_.emit(b, norm(b, "final", x, final_norm_));
    return b.build();
}

NodeId Gpt2::block(GraphBuilder& b, NodeId x, const Gpt2Layer& layer) const {
    const NodeId resid_pre = b.alias("resid_pre", x, Stage::kEmbed);
    const NodeId ln1 = norm(b, "ln1", resid_pre, layer.ln1);
    const NodeId attn_out =
        self_attention(b, ln1, layer.attention, {layer.scale, MaskRule::kCausal});
    const NodeId resid_mid = b.add("resid_mid", {resid_pre, attn_out});
    const NodeId ln2 = norm(b, "ln2", resid_mid, layer.ln2);
    const NodeId mlp_out = feed_forward(b, ln2, layer.mlp, activation_);
    return b.add("resid_post", {resid_mid, mlp_out});
}

}  // namespace

std::unique_ptr<Network> open_gpt2(const ModelConfig& config, WeightSource& weights) {
    return std::make_unique<Gpt2>(config, weights);
}

}  // namespace heed
