#include "core/model/families/transfo_xl.h"

#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/model/blocks.h"
#include "core/model/cluster_vocabulary.h"

namespace heed {
namespace {

struct XlLayer {
    AttentionWeights attention;
    WeightView distances_DHK;         // r_net
    WeightView content_HK, place_HK;  // r_w_bias, r_r_bias
    NormWeights ln1, ln2;
    FeedForwardWeights mlp;
};

// One segment on its way through the layers.
struct Segment {
    std::string stack;  // "memory" for the one before, else empty
    int tokens = 0;     // its sequence
    int keys = 0;       // sequence of what it sees: rows from before, then its own
    int before = 0;     // how many rows from before
    std::vector<std::vector<NodeId>> states;  // by layer, the rows from before
    NodeId distances = 0;                     // [S, D]
};

class TransfoXl : public Network {
  public:
    TransfoXl(const ModelConfig& config, WeightSource& weights);
    ModelSummary sizes() const override;
    std::shared_ptr<const Graph> build_graph(const Lengths& lengths) const override;

  private:
    void read_options(const ModelConfig& config);
    XlLayer load_layer(WeightSource& weights, const std::string& prefix, int layer) const;
    std::vector<NodeId> run_segment(GraphBuilder& b, const Segment& segment, NodeId x) const;
    NodeId block(GraphBuilder& b, NodeId x, const Segment& segment, std::size_t layer) const;
    NodeId attention(GraphBuilder& b, NodeId x, const Segment& segment, std::size_t layer) const;
    NodeId embed(GraphBuilder& b, int ids) const;
    NodeId wave(GraphBuilder& b, const Segment& segment) const;
    void remember(GraphBuilder& b, Segment& segment, int length) const;

