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
    // Pieces of a picture, row by row.
    int patches(std::string name, const PatchGrid& grid);
    // A sequence put together from parts, which may be of sequences declared later.
    int joined(std::string name, std::vector<SequencePart> parts);
    int ids(std::string name, int sequence, int limit);  // an input; gives its number
    int numbers(std::string name, Shape shape);          // an input; gives its number

    // Names until end_stack() begin with `name` and a dot: "encoder". Stacks do not nest.
    void begin_stack(std::string_view name);
    void end_stack();
    // Opens "blocks.<layer>."; names until end_block() are inside it.
    void begin_block(int layer);
    void end_block();

    // out[t, d] = table[ids[t], d]                                       // [N, D] -> [T, D]
    NodeId gather(std::string_view name, const WeightView& table_ND, int ids, Stage stage);
    // out[t, d] = table[offset + t, d]                                   // [P, D] -> [T, D]
    NodeId table_rows(std::string_view name, const WeightView& table_PD, int sequence, int offset);
    // out[t, i] = sin or cos (even, odd i) of t / 10000^(2 floor(i/2) / d)        // -> [T, D]
    NodeId sinusoid(std::string_view name, int sequence, Axis width, const SinusoidRule& rule = {});
    // out[t, d] = sum_e table_c[id - first_c, e] map_c[e, d], c the id's cluster; clusters[c] is
    // its first id.                                            // [N_c, E_c] (E_c, D) -> [T, D]
    struct Cluster {
        WeightView table_NE;
        WeightView map_ED;
    };
    NodeId cluster_embed(std::string_view name, const std::vector<Cluster>& clusters, int ids);
    // Pieces of an input [C, Y, X], row by row, each as a row (c, y, x).       // -> [T, C*Y*X]
    NodeId patches(std::string_view name, int numbers, int sequence, const PatchSize& patch);
    // Rows of nodes and weights [N_i, D] one after the other; `sequence` has as many.
    struct Rows {
        Rows(NodeId id) : node(id) {}
        Rows(WeightView view) : weight(std::move(view)) {}
        NodeId node = -1;
        std::optional<WeightView> weight;
    };
    NodeId concat_rows(std::string_view name, int sequence, const std::vector<Rows>& parts);
    // Columns of nodes [T, D_i] one after the other; the axis is called as the first one's.
    NodeId concat_columns(std::string_view name, const std::vector<NodeId>& parts);
    NodeId take_rows(std::string_view name, NodeId x, int sequence, int first);
    NodeId zeros(std::string_view name, int sequence, Axis width);
    NodeId alias(std::string_view name, NodeId x, Stage stage);
    NodeId add(std::string_view name, const std::vector<NodeId>& xs, Stage stage = Stage::kAdd);
    // Over the last axis; weight and bias may be absent.
    NodeId layer_norm(std::string_view name, NodeId x, const std::optional<WeightView>& weight_D,
                      const std::optional<WeightView>& bias_D, float epsilon,
                      Stage stage = Stage::kNormalise);
    // x / sqrt(mean(x^2) + epsilon) over the last axis, times weight + weight_offset.
    NodeId rms_norm(std::string_view name, NodeId x, const std::optional<WeightView>& weight_D,
                    float epsilon, float weight_offset = 0, Stage stage = Stage::kNormalise);
    // Turns pairs of columns of [H, T, K] by their position.
    NodeId rotary(std::string_view name, NodeId x, RotaryRule rule);
    // activation(gate) * up, cell by cell.
    NodeId gate(std::string_view name, NodeId gate, NodeId up, Activation activation, Stage stage);
    NodeId soft_cap(std::string_view name, NodeId x, float cap, Stage stage);
    // Scores [H, T, S] plus slopes[h] * s; `is_coarse`: all three rounded to bfloat16 (Falcon).
    NodeId alibi(std::string_view name, NodeId x, std::vector<float> slopes,
                 bool is_coarse = false);
    // Scores [H, T, S] plus table[bucket(t, s), h].                             // [buckets, H]
    NodeId bucket_bias(std::string_view name, NodeId x, const WeightView& table_BH,
                       const BucketRule& rule);
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
    NodeId scale(std::string_view name, NodeId x, float factor, std::string text,
                 Stage stage = Stage::kScale);
    NodeId mask(std::string_view name, NodeId x, MaskRule rule, int offset = 0);
    // kWindow or kBand of `window` keys.
    NodeId mask_window(std::string_view name, NodeId x, MaskRule rule, int window, int offset = 0);
    NodeId softmax(std::string_view name, NodeId x, Stage stage = Stage::kSoftmax);
    NodeId normalise_sum(std::string_view name, NodeId x);
    // pattern times values.                                    // [H, T, S] [Hkv, S, K] -> [H, T,
    // K]
    NodeId matmul(std::string_view name, NodeId pattern, NodeId v);
    NodeId activation(std::string_view name, NodeId x, Activation activation, Stage stage);
    NodeId take_row(std::string_view name, NodeId x, int row, Stage stage);  // [T, D] -> [D]
    // The row that the first id of an input names; [T, D] -> [D].
    NodeId pick_row(std::string_view name, NodeId x, int ids, Stage stage);
    NodeId head_bias(std::string_view name, NodeId x, const WeightView& bias_HK);
    // q[h, t] . r[h, t + keys_before - s], 0 for keys s after that; the axis S is that of k.
    // [H, T, K] [H, R, K] -> [H, T, S]
    NodeId distance_dots(std::string_view name, NodeId q, NodeId r, NodeId k, int keys_before);
    NodeId log_softmax(std::string_view name, NodeId x, Stage stage);
    // Of each word: head[t, v] in the first cluster, else head of its cluster plus its tail's.
    NodeId cluster_logprobs(std::string_view name, NodeId head, const std::vector<NodeId>& tails,
                            std::vector<int> clusters, Axis vocabulary);
    // q[h, t, k] + k[h, s, k] for every pair                    // [H, T, K] [H, S, K] -> [H, T, S,
    // K]
    NodeId pair_sum(std::string_view name, NodeId q, NodeId k);
    // The last axis of x times a weight, plus the only number of a bias: [..., K] [K] [1] -> [...].
    NodeId dot_weight(std::string_view name, NodeId x, const WeightView& weight_K,
                      const std::optional<WeightView>& bias = std::nullopt,
                      Stage stage = Stage::kScore);
    NodeId mean_rows(std::string_view name, NodeId x, Stage stage);  // [T, D] -> [D]

    // A node of `shape` whose values come from a trace file.
    NodeId recorded(std::string_view name, Shape shape, Stage stage, ValueKind kind, int layer);

    // Declares an attention out of the nodes "<name>.q", "<name>.k" ... built before under the open
    // block; `out` is the node after the output projection.
    void attention_site(std::string_view name, std::optional<NodeId> out,
                        AttentionKind kind = AttentionKind::kSelf);

    const Shape& shape(NodeId id) const;
    int length(int sequence) const { return positions(sequence).extent; }
    std::shared_ptr<const Graph> build();  // the builder is empty afterwards

  private:
    NodeId push(std::string_view name, Op op, std::vector<Operand> operands, Shape shape,
                Stage stage, Attributes attributes = {}, ValueKind kind = ValueKind::kSigned);
    Operand operand(const WeightView& view);
    static Operand operand(NodeId node) { return {OperandKind::kNode, node}; }

    std::shared_ptr<Graph> graph_;
    Axis positions(int sequence) const;  // the axis T of a sequence
    std::shared_ptr<const RotaryTable> turns(const RotaryRule& rule, int length);
    void update_prefix();
    void check_parts() const;

    // Tables of the rules so far: layers share them.
    struct Turns {
        RotaryRule rule;
        int length = 0;
        std::shared_ptr<const RotaryTable> table;
    };
    std::vector<Turns> turns_;
    std::string stack_;   // "encoder.", or empty
    std::string prefix_;  // of names: the stack and the block
    int layer_ = -1;
};

}  // namespace heed
