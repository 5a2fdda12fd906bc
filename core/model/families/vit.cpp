#include "core/model/families/vit.h"

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/model/patch_embedding.h"
#include "core/model/pre_norm_block.h"

namespace heed {
namespace {

enum class Head { kPooler, kClassifier, kTeacher };

struct HeadOfClass {
    std::string_view architecture;
    Head head;
};

// In what the two families differ.
struct Style {
    std::string_view prefix;
    bool has_distillation_row;
    std::vector<HeadOfClass> heads;  // the base model first
};

// How the files spell the parts of a layer: as transformers up to 4 has its modules, or from 5 on.
struct LayerSpelling {
    std::string_view layer, q, k, v, out, mlp_in, mlp_out;
};
constexpr std::array<LayerSpelling, 2> kSpellings = {{
    {"encoder.layer.", "attention.attention.query", "attention.attention.key",
     "attention.attention.value", "attention.output.dense", "intermediate.dense", "output.dense"},
    {"layers.", "attention.q_proj", "attention.k_proj", "attention.v_proj", "attention.o_proj",
     "mlp.fc1", "mlp.fc2"},
}};

class VisionTransformer : public Network {
  public:
    VisionTransformer(const ModelConfig& config, WeightSource& weights, const Style& style);
    ModelSummary sizes() const override;
    std::shared_ptr<const Graph> build_graph(const Lengths& lengths) const override;

  private:
    void load_embedding(const ModelConfig& config, WeightSource& weights, const std::string& prefix,
                        const Style& style);
    PreNormLayer load_layer(WeightSource& weights, const std::string& prefix, int layer,
                            float epsilon, Bias qkv_bias) const;
    void load_head(const ModelConfig& config, WeightSource& weights, const std::string& prefix);
    void emit_head(GraphBuilder& b, NodeId final) const;

    std::string architecture_;
    Head head_ = Head::kPooler;
    Axis d_, f_;
    int heads_, layer_count_, d_head_;
    Activation activation_;

