#include "core/model/families/bert.h"

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/model/blocks.h"

namespace heed {
namespace {

enum class Head { kNone, kMaskedLm, kPretraining, kNextSentence, kSequence, kToken, kSpan };

struct HeadOfClass {
    std::string_view architecture;
    Head head;
    bool has_pooler;
};

constexpr std::array<HeadOfClass, 8> kHeads = {{
    {"BertModel", Head::kNone, true},
    {"BertForMaskedLM", Head::kMaskedLm, false},
    {"BertLMHeadModel", Head::kMaskedLm, false},
    {"BertForPreTraining", Head::kPretraining, true},
    {"BertForNextSentencePrediction", Head::kNextSentence, true},
    {"BertForSequenceClassification", Head::kSequence, true},
    {"BertForTokenClassification", Head::kToken, false},
    {"BertForQuestionAnswering", Head::kSpan, false},
}};

struct BertLayer {
    AttentionWeights attention;
    NormWeights ln1;
    FeedForwardWeights mlp;
    NormWeights ln2;
};

class Bert : public Network {
  public:
    Bert(const ModelConfig& config, WeightSource& weights);
    ModelSummary sizes() const override;
    std::shared_ptr<const Graph> build_graph(const Lengths& lengths) const override;
    std::vector<std::string> label_names() const override;

  private:
    void choose_head(const ModelConfig& config, const WeightSource& weights);
    void load_embeddings(WeightSource& weights, const std::string& prefix, float epsilon);
    BertLayer load_layer(WeightSource& weights, const std::string& prefix, float epsilon) const;
    void load_head(const ModelConfig& config, WeightSource& weights, float epsilon);
    NodeId block(GraphBuilder& b, NodeId x, const BertLayer& layer) const;
    void emit_head(GraphBuilder& b, NodeId final) const;

    std::string architecture_;
    Head head_ = Head::kNone;
    bool has_pooler_ = false;
    Axis d_, f_, v_;
    int heads_, positions_, types_, layer_count_;
    MaskRule mask_;
    Activation activation_;
    bool has_probs_ = true;

