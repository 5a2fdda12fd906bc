#include "core/model/rotary_decoder.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace heed {
namespace {

using Norms = RotaryDecoderSpec::Norms;
using QkNorm = RotaryDecoderSpec::QkNorm;

struct Layer {
    std::optional<WeightView> ln1, ln2, ln1_post, ln2_post;
    LinearWeights q, k, v, out;
    std::optional<WeightView> q_norm, k_norm;
    GatedWeights mlp;
};

class RotaryDecoder : public Network {
  public:
    RotaryDecoder(RotaryDecoderSpec spec, const ModelConfig& config, WeightSource& weights);
    ModelSummary sizes() const override;
    std::shared_ptr<const Graph> build_graph(const Lengths& lengths) const override;
    std::vector<int> derived_ids(const std::string& /*input*/,
                                 const std::vector<int>& ids) const override {
        return head_.derived_ids(ids);
    }
    std::vector<std::string> label_names() const override { return head_.label_names(); }

  private:
    Layer load_layer(WeightSource& weights, const std::string& prefix) const;
    void load_attention(WeightSource& weights, const std::string& prefix, Layer& layer) const;
    void load_mlp(WeightSource& weights, const std::string& prefix, Layer& layer) const;
    NodeId block(GraphBuilder& b, NodeId x, int layer, int length) const;
    NodeId attention(GraphBuilder& b, NodeId x, int layer, int length) const;
    NodeId positioned(GraphBuilder& b, const char* name, NodeId x,
                      const std::optional<WeightView>& weight, int layer, int length) const;
    NodeId rms(GraphBuilder& b, const char* name, NodeId x,
               const std::optional<WeightView>& weight) const {
        return b.rms_norm(name, x, weight, spec_.epsilon, spec_.norm_offset);
    }

