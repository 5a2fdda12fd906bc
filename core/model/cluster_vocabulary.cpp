#include "core/model/cluster_vocabulary.h"

#include <utility>

namespace heed {
namespace {

constexpr int kMaxClusters = 8;

std::string numbered(const std::string& name, int number) {
    return name + std::to_string(number);
}

// cutoffs: where each cluster ends; the vocabulary's size ends the last.
std::vector<int> read_cutoffs(const ModelConfig& config, int vocabulary) {
    std::vector<int> first = {0};
    std::vector<int> ends = {20000, 40000, 200000};
    if (const Json* list = config.reader().get_array("cutoffs")) {
        ends.clear();
        for (const Json& end : list->array) {
            if (!end.is_integer) config.reader().fail("cutoffs", "numbers of words", list);
            ends.push_back(static_cast<int>(end.integer));
        }
    }
    ends.push_back(vocabulary);
    for (const int end : ends) {
        if (end <= first.back() || end > vocabulary) {
            config.reader().fail("cutoffs",
                                 "numbers that grow and stay below " + std::to_string(vocabulary),
                                 config.reader().json().find("cutoffs"));
        }
        first.push_back(end);
    }
    if (ends.size() > kMaxClusters) {
        config.reader().fail("cutoffs", "at most " + std::to_string(kMaxClusters - 1),
                             config.reader().json().find("cutoffs"));
    }
    return first;
}

// tie_projs: for each cluster whether its head uses the embedding's map.
bool shares_map(const ModelConfig& config, int cluster) {
    const Json* list = config.reader().get_array("tie_projs");
    if (list == nullptr) return cluster > 0 && config.flag("proj_share_all_but_first", true);
    const auto at = static_cast<std::size_t>(cluster);
    return at < list->array.size() && list->array[at].is_bool() && list->array[at].boolean;
}

}  // namespace

ClusterVocabulary::ClusterVocabulary(const ModelConfig& config, WeightSource& weights,
                                     const std::string& prefix, const Axis& d)
    : d_(d),
      d_embed_(config.size({"d_embed"}, 1024)),
      shrink_(config.size({"div_val"}, 4)),
      prefix_(prefix),
      first_(read_cutoffs(config, config.rows({"vocab_size"}, 267735))) {
    const int tables = shrink_ == 1 ? 1 : static_cast<int>(first_.size()) - 1;
    for (int i = 0; i + 1 < static_cast<int>(first_.size()); ++i) {
        Cluster cluster;
        const int table = std::min(i, tables - 1);
        cluster.table_name = numbered(prefix + "emb_layers.", table) + ".weight";
        cluster.map_name = numbered(prefix + "emb_projs.", table);
        clusters_.push_back(std::move(cluster));
        if (narrow(i).extent < 1) {
            config.reader().fail("div_val", "a width of at least 1 for every cluster",
                                 config.reader().json().find("div_val"));
        }
    }
    for (int i = 0; i < tables; ++i) {
        Cluster& cluster = clusters_[static_cast<std::size_t>(i)];
        const int words = tables == 1 ? first_.back()
                                      : first_[static_cast<std::size_t>(i) + 1] -
                                            first_[static_cast<std::size_t>(i)];
        cluster.table_NE = weights.get(cluster.table_name, "W_E", {{"V", words}, narrow(i)});
        if (shrink_ == 1 && d_embed_ == d_.extent) continue;
        cluster.map_ED = weights.get(cluster.map_name, "W_proj", {d_, narrow(i)}).transposed(0, 1);
    }
}

Axis ClusterVocabulary::narrow(int cluster) const {
    int width = d_embed_;
    for (int i = 0; i < cluster; ++i) width /= shrink_;
    return {"E", width};
}

void ClusterVocabulary::load_head(const ModelConfig& config, WeightSource& weights) {
    const bool is_tied = config.flag("tie_word_embeddings", true);
    for (int i = 0; i < count(); ++i) {
        Cluster& cluster = clusters_[static_cast<std::size_t>(i)];
        const int layer = shrink_ == 1 ? 0 : i;
        const int begin = shrink_ == 1 ? first_[static_cast<std::size_t>(i)] : 0;
        const int words =
            first_[static_cast<std::size_t>(i) + 1] - first_[static_cast<std::size_t>(i)];
        const Axis rows{"V", shrink_ == 1 ? first_.back() : words};
        const std::string own = numbered("crit.out_layers.", layer);
        const std::string table =
            is_tied ? weights.tied(cluster.table_name, own + ".weight") : own + ".weight";
        cluster.words = {weights.get(table, "W_U", {rows, narrow(layer)})
                             .narrowed(0, begin, words)
                             .transposed(0, 1),
                         weights.get(own + ".bias", "b_U", {rows}).narrowed(0, begin, words)};
        if (shrink_ == 1 && d_embed_ == d_.extent) continue;
        const std::string own_map = numbered("crit.out_projs.", i);
        const bool has_shared = shares_map(config, i) && !weights.has(own_map);
        cluster.down_DE =
            weights.get(has_shared ? cluster.map_name : own_map, "W_down", {d_, narrow(layer)});
    }
    if (count() == 1) return;
    const Axis others{"V", count() - 1};
    choice_ = LinearWeights{
        weights.get("crit.cluster_weight", "W_cluster", {others, narrow(0)}).transposed(0, 1),
        weights.get("crit.cluster_bias", "b_cluster", {others})};
}

NodeId ClusterVocabulary::embed(GraphBuilder& b, const char* name, int ids) const {
    if (!clusters_.front().map_ED) {
        return b.gather(name, clusters_.front().table_NE, ids, Stage::kEmbed);
    }
    std::vector<GraphBuilder::Cluster> tables;
    for (const Cluster& cluster : clusters_) {
        if (cluster.map_ED) tables.push_back({cluster.table_NE, *cluster.map_ED});
    }
    return b.cluster_embed(name, tables, ids);
}

NodeId ClusterVocabulary::narrowed(GraphBuilder& b, NodeId final, int cluster) const {
    const std::optional<WeightView>& down = clusters_[static_cast<std::size_t>(cluster)].down_DE;
    if (!down) return final;
    return b.linear(numbered("head.down", cluster), final, *down, std::nullopt, Stage::kUnembed);
}

void ClusterVocabulary::emit_head(GraphBuilder& b, NodeId final) const {
    const LinearWeights& frequent = clusters_.front().words;
    const NodeId narrow_final = narrowed(b, final, 0);
    if (!choice_) {
        const NodeId logits = unembed(b, narrow_final, frequent, true);
        b.log_softmax("logprobs", logits, Stage::kUnembed);
        return;
    }
    const auto map = [&](const std::string& name, NodeId x, const LinearWeights& w) {
        return b.linear(name, x, w.weight, w.bias, Stage::kUnembed);
    };
    const NodeId words = map("head.words", narrow_final, frequent);
    const NodeId others = map("head.clusters", narrow_final, *choice_);
    const NodeId head = b.log_softmax(
        "head.logprobs", b.concat_columns("head.logits", {words, others}), Stage::kUnembed);
    std::vector<NodeId> tails;
    std::vector<int> first = {0};
    for (int i = 1; i < count(); ++i) {
        const LinearWeights& rare = clusters_[static_cast<std::size_t>(i)].words;
        const NodeId logits = map(numbered("tail.logits", i), narrowed(b, final, i), rare);
        tails.push_back(b.log_softmax(numbered("tail.logprobs", i), logits, Stage::kUnembed));
        first.push_back(first_[static_cast<std::size_t>(i)]);
    }
    const NodeId logprobs =
        b.cluster_logprobs("logprobs", head, tails, first, {"V", first_.back()});
    b.softmax("probs", logprobs, Stage::kUnembed);
}

}  // namespace heed