    std::string embedding_name_;
    WeightView word_VD_, position_PD_, type_ND_;
    NormWeights embedding_norm_;
    std::vector<BertLayer> layers_;
    LinearWeights pooler_, head_dense_, unembed_, next_sentence_;
    NormWeights head_norm_;
};

Bert::Bert(const ModelConfig& config, WeightSource& weights)
    : d_{"D", config.size({"hidden_size"}, 768)},
      f_{"F", config.size({"intermediate_size"}, 3072)},
      v_{"V", config.rows({"vocab_size"}, 30522)},
      heads_(config.size({"num_attention_heads"}, 12)),
      positions_(config.rows({"max_position_embeddings"}, 512)),
      types_(config.size({"type_vocab_size"}, 2)),
      layer_count_(config.layers({"num_hidden_layers"}, 12)),
      mask_(config.flag("is_decoder", false) ? MaskRule::kCausal : MaskRule::kNone),
      activation_(config.activation("hidden_act", "gelu")) {
    config.d_head("num_attention_heads", d_.extent, heads_);
    config.refuse_flag("add_cross_attention", "heed runs no cross-attention in bert");
    const std::string positions = config.reader().get_string("position_embedding_type", "absolute");
    if (positions != "absolute") {
        config.reader().fail("position_embedding_type", "absolute",
                             config.reader().json().find("position_embedding_type"));
    }
    const float epsilon = config.epsilon("layer_norm_eps", 1e-12);

    const std::string prefix =
        weights.find_prefix({"bert.", ""}, "embeddings.position_embeddings.weight");
    choose_head(config, weights);
    embedding_name_ = prefix + "embeddings.word_embeddings.weight";
    if (head_ == Head::kMaskedLm || head_ == Head::kPretraining) {
        if (!weights.has(embedding_name_)) {
            embedding_name_ = weights.tied(embedding_name_, "cls.predictions.decoder.weight");
        }
    }
    load_embeddings(weights, prefix, epsilon);
    for (int layer = 0; layer < layer_count_; ++layer) {
        layers_.push_back(
            load_layer(weights, prefix + "encoder.layer." + std::to_string(layer) + ".", epsilon));
    }
    // A base model may have been saved without its pooler.
    if (head_ == Head::kNone && weights.has_values()) {
        has_pooler_ = weights.has(prefix + "pooler.dense.weight");
    }
    if (has_pooler_) pooler_ = load_linear(weights, prefix + "pooler.dense", "pool", d_, d_);
    load_head(config, weights, epsilon);
}

// A config without a class: what the files hold says it.
void Bert::choose_head(const ModelConfig& config, const WeightSource& weights) {
    std::vector<std::string_view> known;
    for (const HeadOfClass& row : kHeads) known.push_back(row.architecture);
    architecture_ = config.architecture_among(
        known,
        weights.has("cls.predictions.transform.dense.weight") ? "BertForMaskedLM" : "BertModel");
    for (const HeadOfClass& row : kHeads) {
        if (row.architecture != architecture_) continue;
        head_ = row.head;
        has_pooler_ = row.has_pooler;
    }
}

void Bert::load_embeddings(WeightSource& weights, const std::string& prefix, float epsilon) {
    const std::string name = prefix + "embeddings.";
    word_VD_ = weights.get(embedding_name_, "W_E", {v_, d_});
    position_PD_ =
        weights.get(name + "position_embeddings.weight", "W_pos", {{"T", positions_}, d_});
    type_ND_ = weights.get(name + "token_type_embeddings.weight", "W_type", {{"N", types_}, d_});
    embedding_norm_ = load_norm(weights, name + "LayerNorm", "embed", d_, epsilon);
}

BertLayer Bert::load_layer(WeightSource& weights, const std::string& prefix, float epsilon) const {
    const Axis j{"H*K", d_.extent};
    const std::string attention = prefix + "attention.";
    const auto project = [&](const char* name, const char* letter) {
        return load_linear(weights, attention + "self." + name, letter, d_, j).into_heads(heads_);
    };
    BertLayer layer;
    layer.attention = {project("query", "Q"), project("key", "K"), project("value", "V"),
                       load_linear(weights, attention + "output.dense", "O", j, d_)};
    layer.ln1 = load_norm(weights, attention + "output.LayerNorm", "ln1", d_, epsilon);
    layer.mlp = {load_linear(weights, prefix + "intermediate.dense", "in", d_, f_),
                 load_linear(weights, prefix + "output.dense", "out", f_, d_)};
    layer.ln2 = load_norm(weights, prefix + "output.LayerNorm", "ln2", d_, epsilon);
    return layer;
}

void Bert::load_head(const ModelConfig& config, WeightSource& weights, float epsilon) {
    if (head_ == Head::kMaskedLm || head_ == Head::kPretraining) {
        const std::string name = "cls.predictions.";
        head_dense_ = load_linear(weights, name + "transform.dense", "head", d_, d_);
        head_norm_ = load_norm(weights, name + "transform.LayerNorm", "head", d_, epsilon);
        const bool is_tied = config.flag("tie_word_embeddings", true);
        const std::string decoder = name + "decoder.weight";
        const std::string matrix = is_tied ? weights.tied(embedding_name_, decoder) : decoder;
        const std::string bias = is_tied || !weights.has(name + "decoder.bias")
                                     ? weights.tied(name + "bias", name + "decoder.bias")
                                     : name + "decoder.bias";
        unembed_ = {weights.get(matrix, "W_U", {v_, d_}).transposed(0, 1),
                    weights.get(bias, "b_U", {v_})};
    }
    const Axis pair{"P", 2};
    if (head_ == Head::kPretraining || head_ == Head::kNextSentence) {
        next_sentence_ = load_linear(weights, "cls.seq_relationship", "next", d_, pair);
    }
    if (head_ == Head::kSequence || head_ == Head::kToken) {
        const Axis labels{"P", weights.rows("classifier.weight", config.labels())};
        unembed_ = load_linear(weights, "classifier", "U", d_, labels);
        has_probs_ = config.is_distribution(labels.extent);
    }
    if (head_ == Head::kSpan) unembed_ = load_linear(weights, "qa_outputs", "U", d_, pair);
}

ModelSummary Bert::sizes() const {
    ModelSummary sizes;
    sizes.architecture = architecture_;
    sizes.layers = layer_count_;
    sizes.heads = heads_;
    sizes.key_heads = heads_;
    sizes.d_model = d_.extent;
    sizes.d_head = d_.extent / heads_;
    sizes.d_mlp = f_.extent;
    sizes.vocabulary = v_.extent;
    sizes.positions = positions_;
    sizes.takes_pair = types_ > 1;
    return sizes;
}

std::vector<std::string> Bert::label_names() const {
    if (head_ == Head::kNextSentence || head_ == Head::kPretraining) {
        return {"is the next sentence", "is another sentence"};
    }
    if (head_ == Head::kSpan) return {"start", "end"};
    return {};
}

std::shared_ptr<const Graph> Bert::build_graph(const Lengths& lengths) const {
    GraphBuilder b;
    const int tokens = b.sequence("tokens", lengths.tokens);
    const int ids = b.ids("input_ids", tokens, v_.extent);
    const int type_ids = b.ids("token_type_ids", tokens, types_);

    const NodeId word = b.gather("embed", word_VD_, ids, Stage::kEmbed);
    const NodeId position = b.table_rows("pos_embed", position_PD_, tokens, 0);
    const NodeId type = b.gather("type_embed", type_ND_, type_ids, Stage::kEmbed);
    const NodeId sum = b.add("embed_sum", {word, position, type});
    NodeId x = norm(b, "embed_out", sum, embedding_norm_);
    for (int layer = 0; layer < layer_count_; ++layer) {
        b.begin_block(layer);
        x = block(b, x, layers_[static_cast<std::size_t>(layer)]);
        b.end_block();
    }
    emit_head(b, b.alias("final", x, Stage::kNormalise));
    return b.build();
}

NodeId Bert::block(GraphBuilder& b, NodeId x, const BertLayer& layer) const {
    const NodeId resid_pre = b.alias("resid_pre", x, Stage::kEmbed);
    const NodeId attn_out =
        self_attention(b, resid_pre, layer.attention, {inverse_root(d_.extent / heads_), mask_});
    const NodeId resid_mid = b.add("resid_mid", {resid_pre, attn_out});
    const NodeId ln1 = norm(b, "ln1", resid_mid, layer.ln1);
    const NodeId mlp_out = feed_forward(b, ln1, layer.mlp, activation_);
    const NodeId resid_sum = b.add("resid_sum", {ln1, mlp_out});
    const NodeId ln2 = norm(b, "ln2", resid_sum, layer.ln2);
    return b.alias("resid_post", ln2, Stage::kNormalise);
}

void Bert::emit_head(GraphBuilder& b, NodeId final) const {
    NodeId pooled = final;
    if (has_pooler_) {
        const NodeId first = b.take_row("pooler.in", final, 0, Stage::kUnembed);
        const NodeId dense =
            b.linear("pooler.dense", first, pooler_.weight, pooler_.bias, Stage::kUnembed);
        pooled = b.activation("pooled", dense, Activation::kTanh, Stage::kUnembed);
    }
    if (head_ == Head::kMaskedLm || head_ == Head::kPretraining) {
        const NodeId dense =
            b.linear("head.dense", final, head_dense_.weight, head_dense_.bias, Stage::kUnembed);
        const NodeId act = b.activation("head.act", dense, activation_, Stage::kUnembed);
        unembed(b, norm(b, "head.norm", act, head_norm_), unembed_, true);
    }
    if (head_ == Head::kPretraining) {
        const NodeId next = b.linear("next_sentence_logits", pooled, next_sentence_.weight,
                                     next_sentence_.bias, Stage::kUnembed);
        b.softmax("next_sentence_probs", next, Stage::kUnembed);
    }
    if (head_ == Head::kNextSentence) unembed(b, pooled, next_sentence_, true);
    if (head_ == Head::kSequence) unembed(b, pooled, unembed_, has_probs_);
    if (head_ == Head::kToken) unembed(b, final, unembed_, has_probs_);
    if (head_ == Head::kSpan) unembed(b, final, unembed_, false);
}

}  // namespace

std::unique_ptr<Network> open_bert(const ModelConfig& config, WeightSource& weights) {
    return std::make_unique<Bert>(config, weights);
}

}  // namespace heed
