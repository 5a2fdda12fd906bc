// The forward pass of a model for given sequences: data, not control flow. Never changed after it
// is built (by GraphBuilder); running, explaining, drawing and exporting all walk it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/graph/node.h"
#include "core/graph/weights.h"

namespace heed {

// A named run of positions. T and S axes belong to one and take their labels from it.
struct Sequence {
    std::string name;  // "source"
    int length = 0;
};

// What a run is given: one id for each position.
struct GraphInput {
    std::string name;  // "input_ids"
    int sequence = 0;
    int limit = 0;  // ids are in [0, limit)
};

// One attention: the nodes between its queries and its context vectors. A view finds all it needs
// here and asks no family. Nodes that an attention does not have are absent.
struct AttentionSite {
    std::string name;  // "blocks.3.attn"
    int layer = 0;
    int heads = 0;
    int key_heads = 0;
    int d_head = 0;
    int query_sequence = 0;
    int key_sequence = 0;
    std::optional<NodeId> q, k, v, dots, scaled, masked, pattern, z, concat, out;
};

class Graph {
  public:
    const std::vector<Sequence>& sequences() const { return sequences_; }
    const std::vector<GraphInput>& inputs() const { return inputs_; }
    const std::vector<WeightView>& weights() const { return weights_; }
    const std::vector<Node>& nodes() const { return nodes_; }
    const std::vector<AttentionSite>& attentions() const { return attentions_; }
    int size() const { return static_cast<int>(nodes_.size()); }
    int layers() const { return layers_; }

    const Node& node(NodeId id) const;
    const WeightView& weight(int id) const;
    std::optional<NodeId> find(std::string_view name) const;
    // Nodes that read `id` directly.
    const std::vector<NodeId>& consumers(NodeId id) const;

  private:
    friend class GraphBuilder;
    std::vector<Sequence> sequences_;
    std::vector<GraphInput> inputs_;
    std::vector<WeightView> weights_;
    std::vector<Node> nodes_;
    std::vector<AttentionSite> attentions_;
    std::vector<std::vector<NodeId>> consumers_;
    std::unordered_map<std::string, NodeId> by_name_;
    int layers_ = 0;
};

// The last part of a node's name: "pattern" of "blocks.3.attn.pattern".
std::string_view short_name(std::string_view node_name);

// The letters that number the axes of `shape` in formulas: "h,t,s".
std::string axis_letters(const Shape& shape);
// The letter of one axis: "j" for "H*K", else the name in lower case.
std::string axis_letter(const Axis& axis);

// True where `name` matches `glob`; `*` crosses dots, `?` is one character.
bool matches_glob(std::string_view glob, std::string_view name);

}  // namespace heed
