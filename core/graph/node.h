// One named intermediate of the forward pass, as data.
#pragma once

#include <string>
#include <vector>

#include "core/tensor/shape.h"

namespace heed {

using NodeId = int;

// What a node does with its operands. Each is a row of the op table (core/ops/op_table.h).
enum class Op {
    kGather,        // row of a table for each id
    kTableRows,     // rows offset, offset + 1, ... of a table
    kSinusoid,      // sine and cosine of the positions
    kAlias,         // the same numbers under another name
    kAdd,           // sum of its operands
    kLayerNorm,     // Ba, Kiros, Hinton 2016
    kLinear,        // product with a weight matrix, and a bias
    kSplitHeads,    // [T, H*K] as [H, T, K]
    kMergeHeads,    // [H, T, K] as [T, H*K]
    kMatmulNt,      // queries times keys
    kScale,         // times a constant
    kMask,          // -inf where a key may not be seen
    kSoftmax,       // over the last axis
    kNormaliseSum,  // over the sum of the last axis
    kMatmul,        // pattern times values
    kActivation,    // a function of each cell
    kTakeRow,       // one row
    kPairSum,       // q[t] + k[s] for each pair (additive attention)
    kDotWeight,     // product of the last axis with a weight vector
    kRecorded,      // read from a trace file; how it was computed is not known
};
constexpr int kOpCount = static_cast<int>(Op::kRecorded) + 1;

// What a class calls the step.
enum class Stage {
    kEmbed,
    kPosition,
    kNormalise,
    kProject,
    kScore,
    kScale,
    kMask,
    kSoftmax,
    kWeigh,
    kConcatenate,
    kProjectOut,
    kAdd,
    kFeedForward,
    kUnembed,
};
// "project q k v"
const char* stage_name(Stage stage);

// How the values of a node are to be coloured and written.
enum class ValueKind {
    kSigned,       // around 0
    kProbability,  // in [0, 1]
};

enum class Activation { kGeluErf, kGeluTanh, kRelu, kSilu, kTanh, kQuickGelu, kSigmoid };
// "gelu (erf)"
const char* activation_name(Activation activation);

// Which keys s a query t may see.
enum class MaskRule {
    kNone,    // all
    kCausal,  // s <= t + mask_offset
};

// What the ops need besides operands. Each op reads only its own fields.
struct Attributes {
    float scale = 1;         // kScale
    std::string scale_text;  // kScale: "1 / sqrt(32)"
    float epsilon = 0;       // kLayerNorm
    int offset = 0;          // kTableRows: row of position 0; kTakeRow: the row
    int group = 1;           // kMatmulNt, kMatmul: query heads per key head
    MaskRule mask = MaskRule::kNone;
    int mask_offset = 0;
    Activation activation = Activation::kRelu;
};

// True where query `t` may see key `s`.
inline bool mask_allows(const Attributes& attributes, int t, int s) {
    return attributes.mask == MaskRule::kNone || s <= t + attributes.mask_offset;
}

enum class OperandKind { kNode, kWeight, kInput };

// One operand: a node, a weight view or an input of the graph, by its number there.
struct Operand {
    OperandKind kind = OperandKind::kNode;
    int id = -1;
    bool operator==(const Operand&) const = default;
};

struct Node {
    std::string name;  // "blocks.3.attn.pattern"
    Op op = Op::kAlias;
    std::vector<Operand> operands;
    Shape shape;
    Stage stage = Stage::kEmbed;
    ValueKind kind = ValueKind::kSigned;
    int layer = -1;  // -1 outside the blocks
    Attributes attributes;
};

// A shape seen as `outer` matrices of `rows` x `cols`: the last axis is the columns, the one before
// it the rows, all others together outer.
struct MatrixExtents {
    int outer = 1;
    int rows = 1;
    int cols = 1;
};
MatrixExtents matrix_extents(const Shape& shape);

// A block of such a node, half-open.
struct Box {
    int outer_begin = 0;
    int outer_end = 0;
    int row_begin = 0;
    int row_end = 0;
    int col_begin = 0;
    int col_end = 0;

    int outers() const { return outer_end - outer_begin; }
    int rows() const { return row_end - row_begin; }
    int cols() const { return col_end - col_begin; }
    bool operator==(const Box&) const = default;
};
Box whole_box(const Shape& shape);

}  // namespace heed