    std::string architecture_;
    Axis d_, f_, j_;
    int heads_, layer_count_, memory_, clamp_;
    bool has_same_length_, norms_first_, has_own_biases_;
    float epsilon_;
    ClusterVocabulary vocabulary_;
    std::vector<XlLayer> layers_;
};

TransfoXl::TransfoXl(const ModelConfig& config, WeightSource& weights)
    : d_{"D", config.size({"d_model", "hidden_size"}, 1024)},
      f_{"F", config.size({"d_inner"}, 4096)},
      heads_(config.size({"n_head", "num_attention_heads"}, 16)),
      layer_count_(config.layers({"n_layer", "num_hidden_layers"}, 18)),
      norms_first_(config.flag("pre_lnorm", false)),
      has_own_biases_(config.flag("untie_r", true)),
      epsilon_(config.epsilon("layer_norm_epsilon", 1e-5)) {
    j_ = {"H*K", heads_ * config.size({"d_head"}, 64)};
    read_options(config);
    const std::string prefix =
        weights.find_prefix({"transformer.", ""}, "word_emb.emb_layers.0.weight");
    const std::vector<std::string_view> classes = {"TransfoXLModel", "TransfoXLLMHeadModel"};
    architecture_ =
        config.architecture_among(classes, classes[weights.has("crit.out_layers.0.bias") ? 1 : 0]);
    vocabulary_ = ClusterVocabulary(config, weights, prefix + "word_emb.", d_);
    for (int layer = 0; layer < layer_count_; ++layer) {
        layers_.push_back(load_layer(weights, prefix, layer));
    }
    if (architecture_ == classes[1]) vocabulary_.load_head(config, weights);
}

void TransfoXl::read_options(const ModelConfig& config) {
    const JsonReader& reader = config.reader();
    memory_ = static_cast<int>(reader.get_int("mem_len", 1600, 0, 1 << 20));
    clamp_ = static_cast<int>(reader.get_int("clamp_len", 1000, -(1 << 20), 1 << 20));
    has_same_length_ = config.flag("same_length", true);
    if (has_same_length_ && memory_ == 0) {
        reader.fail("mem_len", "at least 1 where same_length is true (no key could be seen)",
                    reader.json().find("mem_len"));
    }
    if (reader.get_int("attn_type", 0, 0, 1 << 20) != 0) {
        reader.fail("attn_type", "0 (attention to relative positions)",
                    reader.json().find("attn_type"));
    }
}

XlLayer TransfoXl::load_layer(WeightSource& weights, const std::string& prefix, int layer) const {
    const std::string name = prefix + "layers." + std::to_string(layer) + ".";
    const std::string dec = name + "dec_attn.";
    const Axis h{"H", heads_}, k{"K", j_.extent / heads_};
    const LinearWeights qkv =
        load_linear(weights, dec + "qkv_net", "QKV", d_, {"H*K", 3 * j_.extent}, Bias::kNo);
    const auto part = [&](int number, const char* letter) {
        return qkv.outputs(number * j_.extent, j_.extent, letter).into_heads(heads_);
    };
    XlLayer weights_of;
    weights_of.attention = {part(0, "Q"), part(1, "K"), part(2, "V"),
                            load_linear(weights, dec + "o_net", "O", j_, d_, Bias::kNo)};
    weights_of.distances_DHK =
        load_linear(weights, dec + "r_net", "R", d_, j_, Bias::kNo).into_heads(heads_).weight;
    const std::string biases = has_own_biases_ ? dec : prefix;
    weights_of.content_HK = weights.get(biases + "r_w_bias", "b_content", {h, k});
    weights_of.place_HK = weights.get(biases + "r_r_bias", "b_position", {h, k});
    weights_of.ln1 = load_norm(weights, dec + "layer_norm", "ln1", d_, epsilon_);
    const std::string ff = name + "pos_ff.";
    weights_of.mlp = {load_linear(weights, ff + "CoreNet.0", "in", d_, f_),
                      load_linear(weights, ff + "CoreNet.3", "out", f_, d_)};
    weights_of.ln2 = load_norm(weights, ff + "layer_norm", "ln2", d_, epsilon_);
    return weights_of;
}

ModelSummary TransfoXl::sizes() const {
    ModelSummary sizes;
    sizes.architecture = architecture_;
    sizes.layers = layer_count_;
    sizes.heads = heads_;
    sizes.key_heads = heads_;
    sizes.d_model = d_.extent;
    sizes.d_head = j_.extent / heads_;
    sizes.d_mlp = f_.extent;
    sizes.vocabulary = vocabulary_.size();
    sizes.cuts_input = false;
    sizes.takes_memory = true;
    return sizes;
}

std::shared_ptr<const Graph> TransfoXl::build_graph(const Lengths& lengths) const {
    GraphBuilder b;
    Segment now;
    now.tokens = b.sequence("tokens", lengths.tokens);
    now.before = memory_;
    const int ids = b.ids("input_ids", now.tokens, vocabulary_.size());
    std::optional<Segment> last;
    if (lengths.memory > 0 && memory_ > 0) {
        last = Segment{};
        last->stack = "memory";
        last->tokens = b.sequence("memory", lengths.memory);
        last->before = memory_;
        const int memory_ids = b.ids("memory_ids", last->tokens, vocabulary_.size());
        remember(b, *last, lengths.memory);
        b.begin_stack("memory");
        last->distances = wave(b, *last);
        now.states.clear();
        for (const NodeId state : run_segment(b, *last, embed(b, memory_ids))) {
            now.states.push_back({state});
        }
        b.end_stack();
    }
    remember(b, now, lengths.memory);
    now.distances = wave(b, now);
    const std::vector<NodeId> states = run_segment(b, now, embed(b, ids));
    const NodeId final = b.alias("final", states.back(), Stage::kNormalise);
    if (architecture_ == "TransfoXLLMHeadModel") vocabulary_.emit_head(b, final);
    return b.build();
}

NodeId TransfoXl::embed(GraphBuilder& b, int ids) const {
    const NodeId word = vocabulary_.embed(b, "embed", ids);
    const auto factor = static_cast<float>(std::sqrt(static_cast<double>(d_.extent)));
    return b.scale("embed_out", word, factor, "sqrt(" + std::to_string(d_.extent) + ")",
                   Stage::kEmbed);
}

// One vector for each distance from 0 on.
NodeId TransfoXl::wave(GraphBuilder& b, const Segment& segment) const {
    SinusoidRule rule;
    rule.has_halves = true;
    rule.clamp = std::max(clamp_, 0);
    const std::string name = segment.stack.empty() ? "distances" : segment.stack + " distances";
    const int count = b.length(segment.keys);
    return b.sinusoid("pos_embed", b.sequence(name, count), d_, rule);
}

// What the segment sees: the last `memory_` states of the one before, after zeros where that was
// shorter or there was none; then its own. `states` holds the states of the one before.
void TransfoXl::remember(GraphBuilder& b, Segment& segment, int length) const {
    const bool has_states = !segment.states.empty();
    const int kept = has_states ? std::min(length, memory_) : 0;
    const int empty = memory_ - kept;
    const std::string name = segment.stack.empty() ? "memory and tokens" : "before and memory";
    std::vector<SequencePart> parts;
    std::optional<NodeId> zeros;
    if (empty > 0) {
        const std::string none = segment.stack.empty() ? "nothing" : segment.stack + " nothing";
        parts.push_back({-1, 0, empty, "empty"});
        zeros = b.zeros(segment.stack.empty() ? "no_memory" : "before_memory",
                        b.sequence(none, empty), d_);
    }
    if (kept > 0) {
        const int memory = b.shape(segment.states.front().front()).axis(0).sequence;
        parts.push_back({memory, length - kept, kept, ""});
        const int sequence = b.joined("kept memory", {{memory, length - kept, kept, ""}});
        for (std::size_t layer = 0; layer + 1 < segment.states.size(); ++layer) {
            const std::string node = "memory." + std::to_string(layer);
            segment.states[layer] = {
                b.take_rows(node, segment.states[layer].front(), sequence, length - kept)};
        }
    }
    segment.states.resize(static_cast<std::size_t>(layer_count_));
    for (std::vector<NodeId>& states : segment.states) {
        if (kept == 0) states.clear();
        if (zeros) states.insert(states.begin(), *zeros);
    }
    parts.push_back({segment.tokens, 0, b.length(segment.tokens), ""});
    segment.keys = memory_ == 0 ? segment.tokens : b.joined(name, std::move(parts));
}

// The input of each layer, and the output of the last.
std::vector<NodeId> TransfoXl::run_segment(GraphBuilder& b, const Segment& segment,
                                           NodeId x) const {
    std::vector<NodeId> states = {x};
    for (std::size_t layer = 0; layer < layers_.size(); ++layer) {
        b.begin_block(static_cast<int>(layer));
        x = block(b, x, segment, layer);
        b.end_block();
        states.push_back(x);
    }
    return states;
}

NodeId TransfoXl::block(GraphBuilder& b, NodeId x, const Segment& segment,
                        std::size_t layer) const {
    const XlLayer& weights = layers_[layer];
    const NodeId resid_pre = b.alias("resid_pre", x, Stage::kEmbed);
    const NodeId attn_out = attention(b, resid_pre, segment, layer);
    const NodeId resid_mid = b.add("resid_mid", {resid_pre, attn_out});
    if (norms_first_) {
        const NodeId ln2 = norm(b, "ln2", resid_mid, weights.ln2);
        const NodeId mlp_out = feed_forward(b, ln2, weights.mlp, Activation::kRelu);
        return b.add("resid_post", {resid_mid, mlp_out});
    }
    const NodeId ln1 = norm(b, "ln1", resid_mid, weights.ln1);
    const NodeId mlp_out = feed_forward(b, ln1, weights.mlp, Activation::kRelu);
    const NodeId ln2 = norm(b, "ln2", b.add("resid_sum", {ln1, mlp_out}), weights.ln2);
    return b.alias("resid_post", ln2, Stage::kNormalise);
}

NodeId TransfoXl::attention(GraphBuilder& b, NodeId x, const Segment& segment,
                            std::size_t layer) const {
    const XlLayer& weights = layers_[layer];
    NodeId seen = x;
    if (segment.before > 0) {
        std::vector<GraphBuilder::Rows> rows(segment.states[layer].begin(),
                                             segment.states[layer].end());
        rows.emplace_back(x);
        seen = b.concat_rows("attn.context", segment.keys, rows);
    }
    if (norms_first_) {
        x = norm(b, "ln1", x, weights.ln1);
        seen = segment.before > 0 ? norm(b, "attn.context_norm", seen, weights.ln1) : x;
    }
    const auto project = [&](const char* name, NodeId in, const WeightView& w) {
        return b.linear(name, in, w, std::nullopt, Stage::kProject);  // [T,D][D,H,K] -> [H,T,K]
    };
    const NodeId q = project("attn.q", x, weights.attention.q.weight);
    const NodeId k = project("attn.k", seen, weights.attention.k.weight);
    const NodeId v = project("attn.v", seen, weights.attention.v.weight);
    const NodeId r = project("attn.r", segment.distances, weights.distances_DHK);
    const NodeId q_content = b.head_bias("attn.q_content", q, weights.content_HK);
    const NodeId q_position = b.head_bias("attn.q_position", q, weights.place_HK);
    const NodeId content = b.matmul_nt("attn.dots_content", q_content, k);
    const NodeId position = b.distance_dots("attn.dots_position", q_position, r, k, segment.before);
    const NodeId dots = b.add("attn.dots", {content, position}, Stage::kScore);
    PatternRule rule(inverse_root(j_.extent / heads_), MaskRule::kCausal);
    rule.mask_offset = segment.before;
    if (has_same_length_) {
        rule.mask = MaskRule::kWindow;
        rule.window = segment.before;
    }
    const NodeId concat = weigh_values(b, "attn", dots, v, rule);
    const NodeId out = b.linear("attn_out", concat, weights.attention.out.weight, std::nullopt,
                                Stage::kProjectOut);
    b.attention_site("attn", out);
    return out;
}

}  // namespace

std::unique_ptr<Network> open_transfo_xl(const ModelConfig& config, WeightSource& weights) {
    return std::make_unique<TransfoXl>(config, weights);
}

}  // namespace heed
