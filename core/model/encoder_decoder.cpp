#include "core/model/encoder_decoder.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>

#include "core/model/blocks.h"
#include "core/model/pair_classifier.h"

namespace heed {
namespace {

constexpr float kEpsilon = 1e-5F;

struct Layer {
    AttentionWeights attention;
    NormWeights ln1;
    std::optional<AttentionWeights> cross;  // of a decoder
    NormWeights ln_cross;
    FeedForwardWeights mlp;
    NormWeights ln2;
};

// One of the two towers.
struct Tower {
    std::string name;  // "encoder"
    int heads = 0;
    Axis f, v;
    std::string table_name;
    WeightView word_VD;
    std::optional<WeightView> position_PD;
    std::optional<NormWeights> embedding_norm, final_norm;
    std::vector<Layer> layers;

    bool is_decoder() const { return name == "decoder"; }
};

enum class Task { kNone, kWords, kDecoder, kText, kSpan };

class EncoderDecoder : public Network {
  public:
    EncoderDecoder(EncoderDecoderSpec spec, const ModelConfig& config, WeightSource& weights);
    ModelSummary sizes() const override;
    std::shared_ptr<const Graph> build_graph(const Lengths& lengths) const override;
    std::vector<int> target_start() const override { return {start_token_}; }
    std::vector<int> usual_target(const std::vector<int>& ids) const override;
    std::vector<int> derived_ids(const std::string& /*input*/,
                                 const std::vector<int>& ids) const override {
        return classifier_.derived_ids(ids);
    }
    std::vector<std::string> label_names() const override { return classifier_.label_names(); }

  private:
    void choose_class(const ModelConfig& config, const WeightSource& weights);
    Tower load_tower(const ModelConfig& config, WeightSource& weights, const std::string& prefix,
                     const std::string& name) const;
    Layer load_layer(WeightSource& weights, const std::string& name, const Tower& tower) const;
    void load_head(const ModelConfig& config, WeightSource& weights);
    NodeId embed(GraphBuilder& b, const Tower& tower, int ids, int sequence) const;
    NodeId run_tower(GraphBuilder& b, const Tower& tower, int ids, int sequence,
                     std::optional<NodeId> memory) const;
    NodeId block(GraphBuilder& b, NodeId x, const Tower& tower, const Layer& layer,
                 std::optional<NodeId> memory) const;