    RotaryDecoderSpec spec_;
    Axis d_, f_, v_;
    WeightView word_VD_;
    std::vector<Layer> layers_;
    WeightView final_norm_;
    DecoderHead head_;
};

RotaryDecoder::RotaryDecoder(RotaryDecoderSpec spec, const ModelConfig& config,
                             WeightSource& weights)
    : spec_(std::move(spec)),
      d_{"D", spec_.d_model},
      f_{"F", spec_.d_mlp},
      v_{"V", spec_.vocabulary} {
    const std::string prefix =
        weights.find_prefix({"model.", "transformer.", "", "model.language_model.",
                             "language_model.model.", "language_model."},
                            "norm.weight");
    DecoderHeadSpec head;
    head.class_prefix = spec_.class_prefix;
    head.other_prefix = spec_.other_prefix;
    head.language_classes = {"ForCausalLM"};
    if (!spec_.other_prefix.empty()) head.language_classes.push_back("ForConditionalGeneration");
    if (weights.has("language_model.lm_head.weight")) head.language = "language_model.lm_head";
    head.embedding = prefix + "embed_tokens.weight";
    head.is_tied = spec_.is_tied;
    head.has_token_class = spec_.has_token_class;
    head.has_span_class = spec_.has_span_class;
    head.token_classifier = "score";
    head.logit_cap = spec_.logit_cap;
    head.pad = spec_.pad;
    head_ = DecoderHead(config, weights, head);
    word_VD_ = weights.get(head_.embedding_tensor(weights), "W_E", {v_, d_});
    for (int layer = 0; layer < spec_.layers; ++layer) {
        layers_.push_back(load_layer(weights, prefix + "layers." + std::to_string(layer) + "."));
    }
    final_norm_ = weights.get(prefix + "norm.weight", "w_final", {d_});
    head_.load(config, weights, d_, v_);
}

Layer RotaryDecoder::load_layer(WeightSource& weights, const std::string& prefix) const {
    Layer layer;
    const auto load = [&](const char* name, const char* symbol) {
        return weights.get(prefix + name + ".weight", symbol, {d_});
    };
    if (spec_.norms != Norms::kAfter) layer.ln1 = load("input_layernorm", "w_ln1");
    if (spec_.norms == Norms::kBefore) {
        layer.ln2 = load("post_attention_layernorm", "w_ln2");
    } else {
        layer.ln1_post = load("post_attention_layernorm", "w_ln1_post");
        layer.ln2_post = load("post_feedforward_layernorm", "w_ln2_post");
    }
    if (spec_.norms == Norms::kAround) layer.ln2 = load("pre_feedforward_layernorm", "w_ln2");
    load_attention(weights, prefix + "self_attn.", layer);
    load_mlp(weights, prefix + "mlp.", layer);
    return layer;
}

void RotaryDecoder::load_attention(WeightSource& weights, const std::string& prefix,
                                   Layer& layer) const {
    const int queries = spec_.heads * spec_.d_head;
    const int keys = spec_.key_heads * spec_.d_head;
    const Bias bias = spec_.has_qkv_bias ? Bias::kYes : Bias::kNo;
    if (spec_.has_fused_maps) {
        const LinearWeights qkv =
            load_linear(weights, prefix + "qkv_proj", "QKV", d_, {"H*K", queries + 2 * keys}, bias);
        layer.q = qkv.outputs(0, queries, "Q").into_heads(spec_.heads);
        layer.k = qkv.outputs(queries, keys, "K").into_heads(spec_.key_heads);
        layer.v = qkv.outputs(queries + keys, keys, "V").into_heads(spec_.key_heads);
    } else {
        const auto load = [&](const char* name, const char* letter, int width, int heads) {
            return load_linear(weights, prefix + name, letter, d_, {"H*K", width}, bias)
                .into_heads(heads);
        };
        layer.q = load("q_proj", "Q", queries, spec_.heads);
        layer.k = load("k_proj", "K", keys, spec_.key_heads);
        layer.v = load("v_proj", "V", keys, spec_.key_heads);
    }
    layer.out = load_linear(weights, prefix + "o_proj", "O", {"H*K", queries}, d_,
                            spec_.has_out_bias ? Bias::kYes : Bias::kNo);
    if (spec_.qk_norm == QkNorm::kNone) return;
    const bool is_whole = spec_.qk_norm == QkNorm::kWhole;
    const auto load_norm_of = [&](const char* name, const char* symbol, int width) {
        const Axis axis = is_whole ? Axis{"H*K", width} : Axis{"K", spec_.d_head};
        return weights.get(prefix + name + ".weight", symbol, {axis});
    };
    layer.q_norm = load_norm_of("q_norm", "w_q_norm", queries);
    layer.k_norm = load_norm_of("k_norm", "w_k_norm", keys);
}

void RotaryDecoder::load_mlp(WeightSource& weights, const std::string& prefix, Layer& layer) const {
    const Bias bias = spec_.has_mlp_bias ? Bias::kYes : Bias::kNo;
    if (spec_.has_fused_maps) {
        const LinearWeights both = load_linear(weights, prefix + "gate_up_proj", "gate_up", d_,
                                               {"F", 2 * spec_.d_mlp}, bias);
        layer.mlp.gate = both.outputs(0, spec_.d_mlp, "gate");
        layer.mlp.up = both.outputs(spec_.d_mlp, spec_.d_mlp, "up");
    } else {
        layer.mlp.gate = load_linear(weights, prefix + "gate_proj", "gate", d_, f_, bias);
        layer.mlp.up = load_linear(weights, prefix + "up_proj", "up", d_, f_, bias);
    }
    layer.mlp.out = load_linear(weights, prefix + "down_proj", "out", f_, d_, bias);
}

ModelSummary RotaryDecoder::sizes() const {
    ModelSummary sizes;
    sizes.architecture = head_.architecture();
    sizes.layers = spec_.layers;
    sizes.heads = spec_.heads;
    sizes.key_heads = spec_.key_heads;
    sizes.d_model = spec_.d_model;
    sizes.d_head = spec_.d_head;
    sizes.d_mlp = spec_.d_mlp;
    sizes.vocabulary = spec_.vocabulary;
    sizes.positions = spec_.positions;
    sizes.cuts_input = false;
    return sizes;
}

std::shared_ptr<const Graph> RotaryDecoder::build_graph(const Lengths& lengths) const {
    const int length = lengths.tokens;
    GraphBuilder b;
    const int tokens = b.sequence("tokens", length);
    const int ids = b.ids("input_ids", tokens, v_.extent);
    const NodeId word = b.gather("embed", word_VD_, ids, Stage::kEmbed);
    NodeId x = spec_.embedding_scale == 1.0F
                   ? b.alias("embed_out", word, Stage::kEmbed)
                   : b.scale("embed_out", word, spec_.embedding_scale,
                             "sqrt(" + std::to_string(spec_.d_model) + ")", Stage::kEmbed);
    for (int layer = 0; layer < spec_.layers; ++layer) {
        b.begin_block(layer);
        x = block(b, x, layer, length);
        b.end_block();
    }
    head_.emit(b, rms(b, "final", x, final_norm_));
    return b.build();
}

NodeId RotaryDecoder::block(GraphBuilder& b, NodeId x, int layer, int length) const {
    const Layer& weights = layers_[static_cast<std::size_t>(layer)];
    const NodeId resid_pre = b.alias("resid_pre", x, Stage::kEmbed);
    const NodeId ln1 = weights.ln1 ? rms(b, "ln1", resid_pre, weights.ln1) : resid_pre;
    NodeId attended = attention(b, ln1, layer, length);
    if (weights.ln1_post) attended = rms(b, "ln1_post", attended, weights.ln1_post);
    const NodeId resid_mid = b.add("resid_mid", {resid_pre, attended});
    const NodeId ln2 = weights.ln2 ? rms(b, "ln2", resid_mid, weights.ln2) : resid_mid;
    NodeId fed = gated_feed_forward(b, ln2, weights.mlp, spec_.activation);
    if (weights.ln2_post) fed = rms(b, "ln2_post", fed, weights.ln2_post);
    return b.add("resid_post", {resid_mid, fed});
}

// q or k with its norm and its position: what enters the product.
NodeId RotaryDecoder::positioned(GraphBuilder& b, const char* name, NodeId x,
                                 const std::optional<WeightView>& weight, int layer,
                                 int length) const {
    const std::string plain = std::string("attn.") + name;
    const int heads = b.shape(x).extent(0);
    if (weight && spec_.qk_norm == QkNorm::kWhole) {
        const NodeId rows = b.merge_heads(plain + "_rows", x);  // [H,T,K] -> [T,H*K]
        const NodeId normed =
            b.rms_norm(plain + "_norm", rows, weight, spec_.epsilon, spec_.norm_offset);
        x = b.split_heads(plain + "_heads", normed, heads, Stage::kNormalise);
    } else if (weight) {
        x = b.rms_norm(plain + "_norm", x, weight, spec_.epsilon, spec_.norm_offset);
    }
    const auto at = static_cast<std::size_t>(layer);
    const std::string turned = std::string("attn.rot_") + name;
    if (!spec_.has_rotary.empty() && !spec_.has_rotary[at]) {
        return b.alias(turned, x, Stage::kPosition);
    }
    const bool has_own = spec_.sliding_rotary && spec_.sliding[at];
    const RotaryConfig& rotary = has_own ? *spec_.sliding_rotary : spec_.rotary;
    return b.rotary(turned, x, rotary.rule(spec_.d_head, length));
}

NodeId RotaryDecoder::attention(GraphBuilder& b, NodeId x, int layer, int length) const {
    const Layer& weights = layers_[static_cast<std::size_t>(layer)];
    const auto project = [&](const char* name, const LinearWeights& w) {
        return b.linear(name, x, w.weight, w.bias, Stage::kProject);  // [T,D][D,H,K] -> [H,T,K]
    };
    const NodeId q = project("attn.q", weights.q);
    const NodeId k = project("attn.k", weights.k);
    const NodeId v = project("attn.v", weights.v);
    const NodeId rot_q = positioned(b, "q", q, weights.q_norm, layer, length);
    const NodeId rot_k = positioned(b, "k", k, weights.k_norm, layer, length);
    const NodeId dots = b.matmul_nt("attn.dots", rot_q, rot_k);  // [H,T,K][H,S,K] -> [H,T,S]
    PatternRule rule;
    rule.scale = spec_.scale;
    rule.cap = spec_.score_cap;
    rule.mask =
        spec_.sliding[static_cast<std::size_t>(layer)] ? MaskRule::kWindow : MaskRule::kCausal;
    rule.window = spec_.window;
    const NodeId concat = weigh_values(b, "attn", dots, v, rule);
    const NodeId out = b.linear("attn_out", concat, weights.out.weight, weights.out.bias,
                                Stage::kProjectOut);  // [T,H*K][H*K,D] -> [T,D]
    b.attention_site("attn", out);
    return out;
}

}  // namespace

