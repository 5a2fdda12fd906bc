#include "core/model/families/t5.h"

#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/model/blocks.h"
#include "core/model/pair_classifier.h"

namespace heed {
namespace {

// What T5 and mT5 differ in.
struct T5Defaults {
    std::string class_prefix = "T5";
    int vocabulary = 32128;
    int d_mlp = 2048;
    int layers = 6;
    int heads = 8;
    const char* feed_forward = "relu";
    bool may_scale = true;  // the decoder's last vectors before they meet the embedding
};

struct T5Layer {
    WeightView ln1, ln2;
    AttentionWeights attention;
    std::optional<AttentionWeights> cross;  // of the decoder
    std::optional<WeightView> ln_cross;
    FeedForwardWeights plain;
    GatedWeights gated;
};

struct T5Tower {
    std::string name;  // "encoder"
    std::vector<T5Layer> layers;
    DistanceBias bias;
    WeightView final_norm;

    bool is_decoder() const { return name == "decoder"; }
};

enum class Task { kNone, kWords, kEncoder, kText, kTokens, kSpan };

class T5 : public Network {
  public:
    T5(const ModelConfig& config, WeightSource& weights, const T5Defaults& defaults);
    ModelSummary sizes() const override;
    std::shared_ptr<const Graph> build_graph(const Lengths& lengths) const override;
    std::vector<int> target_start() const override { return {start_token_}; }
    std::vector<int> usual_target(const std::vector<int>& ids) const override {
        return classifier_.is_loaded() ? shift_right(start_token_, ids) : target_start();
    }
    std::vector<int> derived_ids(const std::string& /*input*/,
                                 const std::vector<int>& ids) const override {
        return classifier_.derived_ids(ids);
    }
    std::vector<std::string> label_names() const override { return classifier_.label_names(); }

  private:
    void read_feed_forward(const ModelConfig& config, const char* fallback);
    Task choose_class(const ModelConfig& config, const WeightSource& weights,
                      const std::string& class_prefix);
    T5Tower load_tower(const ModelConfig& config, WeightSource& weights, const std::string& prefix,
                       const std::string& name, int layers) const;
    T5Layer load_layer(WeightSource& weights, const std::string& name, bool is_decoder) const;
    void load_head(const ModelConfig& config, WeightSource& weights, bool may_scale);
    NodeId run_tower(GraphBuilder& b, const T5Tower& tower, NodeId x,
                     std::optional<NodeId> memory) const;
    NodeId block(GraphBuilder& b, NodeId x, const T5Tower& tower, const T5Layer& layer,
                 std::optional<NodeId> memory) const;
    void emit_head(GraphBuilder& b, NodeId final) const;

