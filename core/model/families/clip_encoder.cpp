#include "core/model/families/clip_encoder.h"

#include <algorithm>

namespace heed {

ClipTower::ClipTower(const ModelConfig& config, int default_width, int default_heads)
    : d{"D", config.size({"hidden_size"}, default_width)},
      f{"F", config.size({"intermediate_size"}, 4 * default_width)},
      heads(config.size({"num_attention_heads"}, default_heads)),
      layer_count(config.layers({"num_hidden_layers"}, 12)),
      activation(config.activation("hidden_act", "quick_gelu")),
      epsilon(config.epsilon("layer_norm_eps", 1e-5)) {
    config.d_head("num_attention_heads", d.extent, heads);
}

void ClipTower::load_layers(WeightSource& weights, const std::string& prefix) {
    const Axis j{"H*K", d.extent};
    for (int layer = 0; layer < layer_count; ++layer) {
        const std::string name = prefix + "encoder.layers." + std::to_string(layer) + ".";
        const auto project = [&](const char* part, const char* letter) {
            return load_linear(weights, name + "self_attn." + part, letter, d, j).into_heads(heads);
        };
        PreNormLayer& loaded = layers.emplace_back();
        loaded.ln1 = load_norm(weights, name + "layer_norm1", "ln1", d, epsilon);
        loaded.attention = {project("q_proj", "Q"), project("k_proj", "K"), project("v_proj", "V"),
                            load_linear(weights, name + "self_attn.out_proj", "O", j, d)};
        loaded.ln2 = load_norm(weights, name + "layer_norm2", "ln2", d, epsilon);
        loaded.mlp = {load_linear(weights, name + "mlp.fc1", "in", d, f),
                      load_linear(weights, name + "mlp.fc2", "out", f, d)};
    }
}

NodeId ClipTower::emit_layers(GraphBuilder& b, NodeId x, MaskRule mask) const {
    for (int layer = 0; layer < layer_count; ++layer) {
        b.begin_block(layer);
        x = pre_norm_block(b, x, layers[static_cast<std::size_t>(layer)],
                           {inverse_root(d.extent / heads), mask}, activation);
        b.end_block();
    }
    return x;
}

void ClipTower::describe(ModelSummary& sizes) const {
    sizes.layers = layer_count;
    sizes.heads = heads;
    sizes.key_heads = heads;
    sizes.d_model = d.extent;
    sizes.d_head = d.extent / heads;
    sizes.d_mlp = f.extent;
}

namespace {

std::optional<LinearWeights> load_projection(WeightSource& weights, const std::string& name,
                                             const Axis& d, int projected) {
    if (projected == 0) return std::nullopt;
    return load_linear(weights, name, "proj", d, {"E", projected}, Bias::kNo);
}

NodeId project(GraphBuilder& b, std::string_view name, NodeId pooled, const ClipTower& tower) {
    if (!tower.projection) return pooled;
    return b.linear(name, pooled, tower.projection->weight, std::nullopt, Stage::kUnembed);
}

}  // namespace

ClipText::ClipText(const ModelConfig& config, WeightSource& weights, int projected)
    : tower_(config, 512, 8),
      v_{"V", config.rows({"vocab_size"}, 49408)},
      positions_(config.rows({"max_position_embeddings"}, 77)),
      end_(static_cast<int>(config.reader().get_int("eos_token_id", 49407, -1, 1 << 24))) {
    const std::string prefix =
        weights.find_prefix({"text_model.", ""}, "embeddings.token_embedding.weight");
    word_VD_ = weights.get(prefix + "embeddings.token_embedding.weight", "W_E", {v_, tower_.d});
    position_PD_ = weights.get(prefix + "embeddings.position_embedding.weight", "W_pos",
                               {{"T", positions_}, tower_.d});
    tower_.load_layers(weights, prefix);
    final_norm_ =
        load_norm(weights, prefix + "final_layer_norm", "final", tower_.d, tower_.epsilon);
    tower_.projection = load_projection(weights, "text_projection", tower_.d, projected);
}

void ClipText::describe(ModelSummary& sizes) const {
    tower_.describe(sizes);
    sizes.vocabulary = v_.extent;
    sizes.positions = positions_;
}

NodeId ClipText::emit(GraphBuilder& b, int length) const {
    const int tokens = b.sequence("tokens", length);
    const int ids = b.ids("input_ids", tokens, v_.extent);
    const int pooled_position = b.ids("pooled_position", b.sequence("pooled", 1), length);

    const NodeId word = b.gather("embed", word_VD_, ids, Stage::kEmbed);
    const NodeId position = b.table_rows("pos_embed", position_PD_, tokens, 0);
    const NodeId embedded = b.add("embed_out", {word, position});
    const NodeId x = tower_.emit_layers(b, embedded, MaskRule::kCausal);
    const NodeId final = norm(b, "final", x, final_norm_);
    const NodeId pooled = b.pick_row("pooled", final, pooled_position, Stage::kUnembed);
    return project(b, "text_embeds", pooled, tower_);
}

// The first token that ends the text, else the first of all. Configs that say 2 are older than the
// field's meaning: there it is the largest id.
int ClipText::pooled_position(const std::vector<int>& ids) const {
    constexpr int kEndOfOldConfigs = 2;
    const auto found = end_ == kEndOfOldConfigs ? std::max_element(ids.begin(), ids.end())
                                                : std::find(ids.begin(), ids.end(), end_);
    return found == ids.end() ? 0 : static_cast<int>(found - ids.begin());
}

ClipVision::ClipVision(const ModelConfig& config, WeightSource& weights, int projected)
    : tower_(config, 768, 12) {
    const std::string prefix =
        weights.find_prefix({"vision_model.", ""}, "embeddings.patch_embedding.weight");
    const std::string name = prefix + "embeddings.";
    const Axis& d = tower_.d;
    embedding_.size = read_picture_size(config, 32, Edges::kSquare);
    embedding_.projection =
        load_patch_projection(weights, name + "patch_embedding", embedding_.size, d, Bias::kNo);
    embedding_.special.push_back(
        {"[CLS]", weights.get(name + "class_embedding", "w_cls", {d}).split(0, {"T", 1}, d)});
    embedding_.position_TD =
        weights.get(name + "position_embedding.weight", "W_pos", {{"T", embedding_.length()}, d});
    pre_norm_ = load_norm(weights, prefix + "pre_layrnorm", "pre", d, tower_.epsilon);
    tower_.load_layers(weights, prefix);
    post_norm_ = load_norm(weights, prefix + "post_layernorm", "post", d, tower_.epsilon);
    tower_.projection = load_projection(weights, "visual_projection", d, projected);
}

void ClipVision::describe(ModelSummary& sizes) const {
    tower_.describe(sizes);
    describe_picture(embedding_, sizes);
}

NodeId ClipVision::emit(GraphBuilder& b) const {
    const NodeId sum = embed_picture(b, embedding_, "embed_sum");
    const NodeId embedded = norm(b, "embed_out", sum, pre_norm_);
    const NodeId x = tower_.emit_layers(b, embedded, MaskRule::kNone);
    return b.alias("final", x, Stage::kUnembed);
}

NodeId ClipVision::emit_mean(GraphBuilder& b, NodeId final) const {
    constexpr int kPatches = 1;  // the sequence
    const auto before = static_cast<int>(embedding_.special.size());
    const NodeId patches = b.take_rows("classifier.patches", final, kPatches, before);
    return b.mean_rows("classifier.in", patches, Stage::kUnembed);
}

void ClipVision::emit_pooled(GraphBuilder& b, NodeId final) const {
    const NodeId first = b.take_row("pooler.in", final, 0, Stage::kUnembed);
    const NodeId pooled = norm(b, "pooled", first, post_norm_);
    project(b, "image_embeds", pooled, tower_);
}

}  // namespace heed
