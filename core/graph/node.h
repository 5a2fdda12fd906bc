// One named intermediate of the forward pass, as data.
#pragma once

#include <cstdlib>
#include <memory>
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
    kRmsNorm,       // Zhang, Sennrich 2019
    kRotary,        // pairs of columns turned by the position (Su et al. 2021)
    kGate,          // a function of one operand's cell, times the other's
    kSoftCap,       // c tanh(x / c)
    kAlibi,         // plus a slope times the key's position (Press et al. 2021)
    kBucketBias,    // plus a learned number for the distance (Raffel et al. 2020)
    kConcatRows,    // rows of several tables, one after the other
    kTakeRows,      // some rows
    kPickRow,       // the row that an input names
    kZeros,         // an empty memory
    kPatches,       // a picture cut into pieces (Dosovitskiy et al. 2021)
    kHeadBias,      // plus a vector of each head
    kDistanceDots,  // queries times a vector for each distance (Dai et al. 2019)
    kClusterEmbed,  // row of a cluster's table for each id, times the cluster's map
    kLogSoftmax,
    kConcatColumns,    // columns of several nodes, one after the other
    kClusterLogprobs,  // of a word: its cluster's and its own in there (Grave et al. 2017)
    kMeanRows,         // of all rows
};
constexpr int kOpCount = static_cast<int>(Op::kMeanRows) + 1;

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
    kWindow,  // t + mask_offset - window < s <= t + mask_offset
    kBand,    // |t - s| <= window
};

// How positions turn pairs of columns: pair i by the angle t * frequencies[i].
struct RotaryRule {
    std::vector<double> frequencies;  // one for each pair; columns beyond 2 * size() stay
    bool is_interleaved = false;      // pairs (0, 1), (2, 3) ...; else (i, i + size())
    double scale = 1;                 // of cosines and sines (YaRN's attention factor)

    bool operator==(const RotaryRule&) const = default;
};

// The cosines and sines of a rule for each position, with its scale.             // [T, pairs]
struct RotaryTable {
    std::vector<float> cosines;
    std::vector<float> sines;
};
RotaryTable make_rotary_table(const RotaryRule& rule, int length);

// Which row of a table a distance belongs to (T5: near ones each their own, far ones by their
// logarithm).
struct BucketRule {
    int buckets = 32;
    int max_distance = 128;
    bool is_two_sided = false;  // half of the buckets for keys after the query

    // The bucket of key position s for query position t.
    int bucket(int t, int s) const;
};

// How a table of sines and cosines is laid out.
struct SinusoidRule {
    bool has_halves = false;  // all sines, then all cosines; else by turns
    int clamp = 0;            // positions beyond it count as it; 0: none do

    // The position that row `t` stands for.
    int position(int t) const { return clamp > 0 && t > clamp ? clamp : t; }
};

// A piece of a picture, in pixels.
struct PatchSize {
    int height = 1;
    int width = 1;
};

// What the ops need besides operands. Each op reads only its own fields.
struct Attributes {
    float scale = 1;          // kScale
    std::string scale_text;   // kScale: "1 / sqrt(32)"
    float epsilon = 0;        // kLayerNorm, kRmsNorm
    float weight_offset = 0;  // kRmsNorm: added to the weight (Gemma: 1)
    int offset = 0;           // kTableRows, kTakeRows: the first row; kTakeRow: the row;
                              // kDistanceDots: keys before the first query
    int group = 1;            // kMatmulNt, kMatmul: query heads per key head
    MaskRule mask = MaskRule::kNone;
    int mask_offset = 0;
    int window = 0;                             // kWindow, kBand
    Activation activation = Activation::kRelu;  // kActivation, kGate
    float cap = 0;                              // kSoftCap
    RotaryRule rotary;                          // kRotary
    std::shared_ptr<const RotaryTable> turns;   // kRotary: of the rule; shared between layers
    std::vector<float> slopes;                  // kAlibi: one for each head
    bool has_coarse_bias = false;               // kAlibi: slope, s, product rounded to bfloat16
    BucketRule buckets;                         // kBucketBias
    SinusoidRule sinusoid;                      // kSinusoid
    PatchSize patch;                            // kPatches
    std::vector<int> clusters;                  // kCluster...: first word of each
};

// True where query `t` may see key `s`.
inline bool mask_allows(const Attributes& attributes, int t, int s) {
    switch (attributes.mask) {
        case MaskRule::kNone:
            return true;
        case MaskRule::kCausal:
            return s <= t + attributes.mask_offset;
        case MaskRule::kWindow:
            return s <= t + attributes.mask_offset &&
                   s > t + attributes.mask_offset - attributes.window;
        case MaskRule::kBand:
            return std::abs(t - s) <= attributes.window;
    }
    return true;
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