RotaryDecoderSpec read_rotary_decoder(const ModelConfig& config, std::string class_prefix,
                                      const RotaryDecoderDefaults& defaults) {
    RotaryDecoderSpec spec;
    spec.rotary = RotaryConfig(
        config, {defaults.theta, 1, defaults.rotary_share_key, false, defaults.positions});
    spec.class_prefix = std::move(class_prefix);
    spec.d_model = config.size({"hidden_size"}, defaults.d_model);
    spec.d_mlp = config.size({"intermediate_size"}, defaults.d_mlp);
    spec.layers = config.layers({"num_hidden_layers"}, defaults.layers);
    spec.heads = config.size({"num_attention_heads"}, defaults.heads);
    // null: as many as heads, whatever the class's default.
    const Json* key_heads = config.reader().json().find("num_key_value_heads");
    const bool is_given = defaults.key_heads > 0 && (key_heads == nullptr || !key_heads->is_null());
    spec.key_heads =
        config.size({"num_key_value_heads"}, is_given ? defaults.key_heads : spec.heads);
    if (spec.heads % spec.key_heads != 0) {
        config.reader().fail("num_key_value_heads",
                             "a divisor of the " + std::to_string(spec.heads) + " heads",
                             key_heads);
    }
    const bool has_width = config.reader().has("head_dim") || defaults.d_head > 0;
    spec.d_head = has_width ? config.size({"head_dim"}, defaults.d_head)
                            : config.d_head("num_attention_heads", spec.d_model, spec.heads);
    spec.vocabulary = config.rows({"vocab_size"}, defaults.vocabulary);
    spec.positions = config.rows({"max_position_embeddings"}, defaults.positions);
    spec.epsilon = config.epsilon("rms_norm_eps", defaults.epsilon);
    spec.activation = config.activation("hidden_act", "silu");
    spec.is_tied = config.flag("tie_word_embeddings", defaults.is_tied);
    spec.scale = inverse_root(spec.d_head);
    spec.sliding.assign(static_cast<std::size_t>(spec.layers), false);
    return spec;
}

int read_window(const ModelConfig& config, int fallback) {
    const Json* window = config.reader().json().find("sliding_window");
    if (window != nullptr && window->is_null()) return 0;
    return config.rows({"sliding_window"}, fallback);
}

std::unique_ptr<Network> make_rotary_decoder(RotaryDecoderSpec spec, const ModelConfig& config,
                                             WeightSource& weights) {
    const bool slides =
        std::find(spec.sliding.begin(), spec.sliding.end(), true) != spec.sliding.end();
    if (slides && spec.window == 0) {
        config.reader().fail("sliding_window", "a width for the layers of sliding_attention",
                             config.reader().json().find("sliding_window"));
    }
    return std::make_unique<RotaryDecoder>(std::move(spec), config, weights);
}

}  // namespace heed
