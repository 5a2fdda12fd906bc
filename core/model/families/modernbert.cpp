#include "core/model/families/modernbert.h"

#include <string>
#include <utility>
#include <vector>

#include "core/model/encoder_head.h"
#include "core/model/rotary.h"

namespace heed {
namespace {

struct Layer {
    std::optional<NormWeights> ln1;
    AttentionWeights attention;
    NormWeights ln2;
    GatedWeights mlp;
};

// Every third layer is global where the config does not say otherwise.
bool is_local_layer(const ModelConfig& config, int layer) {
    return layer % config.size({"global_attn_every_n_layers"}, 3) != 0;
}

// Early files say with a null that local layers turn as the global ones do.
double read_local_theta(const ModelConfig& config) {
    const Json* local = config.reader().json().find("local_rope_theta");
    const bool is_shared = local != nullptr && local->is_null();
    return is_shared ? config.reader().get_number("global_rope_theta", 160000) : 10000;
}

Bias bias_if(bool is_there) {
    return is_there ? Bias::kYes : Bias::kNo;
}

class ModernBert : public Network {
  public:
    ModernBert(const ModelConfig& config, WeightSource& weights);
    ModelSummary sizes() const override;
    std::shared_ptr<const Graph> build_graph(const Lengths& lengths) const override;
    std::vector<std::string> label_names() const override;

  private:
    Layer load_layer(const ModelConfig& config, WeightSource& weights, int layer,
                     const std::string& place) const;
    void load_head(const ModelConfig& config, WeightSource& weights, const WordMapSpec& words);
    NodeId block(GraphBuilder& b, NodeId x, int layer, int length) const;
    NodeId attention(GraphBuilder& b, NodeId x, int layer, int length) const;
    void emit_head(GraphBuilder& b, NodeId final) const;

    Axis d_, f_, v_;
    int heads_, positions_, layer_count_, window_;
    Activation activation_;
    float epsilon_;
    Bias norm_bias_;
    RotaryConfig global_rotary_, local_rotary_;
    std::vector<bool> is_local_;
    EncoderClass class_;
    bool takes_mean_ = false;
    bool has_probs_ = true;

