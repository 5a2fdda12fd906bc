// CLIP's two encoders, as parts of a graph.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/model/family.h"
#include "core/model/patch_embedding.h"
#include "core/model/pre_norm_block.h"

namespace heed {

// What both encoders are made of.
struct ClipTower {
    ClipTower(const ModelConfig& config, int default_width, int default_heads);
    void load_layers(WeightSource& weights, const std::string& prefix);
    NodeId emit_layers(GraphBuilder& b, NodeId x, MaskRule mask) const;
    void describe(ModelSummary& sizes) const;

    Axis d, f;
    int heads, layer_count;
    Activation activation;
    float epsilon;
    std::vector<PreNormLayer> layers;
    std::optional<LinearWeights> projection;  // of the pooled row, into the common space (D, E)
};

class ClipText {
  public:
    // Tensors begin with `prefix`; the map's is "text_projection" [projected, D], where there is
    // one (0: none).
    ClipText(const ModelConfig& config, WeightSource& weights, int projected);
    void describe(ModelSummary& sizes) const;
    // Sequences tokens and pooled, nodes embed to pooled; gives text_embeds where there is a map,
    // else pooled.
    NodeId emit(GraphBuilder& b, int length) const;
    // Of the row that stands for the whole text.
    int pooled_position(const std::vector<int>& ids) const;

  private:
    ClipTower tower_;
    Axis v_;
    int positions_;
    int end_;  // id of the token that ends a text
    WeightView word_VD_, position_PD_;
    NormWeights final_norm_;
};

class ClipVision {
  public:
    ClipVision(const ModelConfig& config, WeightSource& weights, int projected);
    void describe(ModelSummary& sizes) const;
    const Axis& width() const { return tower_.d; }
    // Sequences tokens and patches, nodes patches to final.
    NodeId emit(GraphBuilder& b) const;
    // The mean of its rows that are patches.
    NodeId emit_mean(GraphBuilder& b, NodeId final) const;
    // Nodes to pooled, and image_embeds where there is a map.
    void emit_pooled(GraphBuilder& b, NodeId final) const;

  private:
    ClipTower tower_;
    PatchEmbedding embedding_;
    NormWeights pre_norm_, post_norm_;
};

}  // namespace heed
