// A vocabulary in clusters (Grave et al. 2017; Baevski, Auli 2019): frequent words have wide
// vectors, rare ones narrow ones, and the head asks for the cluster before it asks for the word.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/model/blocks.h"
#include "core/model/config.h"
#include "core/model/weight_source.h"

namespace heed {

class ClusterVocabulary {
  public:
    ClusterVocabulary() = default;
    // Reads vocab_size, cutoffs, div_val, d_embed, tie_projs; fetches the tables "<prefix>emb_...".
    ClusterVocabulary(const ModelConfig& config, WeightSource& weights, const std::string& prefix,
                      const Axis& d);
    // Fetches the head ("crit...").
    void load_head(const ModelConfig& config, WeightSource& weights);

    int size() const { return first_.back(); }
    // Node `name` [T, D]: the vector of each id.
    NodeId embed(GraphBuilder& b, const char* name, int ids) const;
    // Nodes logits (of a single cluster), logprobs and probs [T, V].
    void emit_head(GraphBuilder& b, NodeId final) const;

  private:
    struct Cluster {
        std::string table_name, map_name;
        WeightView table_NE;
        std::optional<WeightView> map_ED;  // absent where the table is as wide as the model
        LinearWeights words;               // (E, N) of the head
        std::optional<WeightView> down_DE;
    };
    int count() const { return static_cast<int>(clusters_.size()); }
    Axis narrow(int cluster) const;
    NodeId narrowed(GraphBuilder& b, NodeId final, int cluster) const;

    Axis d_;
    int d_embed_ = 0;
    int shrink_ = 1;
    std::string prefix_;
    std::vector<int> first_;  // first word of each cluster, and one past the last
    std::vector<Cluster> clusters_;
    std::optional<LinearWeights> choice_;  // of the clusters after the first
};

}  // namespace heed
