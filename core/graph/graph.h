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

// A stretch of a sequence that is put together: positions of another one, or `count` positions of
// its own that are all called `label`.
struct SequencePart {
    int sequence = -1;
    int begin = 0;
    int count = 0;
    std::string label;
};

// A picture cut into patches, row by row.
struct PatchGrid {
    int rows = 0;
    int columns = 0;
};

// A named run of positions. T and S axes belong to one and take their labels from it.
struct Sequence {
    std::string name;  // "source"
    int length = 0;
    PatchGrid grid;                   // of a sequence of patches
    std::vector<SequencePart> parts;  // of one put together
};

// What a run is given: one id for each position, or an array of numbers.
struct GraphInput {
    std::string name;   // "input_ids", "pixel_values"
    int sequence = -1;  // of ids
    int limit = 0;      // ids are in [0, limit)
    Shape numbers;      // of an array; rank 0 for ids

    bool takes_numbers() const { return numbers.rank() > 0; }
};

// Whose positions attend to whose.
enum class AttentionKind { kSelf, kCross };

// One attention: the nodes between its queries and its context vectors. A view finds all it needs
// here and asks no family. Nodes that an attention does not have are absent.
struct AttentionSite {
    std::string name;  // "blocks.3.attn", "decoder.blocks.3.cross_attn"
    AttentionKind kind = AttentionKind::kSelf;
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
    // Axes of what an input is given: [T] of ids, or those of its array.
    Shape input_shape(int input) const;
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
// The letter of one axis: "j" for "H*K", "i" for "C*Y*X", else the name in lower case.
std::string axis_letter(const Axis& axis);

// True where `name` matches `glob`; `*` crosses dots, `?` is one character.
bool matches_glob(std::string_view glob, std::string_view name);

}  // namespace heed