    std::string architecture_;
    Axis d_, f_, v_, j_;
    int heads_;
    float epsilon_;
    Activation activation_ = Activation::kRelu;
    bool is_gated_ = false;
    int start_token_ = 0;
    std::string table_name_;
    WeightView word_VD_;
    T5Tower encoder_;
    std::optional<T5Tower> decoder_;
    std::optional<LinearWeights> unembed_;
    bool scales_output_ = false;
    PairClassifier classifier_;
};

T5::T5(const ModelConfig& config, WeightSource& weights, const T5Defaults& defaults)
    : d_{"D", config.size({"d_model", "hidden_size"}, 512)},
      f_{"F", config.size({"d_ff"}, defaults.d_mlp)},
      v_{"V", config.rows({"vocab_size"}, defaults.vocabulary)},
      heads_(config.size({"num_heads", "num_attention_heads"}, defaults.heads)),
      epsilon_(config.epsilon("layer_norm_epsilon", 1e-6)) {
    j_ = {"H*K", heads_ * config.size({"d_kv", "head_dim"}, 64)};
    read_feed_forward(config, defaults.feed_forward);
    for (const char* key : {"pad_token_id", "decoder_start_token_id"}) {
        if (!config.reader().has(key)) continue;
        start_token_ = static_cast<int>(config.reader().get_int(key, std::nullopt, 0, 1 << 24));
    }
    const Task task = choose_class(config, weights, defaults.class_prefix);
    const std::string prefix =
        weights.find_prefix({"", "transformer."}, "encoder.final_layer_norm.weight");
    table_name_ = weights.tied(prefix + "shared.weight", prefix + "encoder.embed_tokens.weight");
    word_VD_ = weights.get(table_name_, "W_E", {v_, d_});
    const int layers = config.layers({"num_layers", "num_hidden_layers"}, defaults.layers);
    encoder_ = load_tower(config, weights, prefix, "encoder", layers);
    if (task == Task::kTokens) classifier_.load_tokens(config, weights, d_);
    if (task == Task::kEncoder || task == Task::kTokens) return;
    decoder_ = load_tower(config, weights, prefix, "decoder",
                          config.layers({"num_decoder_layers"}, layers));
    if (task == Task::kWords) load_head(config, weights, defaults.may_scale);
    if (task == Task::kText) classifier_.load_text(config, weights, d_, 1, 2);
    if (task == Task::kSpan) classifier_.load_span(weights, d_);
}

// What stands on it by the class that the config names, else by what the files hold.
Task T5::choose_class(const ModelConfig& config, const WeightSource& weights,
                      const std::string& class_prefix) {
    struct Class {
        std::string name;
        Task task;
        const char* tensor;  // that tells of it
    };
    const std::vector<Class> classes = {
        {class_prefix + "ForConditionalGeneration", Task::kWords, "lm_head.weight"},
        {class_prefix + "ForSequenceClassification", Task::kText,
         "classification_head.dense.weight"},
        {class_prefix + "ForTokenClassification", Task::kTokens, "classifier.weight"},
        {class_prefix + "ForQuestionAnswering", Task::kSpan, "qa_outputs.weight"},
        {class_prefix + "Model", Task::kNone, "decoder.final_layer_norm.weight"},
        {class_prefix + "EncoderModel", Task::kEncoder, ""}};
    std::vector<std::string_view> known;
    std::string_view usual;
    if (!weights.has_values()) usual = classes[4].name;
    for (const Class& one : classes) {
        known.push_back(one.name);
        if (usual.empty() && weights.has(one.tensor)) usual = one.name;
    }
    architecture_ = config.architecture_among(known, usual.empty() ? known.back() : usual);
    for (const Class& one : classes) {
        if (one.name == architecture_) return one.task;
    }
    return Task::kNone;
}

// "relu", or "gated-silu": the function of the gate.
void T5::read_feed_forward(const ModelConfig& config, const char* fallback) {
    constexpr std::string_view kKey = "feed_forward_proj";
    constexpr std::string_view kGated = "gated-";
    std::string name = config.reader().get_string(kKey, fallback);
    is_gated_ = name.starts_with(kGated);
    if (name == "gated-gelu") name = "gated-gelu_new";
    if (is_gated_) name.erase(0, kGated.size());
    // What files also say of it counts more.
    constexpr std::string_view kFunction = "dense_act_fn";
    const bool has_own = config.reader().has(kFunction);
    activation_ = config.activation_named(has_own ? kFunction : kKey,
                                          config.reader().get_string(kFunction, name));
    is_gated_ = config.flag("is_gated_act", is_gated_);
}

T5Tower T5::load_tower(const ModelConfig& config, WeightSource& weights, const std::string& prefix,
                       const std::string& name, int layers) const {
    T5Tower tower;
    tower.name = name;
    const std::string own = prefix + name + ".";
    for (int layer = 0; layer < layers; ++layer) {
        tower.layers.push_back(load_layer(
            weights, own + "block." + std::to_string(layer) + ".layer.", tower.is_decoder()));
    }
    BucketRule& rule = tower.bias.rule;
    rule.buckets = config.size({"relative_attention_num_buckets"}, 32);
    rule.max_distance = config.size({"relative_attention_max_distance"}, 128);
    rule.is_two_sided = !tower.is_decoder();
    tower.bias.table_BH =
        weights.get(own + "block.0.layer.0.SelfAttention.relative_attention_bias.weight", "W_bias",
                    {{"N", rule.buckets}, {"H", heads_}});
    tower.final_norm = weights.get(own + "final_layer_norm.weight", "w_final", {d_});
    return tower;
}

T5Layer T5::load_layer(WeightSource& weights, const std::string& name, bool is_decoder) const {
    const auto attention = [&](const std::string& part) {
        const auto project = [&](const char* which, const char* letter) {
            return load_linear(weights, name + part + which, letter, d_, j_, Bias::kNo)
                .into_heads(heads_);
        };
        return AttentionWeights{project("q", "Q"), project("k", "K"), project("v", "V"),
                                load_linear(weights, name + part + "o", "O", j_, d_, Bias::kNo)};
    };
    const auto norm_of = [&](const std::string& part, const char* letter) {
        return weights.get(name + part + ".layer_norm.weight", std::string("w_") + letter, {d_});
    };
    T5Layer layer;
    layer.attention = attention("0.SelfAttention.");
    layer.ln1 = norm_of("0", "ln1");
    if (is_decoder) {
        layer.cross = attention("1.EncDecAttention.");
        layer.ln_cross = norm_of("1", "ln_cross");
    }
    const std::string last = is_decoder ? "2" : "1";
    layer.ln2 = norm_of(last, "ln2");
    const std::string dense = name + last + ".DenseReluDense.";
    const LinearWeights out = load_linear(weights, dense + "wo", "out", f_, d_, Bias::kNo);
    if (is_gated_) {
        layer.gated = {load_linear(weights, dense + "wi_0", "gate", d_, f_, Bias::kNo),
                       load_linear(weights, dense + "wi_1", "up", d_, f_, Bias::kNo), out};
    } else {
        layer.plain = {load_linear(weights, dense + "wi", "in", d_, f_, Bias::kNo), out};
    }
    return layer;
}

void T5::load_head(const ModelConfig& config, WeightSource& weights, bool may_scale) {
    const bool is_tied = config.flag("tie_word_embeddings", true);
    const std::string own = "lm_head.weight";
    const bool has_own = weights.has_values() ? weights.has(own) : !is_tied;
    unembed_ = LinearWeights{
        weights.get(has_own ? own : table_name_, "W_U", {v_, d_}).transposed(0, 1), std::nullopt};
    scales_output_ = may_scale && config.flag("scale_decoder_outputs", is_tied);
}

ModelSummary T5::sizes() const {
    ModelSummary sizes;
    sizes.architecture = architecture_;
    sizes.layers = static_cast<int>(encoder_.layers.size());
    sizes.heads = heads_;
    sizes.key_heads = heads_;
    sizes.d_model = d_.extent;
    sizes.d_head = j_.extent / heads_;
    sizes.d_mlp = f_.extent;
    sizes.vocabulary = v_.extent;
    sizes.cuts_input = false;
    if (!decoder_) return sizes;
    sizes.decoder_layers = static_cast<int>(decoder_->layers.size());
    sizes.takes_target = true;
    sizes.target_vocabulary = v_.extent;
    return sizes;
}

std::shared_ptr<const Graph> T5::build_graph(const Lengths& lengths) const {
    GraphBuilder b;
    const int source = b.sequence(decoder_ ? "source" : "tokens", lengths.tokens);
    const int ids = b.ids("input_ids", source, v_.extent);
    int target_ids = -1;
    if (decoder_) {
        target_ids = b.ids("decoder_input_ids", b.sequence("target", lengths.target), v_.extent);
    }
    if (decoder_) b.begin_stack("encoder");
    const NodeId word = b.gather("embed", word_VD_, ids, Stage::kEmbed);
    const NodeId memory = run_tower(b, encoder_, word, std::nullopt);
    b.end_stack();
    if (!decoder_) {
        if (classifier_.is_loaded()) classifier_.emit(b, memory);
        return b.build();
    }

    b.begin_stack("decoder");
    const NodeId said = b.gather("embed", word_VD_, target_ids, Stage::kEmbed);
    emit_head(b, run_tower(b, *decoder_, said, memory));
    b.end_stack();
    return b.build();
}

NodeId T5::run_tower(GraphBuilder& b, const T5Tower& tower, NodeId word,
                     std::optional<NodeId> memory) const {
    NodeId x = b.alias("embed_out", word, Stage::kEmbed);
    for (std::size_t layer = 0; layer < tower.layers.size(); ++layer) {
        b.begin_block(static_cast<int>(layer));
        x = block(b, x, tower, tower.layers[layer], memory);
        b.end_block();
    }
    return b.rms_norm("final", x, tower.final_norm, epsilon_);
}

NodeId T5::block(GraphBuilder& b, NodeId x, const T5Tower& tower, const T5Layer& layer,
                 std::optional<NodeId> memory) const {
    PatternRule rule;
    rule.mask = tower.is_decoder() ? MaskRule::kCausal : MaskRule::kNone;
    rule.distances = tower.bias;
    const NodeId resid_pre = b.alias("resid_pre", x, Stage::kEmbed);
    const NodeId ln1 = b.rms_norm("ln1", resid_pre, layer.ln1, epsilon_);
    NodeId mid = b.add("resid_mid", {resid_pre, self_attention(b, ln1, layer.attention, rule)});
    if (layer.cross) {
        const NodeId ln_cross = b.rms_norm("ln_cross", mid, layer.ln_cross, epsilon_);
        const NodeId seen = cross_attention(b, ln_cross, *memory, *layer.cross, {});
        mid = b.add("resid_mid_cross", {mid, seen});
    }
    const NodeId ln2 = b.rms_norm("ln2", mid, layer.ln2, epsilon_);
    const NodeId fed = is_gated_ ? gated_feed_forward(b, ln2, layer.gated, activation_)
                                 : feed_forward(b, ln2, layer.plain, activation_);
    return b.add("resid_post", {mid, fed});
}

void T5::emit_head(GraphBuilder& b, NodeId final) const {
    if (classifier_.is_loaded()) classifier_.emit(b, final);
    if (!unembed_) return;
    if (scales_output_) {
        const auto factor = static_cast<float>(1 / std::sqrt(static_cast<double>(d_.extent)));
        final = b.scale("final_scaled", final, factor,
                        "1 / sqrt(" + std::to_string(d_.extent) + ")", Stage::kUnembed);
    }
    unembed(b, final, *unembed_, true);
}

}  // namespace

std::unique_ptr<Network> open_t5(const ModelConfig& config, WeightSource& weights) {
    return std::make_unique<T5>(config, weights, T5Defaults{});
}

std::unique_ptr<Network> open_mt5(const ModelConfig& config, WeightSource& weights) {
    T5Defaults defaults;
    defaults.class_prefix = "MT5";
    defaults.vocabulary = 250112;
    defaults.d_mlp = 1024;
    defaults.layers = 8;
    defaults.heads = 6;
    defaults.feed_forward = "gated-gelu";
    defaults.may_scale = false;
    return std::make_unique<T5>(config, weights, defaults);
}

}  // namespace heed