    EncoderDecoderSpec spec_;
    std::string architecture_;
    Task task_ = Task::kNone;
    Axis d_;
    int positions_;
    Activation activation_;
    bool is_scaled_;
    int start_token_, pad_;
    std::optional<Tower> encoder_;  // none: the decoder stands alone
    Tower decoder_;
    std::optional<LinearWeights> unembed_;
    PairClassifier classifier_;
};

EncoderDecoder::EncoderDecoder(EncoderDecoderSpec spec, const ModelConfig& config,
                               WeightSource& weights)
    : spec_(std::move(spec)),
      d_{"D", config.size({"d_model", "hidden_size"}, 1024)},
      positions_(config.rows({"max_position_embeddings"}, 1024)),
      activation_(config.activation("activation_function", "gelu")),
      is_scaled_(config.flag("scale_embedding", false)),
      pad_(static_cast<int>(config.reader().get_int("pad_token_id", 1, -1, 1 << 24))) {
    const bool has_start = config.reader().has("decoder_start_token_id");
    start_token_ = has_start ? static_cast<int>(config.reader().get_int("decoder_start_token_id",
                                                                        std::nullopt, 0, 1 << 24))
                             : spec_.start_token;
    const std::string prefix =
        weights.find_prefix({"model.", ""}, "decoder.layers.0.self_attn.q_proj.weight");
    choose_class(config, weights);
    if (task_ != Task::kDecoder) encoder_ = load_tower(config, weights, prefix, "encoder");
    decoder_ = load_tower(config, weights, prefix, "decoder");
    load_head(config, weights);
}

void EncoderDecoder::choose_class(const ModelConfig& config, const WeightSource& weights) {
    std::vector<std::pair<std::string, Task>> classes = {{"Model", Task::kNone},
                                                         {spec_.language_class, Task::kWords},
                                                         {"ForCausalLM", Task::kDecoder}};
    if (spec_.has_classifiers) {
        classes.emplace_back("ForSequenceClassification", Task::kText);
        classes.emplace_back("ForQuestionAnswering", Task::kSpan);
    }
    const bool has_words = weights.has("final_logits_bias") || weights.has("lm_head.weight");
    const Task in_files = weights.has("classification_head.dense.weight") ? Task::kText
                          : weights.has("qa_outputs.weight")              ? Task::kSpan
                          : has_words                                     ? Task::kWords
                                                                          : Task::kNone;
    std::vector<std::string_view> known;
    std::string_view usual;
    for (auto& [name, task] : classes) {
        name.insert(0, spec_.class_prefix);
        known.push_back(name);
        if (task == in_files || usual.empty()) usual = name;
    }
    architecture_ = config.architecture_among(known, usual);
    for (const auto& [name, task] : classes) {
        if (name == architecture_) task_ = task;
    }
}

Tower EncoderDecoder::load_tower(const ModelConfig& config, WeightSource& weights,
                                 const std::string& prefix, const std::string& name) const {
    Tower tower;
    tower.name = name;
    const std::string heads = name + "_attention_heads";
    const std::string layers = name + "_layers";
    tower.heads = config.size({heads}, config.size({"num_attention_heads"}, 16));
    tower.f = {"F", config.size({name + "_ffn_dim"}, 4096)};
    tower.v = {"V", config.rows({"vocab_size"}, spec_.vocabulary)};
    if (tower.is_decoder() && !spec_.shares_tables) {
        tower.v.extent = config.rows({"decoder_vocab_size"}, tower.v.extent);
    }
    config.d_head(heads, d_.extent, tower.heads);

    const std::string own = prefix + name + ".";
    const std::string table = own + "embed_tokens.weight";
    const bool is_shared = spec_.shares_tables && task_ != Task::kDecoder;
    tower.table_name = is_shared ? weights.tied(prefix + "shared.weight", table) : table;
    // A base model without its shared table, or a tied head alone.
    if (weights.has_values() && !weights.has(tower.table_name) && weights.has("lm_head.weight")) {
        tower.table_name = "lm_head.weight";
    }
    tower.word_VD = weights.get(tower.table_name, "W_E", {tower.v, d_});
    const std::string position = own + "embed_positions.weight";
    if (!spec_.is_sinusoidal || weights.has(position)) {
        const Axis rows{"T", positions_ + spec_.position_offset};
        tower.position_PD = weights.get(position, "W_pos", {rows, d_});
    }
    if (spec_.has_embedding_norm) {
        tower.embedding_norm =
            load_norm(weights, own + "layernorm_embedding", "embed", d_, kEpsilon);
    }
    const int count = config.layers({layers}, config.layers({"num_hidden_layers"}, 12));
    for (int layer = 0; layer < count; ++layer) {
        tower.layers.push_back(
            load_layer(weights, own + "layers." + std::to_string(layer) + ".", tower));
    }
    if (spec_.has_final_norm) {
        tower.final_norm = load_norm(weights, own + "layer_norm", "final", d_, kEpsilon);
    }
    return tower;
}

Layer EncoderDecoder::load_layer(WeightSource& weights, const std::string& name,
                                 const Tower& tower) const {
    const Axis j{"H*K", d_.extent};
    const auto attention = [&](const std::string& part) {
        const auto project = [&](const char* which, const char* letter) {
            return load_linear(weights, name + part + which, letter, d_, j).into_heads(tower.heads);
        };
        return AttentionWeights{project("q_proj", "Q"), project("k_proj", "K"),
                                project("v_proj", "V"),
                                load_linear(weights, name + part + "out_proj", "O", j, d_)};
    };
    const auto norm_of = [&](const char* which, const char* letter) {
        return load_norm(weights, name + which, letter, d_, kEpsilon);
    };
    Layer layer;
    layer.attention = attention("self_attn.");
    layer.ln1 = norm_of("self_attn_layer_norm", "ln1");
    if (tower.is_decoder() && encoder_) {
        layer.cross = attention("encoder_attn.");
        layer.ln_cross = norm_of("encoder_attn_layer_norm", "ln_cross");
    }
    layer.mlp = {load_linear(weights, name + "fc1", "in", d_, tower.f),
                 load_linear(weights, name + "fc2", "out", tower.f, d_)};
    layer.ln2 = norm_of("final_layer_norm", "ln2");
    return layer;
}

void EncoderDecoder::load_head(const ModelConfig& config, WeightSource& weights) {
    if (task_ == Task::kText) {
        classifier_.load_text(config, weights, d_, 2, spec_.labels);
    } else if (task_ == Task::kSpan) {
        classifier_.load_span(weights, d_);
    }
    if (task_ != Task::kWords && task_ != Task::kDecoder) return;
    const std::string own = "lm_head.weight";
    const bool is_tied = config.flag("tie_word_embeddings", true);
    const std::string matrix = is_tied ? weights.tied(decoder_.table_name, own) : own;
    unembed_ = LinearWeights{weights.get(matrix, "W_U", {decoder_.v, d_}).transposed(0, 1), {}};
    if (task_ == Task::kDecoder) return;
    if (weights.has_values() && !weights.has("final_logits_bias")) return;
    const Axis one{"N", 1};
    unembed_->bias = weights.get("final_logits_bias", "b_U", {one, decoder_.v}).picked(0, 0);
}

std::vector<int> EncoderDecoder::usual_target(const std::vector<int>& ids) const {
    if (!classifier_.is_loaded()) return target_start();
    if (!spec_.turns_round) return shift_right(start_token_, ids);
    const auto words =
        ids.size() - static_cast<std::size_t>(std::count(ids.begin(), ids.end(), pad_));
    return shift_right(ids[words == 0 ? ids.size() - 1 : words - 1], ids);
}

ModelSummary EncoderDecoder::sizes() const {
    ModelSummary sizes;
    const Tower& first = encoder_ ? *encoder_ : decoder_;
    sizes.architecture = architecture_;
    sizes.layers = static_cast<int>(first.layers.size());
    sizes.heads = first.heads;
    sizes.key_heads = first.heads;
    sizes.d_model = d_.extent;
    sizes.d_head = d_.extent / first.heads;
    sizes.d_mlp = first.f.extent;
    sizes.vocabulary = first.v.extent;
    sizes.positions = positions_;
    if (!encoder_) return sizes;
    sizes.decoder_layers = static_cast<int>(decoder_.layers.size());
    sizes.takes_target = true;
    sizes.target_vocabulary = decoder_.v.extent;
    sizes.target_positions = positions_;
    return sizes;
}

std::shared_ptr<const Graph> EncoderDecoder::build_graph(const Lengths& lengths) const {
    GraphBuilder b;
    if (!encoder_) {
        const int tokens = b.sequence("tokens", lengths.tokens);
        const int ids = b.ids("input_ids", tokens, decoder_.v.extent);
        unembed(b, run_tower(b, decoder_, ids, tokens, std::nullopt), *unembed_, true);
        return b.build();
    }
    const int source = b.sequence("source", lengths.tokens);
    const int target = b.sequence("target", lengths.target);
    const int ids = b.ids("input_ids", source, encoder_->v.extent);
    const int target_ids = b.ids("decoder_input_ids", target, decoder_.v.extent);

    const NodeId memory = run_tower(b, *encoder_, ids, source, std::nullopt);
    const NodeId final = run_tower(b, decoder_, target_ids, target, memory);
    b.begin_stack("decoder");
    if (unembed_) unembed(b, final, *unembed_, true);
    if (classifier_.is_loaded()) classifier_.emit(b, final);
    b.end_stack();
    return b.build();
}

NodeId EncoderDecoder::embed(GraphBuilder& b, const Tower& tower, int ids, int sequence) const {
    NodeId word = b.gather("embed", tower.word_VD, ids, Stage::kEmbed);
    if (is_scaled_) {
        const auto factor = static_cast<float>(std::sqrt(static_cast<double>(d_.extent)));
        word = b.scale("embed_scaled", word, factor, "sqrt(" + std::to_string(d_.extent) + ")",
                       Stage::kEmbed);
    }
    SinusoidRule waves;
    waves.has_halves = true;
    const NodeId position = tower.position_PD ? b.table_rows("pos_embed", *tower.position_PD,
                                                             sequence, spec_.position_offset)
                                              : b.sinusoid("pos_embed", sequence, d_, waves);
    if (!tower.embedding_norm) return b.add("embed_out", {word, position});
    return norm(b, "embed_out", b.add("embed_sum", {word, position}), *tower.embedding_norm);
}

NodeId EncoderDecoder::run_tower(GraphBuilder& b, const Tower& tower, int ids, int sequence,
                                 std::optional<NodeId> memory) const {
    if (encoder_) b.begin_stack(tower.name);
    NodeId x = embed(b, tower, ids, sequence);
    for (std::size_t layer = 0; layer < tower.layers.size(); ++layer) {
        b.begin_block(static_cast<int>(layer));
        x = block(b, x, tower, tower.layers[layer], memory);
        b.end_block();
    }
    x = tower.final_norm ? norm(b, "final", x, *tower.final_norm)
                         : b.alias("final", x, Stage::kNormalise);
    if (encoder_) b.end_stack();
    return x;
}

NodeId EncoderDecoder::block(GraphBuilder& b, NodeId x, const Tower& tower, const Layer& layer,
                             std::optional<NodeId> memory) const {
    const ScoreScale scale = inverse_root(d_.extent / tower.heads);
    const MaskRule mask = tower.is_decoder() ? MaskRule::kCausal : MaskRule::kNone;
    const auto self = [&](NodeId in) {
        return self_attention(b, in, layer.attention, {scale, mask});
    };
    const auto cross = [&](NodeId in) {
        return cross_attention(b, in, *memory, *layer.cross, {scale});
    };
    const auto fed = [&](NodeId in) { return feed_forward(b, in, layer.mlp, activation_); };

    const NodeId resid_pre = b.alias("resid_pre", x, Stage::kEmbed);
    if (spec_.norms_first) {
        NodeId mid = b.add("resid_mid", {resid_pre, self(norm(b, "ln1", resid_pre, layer.ln1))});
        if (layer.cross) {
            const NodeId seen = cross(norm(b, "ln_cross", mid, layer.ln_cross));
            mid = b.add("resid_mid_cross", {mid, seen});
        }
        return b.add("resid_post", {mid, fed(norm(b, "ln2", mid, layer.ln2))});
    }
    x = norm(b, "ln1", b.add("resid_mid", {resid_pre, self(resid_pre)}), layer.ln1);
    if (layer.cross) {
        x = norm(b, "ln_cross", b.add("resid_mid_cross", {x, cross(x)}), layer.ln_cross);
    }
    const NodeId ln2 = norm(b, "ln2", b.add("resid_sum", {x, fed(x)}), layer.ln2);
    return b.alias("resid_post", ln2, Stage::kNormalise);
}

}  // namespace

std::unique_ptr<Network> make_encoder_decoder(const EncoderDecoderSpec& spec,
                                              const ModelConfig& config, WeightSource& weights) {
    return std::make_unique<EncoderDecoder>(spec, config, weights);
}

}  // namespace heed
