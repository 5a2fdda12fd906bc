#include "core/model/encoder.h"

#include <utility>

namespace heed {
namespace {

struct Layer {
    AttentionWeights attention;
    NormWeights ln1;
    FeedForwardWeights mlp;
    NormWeights ln2;
};

class Encoder : public Network {
  public:
    Encoder(EncoderSpec spec, const ModelConfig& config, WeightSource& weights);
    ModelSummary sizes() const override;
    std::shared_ptr<const Graph> build_graph(const Lengths& lengths) const override;
    std::vector<int> derived_ids(const std::string& input,
                                 const std::vector<int>& ids) const override;
    std::vector<std::string> label_names() const override { return head_.label_names(); }

  private:
    void load_embeddings(WeightSource& weights, const std::string& prefix);
    Layer load_layer(WeightSource& weights, const std::string& place) const;
    NodeId embed(GraphBuilder& b, int length) const;
    NodeId block(GraphBuilder& b, NodeId x, const Layer& layer) const;

    EncoderSpec spec_;
    Axis d_, e_, f_, v_;
    WeightView word_VE_, position_PE_;
    std::optional<WeightView> type_NE_;
    NormWeights embedding_norm_;
    std::optional<LinearWeights> projection_;
    std::vector<Layer> layers_;
    EncoderHead head_;
};

Encoder::Encoder(EncoderSpec spec, const ModelConfig& config, WeightSource& weights)
    : spec_(std::move(spec)),
      d_{"D", spec_.d_model},
      e_{spec_.projection.empty() ? "D" : "E", spec_.d_embedding},
      f_{"F", spec_.d_mlp},
      v_{"V", spec_.vocabulary} {
    const std::string prefix =
        weights.find_prefix({spec_.prefix, ""}, "embeddings.position_embeddings.weight");
    spec_.head.words.embedding = prefix + "embeddings.word_embeddings.weight";
    head_ = EncoderHead(config, weights, spec_.head);
    load_embeddings(weights, prefix);
    for (const std::string& place : spec_.blocks) {
        layers_.push_back(load_layer(weights, prefix + place));
    }
    head_.load(config, weights, prefix, d_, e_, v_, spec_.epsilon);
}

void Encoder::load_embeddings(WeightSource& weights, const std::string& prefix) {
    const std::string name = prefix + "embeddings.";
    word_VE_ = weights.get(head_.embedding_tensor(weights), "W_E", {v_, e_});
    position_PE_ =
        weights.get(name + "position_embeddings.weight", "W_pos", {{"T", spec_.position_rows}, e_});
    if (spec_.types > 0) {
        type_NE_ =
            weights.get(name + "token_type_embeddings.weight", "W_type", {{"N", spec_.types}, e_});
    }
    embedding_norm_ = load_norm(weights, name + "LayerNorm", "embed", e_, spec_.epsilon);
    if (spec_.projection.empty()) return;
    projection_ = load_linear(weights, prefix + spec_.projection, "embed", e_, d_);
    projection_->bias->symbol = "b_proj";
    projection_->weight.symbol = "W_proj";
}

Layer Encoder::load_layer(WeightSource& weights, const std::string& place) const {
    const Axis j{"H*K", d_.extent};
    const EncoderLayerNames& names = spec_.names;
    const auto project = [&](const std::string& name, const char* letter) {
        return load_linear(weights, place + name, letter, d_, j).into_heads(spec_.heads);
    };
    Layer layer;
    layer.attention = {project(names.q, "Q"), project(names.k, "K"), project(names.v, "V"),
                       load_linear(weights, place + names.out, "O", j, d_)};
    layer.ln1 = load_norm(weights, place + names.ln1, "ln1", d_, spec_.epsilon);
    layer.mlp = {load_linear(weights, place + names.mlp_in, "in", d_, f_),
                 load_linear(weights, place + names.mlp_out, "out", f_, d_)};
    layer.ln2 = load_norm(weights, place + names.ln2, "ln2", d_, spec_.epsilon);
    return layer;
}

ModelSummary Encoder::sizes() const {
    ModelSummary sizes;
    sizes.architecture = head_.architecture();
    sizes.layers = static_cast<int>(spec_.blocks.size());
    sizes.heads = spec_.heads;
    sizes.key_heads = spec_.heads;
    sizes.d_model = d_.extent;
    sizes.d_head = d_.extent / spec_.heads;
    sizes.d_mlp = f_.extent;
    sizes.vocabulary = v_.extent;
    sizes.positions = spec_.position_rows - (spec_.pad + 1);
    // Of those with types, the second text is told by type 1; RoBERTa's only by what parts them.
    sizes.takes_pair = spec_.types != 1 || spec_.pad >= 0;
    return sizes;
}

std::vector<int> Encoder::derived_ids(const std::string& /*input*/,
                                      const std::vector<int>& ids) const {
    std::vector<int> positions;
    int count = 0;
    for (const int id : ids) {
        if (id != spec_.pad) ++count;
        positions.push_back(id == spec_.pad ? spec_.pad : spec_.pad + count);
    }
    return positions;
}

std::shared_ptr<const Graph> Encoder::build_graph(const Lengths& lengths) const {
    GraphBuilder b;
    NodeId x = embed(b, lengths.tokens);
    for (std::size_t layer = 0; layer < layers_.size(); ++layer) {
        b.begin_block(static_cast<int>(layer));
        x = block(b, x, layers_[layer]);
        b.end_block();
    }
    head_.emit(b, b.alias("final", x, Stage::kNormalise));
    return b.build();
}

NodeId Encoder::embed(GraphBuilder& b, int length) const {
    const int tokens = b.sequence("tokens", length);
    const int ids = b.ids("input_ids", tokens, v_.extent);
    std::vector<NodeId> parts = {b.gather("embed", word_VE_, ids, Stage::kEmbed)};
    if (spec_.pad >= 0) {
        const int positions = b.ids("position_ids", tokens, spec_.position_rows);
        parts.push_back(b.gather("pos_embed", position_PE_, positions, Stage::kPosition));
    } else {
        parts.push_back(b.table_rows("pos_embed", position_PE_, tokens, 0));
    }
    if (type_NE_) {
        const int types = b.ids("token_type_ids", tokens, spec_.types);
        parts.push_back(b.gather("type_embed", *type_NE_, types, Stage::kEmbed));
    }
    const NodeId sum = b.add("embed_sum", parts);
    if (!projection_) return norm(b, "embed_out", sum, embedding_norm_);
    const NodeId normed = norm(b, "embed_norm", sum, embedding_norm_);
    return b.linear("embed_out", normed, projection_->weight, projection_->bias,
                    Stage::kEmbed);  // [T,E][E,D] -> [T,D]
}

NodeId Encoder::block(GraphBuilder& b, NodeId x, const Layer& layer) const {
    const NodeId resid_pre = b.alias("resid_pre", x, Stage::kEmbed);
    PatternRule rule;
    rule.scale = inverse_root(d_.extent / spec_.heads);
    rule.mask = spec_.mask;
    const NodeId attn_out = self_attention(b, resid_pre, layer.attention, rule);
    const NodeId resid_mid = b.add("resid_mid", {resid_pre, attn_out});
    const NodeId ln1 = norm(b, "ln1", resid_mid, layer.ln1);
    const NodeId mlp_out = feed_forward(b, ln1, layer.mlp, spec_.activation);
    const NodeId resid_sum = b.add("resid_sum", {ln1, mlp_out});
    const NodeId ln2 = norm(b, "ln2", resid_sum, layer.ln2);
    return b.alias("resid_post", ln2, Stage::kNormalise);
}

}  // namespace

EncoderSpec read_encoder(const ModelConfig& config, const EncoderDefaults& defaults) {
    const std::string family = config.reader().get_string("model_type", std::nullopt);
    EncoderSpec spec;
    spec.d_model = config.size({"hidden_size"}, defaults.d_model);
    spec.d_embedding = defaults.d_embedding > 0
                           ? config.size({"embedding_size"}, defaults.d_embedding)
                           : spec.d_model;
    spec.heads = config.size({"num_attention_heads"}, defaults.heads);
    config.d_head("num_attention_heads", spec.d_model, spec.heads);
    spec.d_mlp = config.size({"intermediate_size"}, defaults.d_mlp);
    spec.vocabulary = config.rows({"vocab_size"}, defaults.vocabulary);
    spec.position_rows = config.rows({"max_position_embeddings"}, 512);
    spec.types = config.size({"type_vocab_size"}, 2);
    spec.epsilon = config.epsilon("layer_norm_eps", 1e-12);
    spec.activation = config.activation("hidden_act", defaults.activation);
    const int layers = config.layers({"num_hidden_layers"}, defaults.layers);
    for (int layer = 0; layer < layers; ++layer) {
        spec.blocks.push_back("encoder.layer." + std::to_string(layer) + ".");
    }
    if (config.flag("is_decoder", false)) spec.mask = MaskRule::kCausal;
    config.refuse_flag("add_cross_attention", "heed runs no cross-attention in " + family);
    const char* const kind = "position_embedding_type";
    if (config.reader().get_string(kind, "absolute") != "absolute") {
        config.reader().fail(kind, "absolute", config.reader().json().find(kind));
    }
    spec.head.words.is_tied = config.flag("tie_word_embeddings", true);
    spec.head.words_activation = spec.activation;
    return spec;
}

std::unique_ptr<Network> make_encoder(EncoderSpec spec, const ModelConfig& config,
                                      WeightSource& weights) {
    return std::make_unique<Encoder>(std::move(spec), config, weights);
}

}  // namespace heed