    WeightView word_VD_;
    NormWeights embedding_norm_, final_norm_;
    std::vector<Layer> layers_;
    HeadTransform transform_;
    LinearWeights unembed_;
};

ModernBert::ModernBert(const ModelConfig& config, WeightSource& weights)
    : d_{"D", config.size({"hidden_size"}, 768)},
      f_{"F", config.size({"intermediate_size"}, 1152)},
      v_{"V", config.rows({"vocab_size"}, 50368)},
      heads_(config.size({"num_attention_heads"}, 12)),
      positions_(config.rows({"max_position_embeddings"}, 8192)),
      layer_count_(config.layers({"num_hidden_layers"}, 22)),
      window_(config.size({"local_attention"}, 128) / 2),
      activation_(config.activation("hidden_activation", "gelu")),
      epsilon_(config.epsilon("norm_eps", 1e-5)),
      norm_bias_(bias_if(config.flag("norm_bias", false))),
      global_rotary_(config, {160000, 1, "", false, positions_}, "full_attention",
                     "global_rope_theta"),
      local_rotary_(config, {read_local_theta(config), 1, "", true, positions_},
                    "sliding_attention", "local_rope_theta"),
      is_local_(read_sliding_layers(config, layer_count_, is_local_layer)) {
    config.d_head("num_attention_heads", d_.extent, heads_);
    const std::string prefix =
        weights.find_prefix({"model.", ""}, "embeddings.tok_embeddings.weight");
    const std::vector<EncoderClass> classes = {
        {"ModernBertModel", EncoderTask::kNone},
        {"ModernBertForMaskedLM", EncoderTask::kWords},
        {"ModernBertForSequenceClassification", EncoderTask::kSequence},
        {"ModernBertForTokenClassification", EncoderTask::kToken},
        {"ModernBertForQuestionAnswering", EncoderTask::kSpan}};
    class_ = choose_encoder_class(config, weights, classes, "ModernBertForMaskedLM",
                                  "head.dense.weight");
    WordMapSpec words;
    words.embedding = prefix + "embeddings.tok_embeddings.weight";
    words.map = "decoder";
    words.is_tied = config.flag("tie_word_embeddings", true);
    words.has_bias = bias_if(config.flag("decoder_bias", true));
    const bool has_words = class_.task == EncoderTask::kWords;
    word_VD_ =
        weights.get(has_words ? words.embedding_tensor(weights) : words.embedding, "W_E", {v_, d_});
    embedding_norm_ =
        load_norm(weights, prefix + "embeddings.norm", "embed", d_, epsilon_, norm_bias_);
    for (int layer = 0; layer < layer_count_; ++layer) {
        layers_.push_back(
            load_layer(config, weights, layer, prefix + "layers." + std::to_string(layer) + "."));
    }
    final_norm_ = load_norm(weights, prefix + "final_norm", "final", d_, epsilon_, norm_bias_);
    load_head(config, weights, words);
}

Layer ModernBert::load_layer(const ModelConfig& config, WeightSource& weights, int layer,
                             const std::string& place) const {
    const int d = d_.extent;
    const int f = f_.extent;
    const Bias attention_bias = bias_if(config.flag("attention_bias", false));
    const Bias mlp_bias = bias_if(config.flag("mlp_bias", false));
    const LinearWeights qkv =
        load_linear(weights, place + "attn.Wqkv", "QKV", d_, {"H*K", 3 * d}, attention_bias);
    const LinearWeights both =
        load_linear(weights, place + "mlp.Wi", "gate_up", d_, {"F", 2 * f}, mlp_bias);
    Layer loaded;
    if (layer > 0) {
        loaded.ln1 = load_norm(weights, place + "attn_norm", "ln1", d_, epsilon_, norm_bias_);
    }
    loaded.attention = {
        qkv.outputs(0, d, "Q").into_heads(heads_), qkv.outputs(d, d, "K").into_heads(heads_),
        qkv.outputs(2 * d, d, "V").into_heads(heads_),
        load_linear(weights, place + "attn.Wo", "O", {"H*K", d}, d_, attention_bias)};
    loaded.ln2 = load_norm(weights, place + "mlp_norm", "ln2", d_, epsilon_, norm_bias_);
    loaded.mlp = {both.outputs(0, f, "gate"), both.outputs(f, f, "up"),
                  load_linear(weights, place + "mlp.Wo", "out", f_, d_, mlp_bias)};
    return loaded;
}

// Every head but none begins with the same three steps.
void ModernBert::load_head(const ModelConfig& config, WeightSource& weights,
                           const WordMapSpec& words) {
    if (class_.task == EncoderTask::kNone) return;
    const Bias bias = bias_if(config.flag("classifier_bias", false));
    transform_ = {load_linear(weights, "head.dense", "head", d_, d_, bias),
                  config.activation("classifier_activation", "gelu"),
                  load_norm(weights, "head.norm", "head", d_, epsilon_, norm_bias_)};
    if (class_.task == EncoderTask::kWords) {
        unembed_ = words.load(weights, d_, v_);
        return;
    }
    const bool is_span = class_.task == EncoderTask::kSpan;
    const Axis labels{"P", is_span ? 2 : weights.rows("classifier.weight", config.labels())};
    unembed_ = load_linear(weights, "classifier", "U", d_, labels);
    has_probs_ = !is_span && config.is_distribution(labels.extent);
    if (class_.task != EncoderTask::kSequence) return;
    const std::string pooling = config.reader().get_string("classifier_pooling", "cls");
    takes_mean_ = pooling == "mean";
    if (takes_mean_ || pooling == "cls") return;
    config.reader().fail("classifier_pooling", "cls or mean",
                         config.reader().json().find("classifier_pooling"));
}

ModelSummary ModernBert::sizes() const {
    ModelSummary sizes;
    sizes.architecture = class_.architecture;
    sizes.layers = layer_count_;
    sizes.heads = heads_;
    sizes.key_heads = heads_;
    sizes.d_model = d_.extent;
    sizes.d_head = d_.extent / heads_;
    sizes.d_mlp = f_.extent;
    sizes.vocabulary = v_.extent;
    sizes.positions = positions_;
    sizes.cuts_input = false;
    sizes.takes_pair = true;
    return sizes;
}

std::vector<std::string> ModernBert::label_names() const {
    if (class_.task == EncoderTask::kSpan) return {"start", "end"};
    return {};
}

std::shared_ptr<const Graph> ModernBert::build_graph(const Lengths& lengths) const {
    GraphBuilder b;
    const int tokens = b.sequence("tokens", lengths.tokens);
    const int ids = b.ids("input_ids", tokens, v_.extent);
    const NodeId word = b.gather("embed", word_VD_, ids, Stage::kEmbed);
    NodeId x = norm(b, "embed_out", word, embedding_norm_);
    for (int layer = 0; layer < layer_count_; ++layer) {
        b.begin_block(layer);
        x = block(b, x, layer, lengths.tokens);
        b.end_block();
    }
    emit_head(b, norm(b, "final", x, final_norm_));
    return b.build();
}

NodeId ModernBert::block(GraphBuilder& b, NodeId x, int layer, int length) const {
    const Layer& weights = layers_[static_cast<std::size_t>(layer)];
    const NodeId resid_pre = b.alias("resid_pre", x, Stage::kEmbed);
    // What enters the first block has just been normalised.
    const NodeId ln1 = weights.ln1 ? norm(b, "ln1", resid_pre, *weights.ln1) : resid_pre;
    const NodeId attn_out = attention(b, ln1, layer, length);
    const NodeId resid_mid = b.add("resid_mid", {resid_pre, attn_out});
    const NodeId ln2 = norm(b, "ln2", resid_mid, weights.ln2);
    const NodeId mlp_out = gated_feed_forward(b, ln2, weights.mlp, activation_);
    return b.add("resid_post", {resid_mid, mlp_out});
}

NodeId ModernBert::attention(GraphBuilder& b, NodeId x, int layer, int length) const {
    const auto at = static_cast<std::size_t>(layer);
    const AttentionWeights& weights = layers_[at].attention;
    const int d_head = d_.extent / heads_;
    const RotaryRule turn = (is_local_[at] ? local_rotary_ : global_rotary_).rule(d_head, length);
    const auto project = [&](const char* name, const LinearWeights& w) {
        return b.linear(name, x, w.weight, w.bias, Stage::kProject);  // [T,D][D,H,K] -> [H,T,K]
    };
    const NodeId q = project("attn.q", weights.q);
    const NodeId k = project("attn.k", weights.k);
    const NodeId v = project("attn.v", weights.v);
    const NodeId rot_q = b.rotary("attn.rot_q", q, turn);
    const NodeId rot_k = b.rotary("attn.rot_k", k, turn);
    const NodeId dots = b.matmul_nt("attn.dots", rot_q, rot_k);  // [H,T,K][H,S,K] -> [H,T,S]
    PatternRule rule;
    rule.scale = inverse_root(d_head);
    if (is_local_[at]) {
        rule.mask = MaskRule::kBand;
        rule.window = window_;
    }
    const NodeId concat = weigh_values(b, "attn", dots, v, rule);
    const NodeId out = b.linear("attn_out", concat, weights.out.weight, weights.out.bias,
                                Stage::kProjectOut);  // [T,H*K][H*K,D] -> [T,D]
    b.attention_site("attn", out);
    return out;
}

void ModernBert::emit_head(GraphBuilder& b, NodeId final) const {
    if (class_.task == EncoderTask::kNone) return;
    NodeId x = final;
    if (class_.task == EncoderTask::kSequence) {
        x = takes_mean_ ? b.mean_rows("head.in", final, Stage::kUnembed)
                        : b.take_row("head.in", final, 0, Stage::kUnembed);
    }
    unembed(b, transform(b, "head", x, transform_), unembed_, has_probs_);
}

}  // namespace

std::unique_ptr<Network> open_modernbert(const ModelConfig& config, WeightSource& weights) {
    return std::make_unique<ModernBert>(config, weights);
}

}  // namespace heed