    PatchEmbedding embedding_;
    std::vector<PreNormLayer> layers_;
    NormWeights final_norm_;
    bool has_pooler_ = false;
    Activation pooler_activation_ = Activation::kTanh;
    bool has_probs_ = true;
    LinearWeights pooler_, unembed_, distilled_unembed_;
};

VisionTransformer::VisionTransformer(const ModelConfig& config, WeightSource& weights,
                                     const Style& style)
    : d_{"D", config.size({"hidden_size"}, 768)},
      f_{"F", config.size({"intermediate_size"}, 3072)},
      heads_(config.size({"num_attention_heads"}, 12)),
      layer_count_(config.layers({"num_hidden_layers"}, 12)),
      d_head_(config.reader().has("head_dim")
                  ? config.size({"head_dim"}, 64)
                  : config.d_head("num_attention_heads", d_.extent, heads_)),
      activation_(config.activation("hidden_act", "gelu")) {
    std::vector<std::string_view> known;
    for (const HeadOfClass& row : style.heads) known.push_back(row.architecture);
    architecture_ = config.architecture_among(
        known, weights.has("classifier.weight") ? known[1] : known.front());
    for (const HeadOfClass& row : style.heads) {
        if (row.architecture == architecture_) head_ = row.head;
    }
    const float epsilon = config.epsilon("layer_norm_eps", 1e-12);
    const Bias qkv_bias = config.flag("qkv_bias", true) ? Bias::kYes : Bias::kNo;
    const std::string prefix =
        weights.find_prefix({style.prefix, ""}, "embeddings.patch_embeddings.projection.weight");
    load_embedding(config, weights, prefix + "embeddings.", style);
    for (int layer = 0; layer < layer_count_; ++layer) {
        layers_.push_back(load_layer(weights, prefix, layer, epsilon, qkv_bias));
    }
    final_norm_ = load_norm(weights, prefix + "layernorm", "final", d_, epsilon);
    load_head(config, weights, prefix);
}

void VisionTransformer::load_embedding(const ModelConfig& config, WeightSource& weights,
                                       const std::string& prefix, const Style& style) {
    const Axis one{"N", 1};
    const auto row = [&](const std::string& name, const char* symbol) {
        return weights.get(prefix + name, symbol, {one, {"T", 1}, d_}).picked(0, 0);
    };
    embedding_.size = read_picture_size(config, 16, Edges::kAnyRectangle);
    embedding_.projection = load_patch_projection(weights, prefix + "patch_embeddings.projection",
                                                  embedding_.size, d_, Bias::kYes);
    embedding_.special.push_back({"[CLS]", row("cls_token", "w_cls")});
    if (style.has_distillation_row) {
        embedding_.special.push_back({"[DIST]", row("distillation_token", "w_dist")});
    }
    embedding_.position_TD =
        weights.get(prefix + "position_embeddings", "W_pos", {one, {"T", embedding_.length()}, d_})
            .picked(0, 0);
}

PreNormLayer VisionTransformer::load_layer(WeightSource& weights, const std::string& prefix,
                                           int layer, float epsilon, Bias qkv_bias) const {
    const auto text = [](std::string_view part) { return std::string(part); };
    const auto in_layer = [&](const LayerSpelling& spelling) {
        return prefix + text(spelling.layer) + std::to_string(layer) + ".";
    };
    const bool is_newer = weights.has(in_layer(kSpellings[1]) + text(kSpellings[1].q) + ".weight");
    const LayerSpelling& spelling = kSpellings[is_newer ? 1 : 0];
    const std::string name = in_layer(spelling);
    const Axis j{"H*K", heads_ * d_head_};
    const auto project = [&](std::string_view part, const char* letter) {
        return load_linear(weights, name + text(part), letter, d_, j, qkv_bias).into_heads(heads_);
    };
    PreNormLayer loaded;
    loaded.ln1 = load_norm(weights, name + "layernorm_before", "ln1", d_, epsilon);
    loaded.attention = {project(spelling.q, "Q"), project(spelling.k, "K"),
                        project(spelling.v, "V"),
                        load_linear(weights, name + text(spelling.out), "O", j, d_)};
    loaded.ln2 = load_norm(weights, name + "layernorm_after", "ln2", d_, epsilon);
    loaded.mlp = {load_linear(weights, name + text(spelling.mlp_in), "in", d_, f_),
                  load_linear(weights, name + text(spelling.mlp_out), "out", f_, d_)};
    return loaded;
}

void VisionTransformer::load_head(const ModelConfig& config, WeightSource& weights,
                                  const std::string& prefix) {
    if (head_ == Head::kPooler) {
        // A base model may have been saved without its pooler.
        has_pooler_ = !weights.has_values() || weights.has(prefix + "pooler.dense.weight");
        if (!has_pooler_) return;
        const Axis pooled{"D", config.size({"pooler_output_size"}, d_.extent)};
        pooler_ = load_linear(weights, prefix + "pooler.dense", "pool", d_, pooled);
        pooler_activation_ = config.activation("pooler_act", "tanh");
        return;
    }
    const auto classifier = [&](const std::string& name, const char* letter) {
        const Axis labels{"P", weights.rows(name + ".weight", config.labels())};
        return load_linear(weights, name, letter, d_, labels);
    };
    const bool is_taught = head_ == Head::kTeacher;
    unembed_ = classifier(is_taught ? "cls_classifier" : "classifier", "U");
    if (is_taught) distilled_unembed_ = classifier("distillation_classifier", "U_dist");
    has_probs_ = config.is_distribution(unembed_.weight.shape.extent(1));
}

ModelSummary VisionTransformer::sizes() const {
    ModelSummary sizes;
    sizes.architecture = architecture_;
    sizes.layers = layer_count_;
    sizes.heads = heads_;
    sizes.key_heads = heads_;
    sizes.d_model = d_.extent;
    sizes.d_head = d_head_;
    sizes.d_mlp = f_.extent;
    describe_picture(embedding_, sizes);
    return sizes;
}

std::shared_ptr<const Graph> VisionTransformer::build_graph(const Lengths& /*lengths*/) const {
    GraphBuilder b;
    NodeId x = embed_picture(b, embedding_, "embed_out");
    for (int layer = 0; layer < layer_count_; ++layer) {
        b.begin_block(layer);
        x = pre_norm_block(b, x, layers_[static_cast<std::size_t>(layer)], {inverse_root(d_head_)},
                           activation_);
        b.end_block();
    }
    emit_head(b, norm(b, "final", x, final_norm_));
    return b.build();
}

void VisionTransformer::emit_head(GraphBuilder& b, NodeId final) const {
    if (head_ == Head::kPooler && !has_pooler_) return;
    const NodeId first = b.take_row(head_ == Head::kPooler ? "pooler.in" : "classifier.in", final,
                                    0, Stage::kUnembed);
    if (head_ == Head::kPooler) {
        const NodeId dense =
            b.linear("pooler.dense", first, pooler_.weight, pooler_.bias, Stage::kUnembed);
        b.activation("pooled", dense, pooler_activation_, Stage::kUnembed);
        return;
    }
    if (head_ == Head::kClassifier) {
        unembed(b, first, unembed_, has_probs_);
        return;
    }
    const NodeId second = b.take_row("distillation.in", final, 1, Stage::kUnembed);
    const NodeId own =
        b.linear("cls_logits", first, unembed_.weight, unembed_.bias, Stage::kUnembed);
    const NodeId taught = b.linear("distillation_logits", second, distilled_unembed_.weight,
                                   distilled_unembed_.bias, Stage::kUnembed);
    const NodeId sum = b.add("logits_sum", {own, taught}, Stage::kUnembed);
    const NodeId logits = b.scale("logits", sum, 0.5F, "1 / 2", Stage::kUnembed);
    if (has_probs_) b.softmax("probs", logits, Stage::kUnembed);
}

}  // namespace

std::unique_ptr<Network> open_vit(const ModelConfig& config, WeightSource& weights) {
    const Style style{
        "vit.",
        false,
        {{"ViTModel", Head::kPooler}, {"ViTForImageClassification", Head::kClassifier}}};
    return std::make_unique<VisionTransformer>(config, weights, style);
}

std::unique_ptr<Network> open_deit(const ModelConfig& config, WeightSource& weights) {
    const Style style{"deit.",
                      true,
                      {{"DeiTModel", Head::kPooler},
                       {"DeiTForImageClassification", Head::kClassifier},
                       {"DeiTForImageClassificationWithTeacher", Head::kTeacher}}};
    return std::make_unique<VisionTransformer>(config, weights, style);
}

}  // namespace heed
