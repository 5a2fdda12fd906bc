// Builds a graph node by node, in the order in which the paper tells them. A family's function
// reads like the forward pass; names are relative to the open block ("attn.q" ->
// "blocks.3.attn.q").
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/graph/graph.h"

namespace heed {

class GraphBuilder {
  public:
    GraphBuilder();

    int sequence(std::string name, int length);
    int ids(std::string name, int sequence, int limit);  // an input; gives its number

    // Opens "blocks.<layer>."; names until end_block() are inside it.
    void begin_block(int layer);
    void end_block();

    // out[t, d] = table[ids[t], d]                                       // [N, D] -> [T, D]
    NodeId gather(std::string_view name, const WeightView& table_ND, int ids, Stage stage);
    // out[t, d] = table[offset + t, d]                                   // [P, D] -> [T, D]
    NodeId table_rows(std::string_view name, const WeightView& table_PD, int sequence, int offset);
    // out[t, i] = sin or cos (even, odd i) of t / 10000^(2 floor(i/2) / d)        // -> [T, D]
    NodeId sinusoid(std::string_view name, int sequence, Axis width);
    NodeId alias(std::string_view name, NodeId x, Stage stage);
    NodeId add(std::string_view name, const std::vector<NodeId>& xs, Stage stage = Stage::kAdd);
    // Over the last axis; weight and bias may be absent.
    NodeId layer_norm(std::string_view name, NodeId x, const std::optional<WeightView>& weight_D,
                      const std::optional<WeightView>& bias_D, float epsilon,
                      Stage stage = Stage::kNormalise);
    // x [T, I] or [I] times weight (I, O) -> [T, O] or [O]; (I, H, K) -> [H, T, K]. The first axis
    // of the weight is the one that is summed over; the bias has the others.
    NodeId linear(std::string_view name, NodeId x, const WeightView& weight,
                  const std::optional<WeightView>& bias, Stage stage);
    NodeId split_heads(std::string_view name, NodeId x, int heads,
                       Stage stage);                      // [T, H*K] -> [H, T, K]
    NodeId merge_heads(std::string_view name, NodeId z);  // [H, T, K] -> [T, H*K]
    // q . k; key positions get the axis S.                     // [H, T, K] [Hkv, S, K] -> [H, T,
    // S]
    NodeId matmul_nt(std::string_view name, NodeId q, NodeId k);
    NodeId scale(std::string_view name, NodeId x, float factor, std::string text);
    NodeId mask(std::string_view name, NodeId x, MaskRule rule, int offset = 0);
    NodeId softmax(std::string_view name, NodeId x, Stage stage = Stage::kSoftmax);
    NodeId normalise_sum(std::string_view name, NodeId x);
    // pattern times values.                                    // [H, T, S] [Hkv, S, K] -> [H, T,
    // K]
    NodeId matmul(std::string_view name, NodeId pattern, NodeId v);
    NodeId activation(std::string_view name, NodeId x, Activation activation, Stage stage);
    NodeId take_row(std::string_view name, NodeId x, int row, Stage stage);  // [T, D] -> [D]
    // q[h, t, k] + k[h, s, k] for every pair                    // [H, T, K] [H, S, K] -> [H, T, S,
    // K]
    NodeId pair_sum(std::string_view name, NodeId q, NodeId k);
    // sum_k weight[k] x[h, t, s, k]                                    // [H, T, S, K] [K] -> [H,
    // T, S]
    NodeId dot_weight(std::string_view name, NodeId x, const WeightView& weight_K);

    // A node of `shape` whose values come from a trace file.
    NodeId recorded(std::string_view name, Shape shape, Stage stage, ValueKind kind, int layer);

    // Declares an attention out of the nodes "<name>.q", "<name>.k" ... built before under the open
    // block; `out` is the node after the output projection.
    void attention_site(std::string_view name, std::optional<NodeId> out);

    const Shape& shape(NodeId id) const;
    std::shared_ptr<const Graph> build();  // the builder is empty afterwards

  private:
    NodeId push(std::string_view name, Op op, std::vector<Operand> operands, Shape shape,
                Stage stage, Attributes attributes = {}, ValueKind kind = ValueKind::kSigned);
    Operand operand(const WeightView& view);
    static Operand operand(NodeId node) { return {OperandKind::kNode, node}; }

    std::shared_ptr<Graph> graph_;
    std::string prefix_;
    int layer_ = -1;
};

}  // namespace heed
