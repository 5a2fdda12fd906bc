// THE table of operations. A row holds all that heed knows of an op: what it is called, its
// formula, its CPU kernel, how a cell of it is explained, its shader and its derivative. It stands
// here and not in graph/, because the rows point at the kernels and a layer includes only what is
// above it.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "core/graph/explanation.h"
#include "core/graph/graph.h"

namespace heed {

// Rows of a node's values, wherever they lie: row(outer, row) points at `cols` contiguous floats.
// Indices are those of the whole node even where only a block is held.
struct Block {
    const float* data = nullptr;
    std::ptrdiff_t outer_stride = 0;
    std::ptrdiff_t row_stride = 0;
    int outer_begin = 0;
    int row_begin = 0;

    const float* row(int outer, int row) const {
        return data + (outer - outer_begin) * outer_stride + (row - row_begin) * row_stride;
    }
};

struct MutableBlock {
    float* data = nullptr;
    std::ptrdiff_t outer_stride = 0;
    std::ptrdiff_t row_stride = 0;
    int outer_begin = 0;
    int row_begin = 0;

    float* row(int outer, int row) const {
        return data + (outer - outer_begin) * outer_stride + (row - row_begin) * row_stride;
    }
};

// One operand as a kernel sees it; only the members of its kind are set.
struct OperandValue {
    OperandKind kind = OperandKind::kNode;
    Block block;                       // kNode
    const WeightView* view = nullptr;  // kWeight
    const float* values = nullptr;     // kWeight: of the whole tensor
    std::span<const int> ids;          // kInput: one for each position
    std::span<const float> numbers;    // kInput: an array, row-major
};

struct KernelArgs {
    const Graph& graph;
    const Node& node;
    std::span<const OperandValue> operands;
    MutableBlock out;

    const Shape& operand_shape(int i) const;  // of a node operand
};

// Computes the cells of `box` and writes no others. May be called for several boxes at once, from
// several threads. A cell's bits do not depend on the box it is computed in, so that any part of a
// node can be computed again.
using Kernel = void (*)(const KernelArgs& args, const Box& box);

// Reads the numbers that an explanation quotes.
class CellReader {
  public:
    virtual ~CellReader() = default;
    virtual const Graph& graph() const = 0;
    virtual const WeightStore& weights() const = 0;
    virtual float node_value(NodeId node, const std::vector<int>& index) const = 0;
    // The id at [t], or the number at the array's index.
    virtual float input_value(int input, const std::vector<int>& index) const = 0;
};

struct ExplainArgs {
    const CellReader& reader;
    const Node& node;
    const std::vector<int>& index;

    Cell node_cell(int operand, std::vector<int> index) const;  // a cell of a node operand
    Cell weight_cell(int operand, const std::vector<int>& view_index) const;  // in the file's axes
    Cell input_cell(int operand, std::vector<int> index) const;
    float value(int operand, const std::vector<int>& index) const;  // of a node or weight operand
};

// Fills in terms, steps, how, and for functions `numbers`; the caller has set cell and formula.
using Explain = void (*)(const ExplainArgs& args, Explanation& out);

// How the executor cuts a node into pieces of work.
enum class Tiling {
    kRows,     // whole rows
    kProduct,  // rows and columns of a product, by the work they are
};

struct OpRow {
    Op op;
    const char* name;
    // {out} {a} {b}: names with their axis letters; {all} {rows} {bias} {affine}: those of several
    // operands; {sum} {last}: the letter summed over, the last one; {id} {pixel}: what an input
    // says; {text}: what the attributes say.
    const char* formula;
    Kernel kernel;
    Explain explain;
    const char* shader;      // the main one of its files in shaders/; nullptr where it needs none
    const char* on_cpu;      // why it needs none; nullptr where it has one
    const char* derivative;  // nullptr: not there yet
    Tiling tiling;
    // Row (outer, t) of the output needs only row (outer, t) of operand 0, so that operand may be
    // recomputed on demand.
    bool is_row_aligned;
    // May be left out of memory and recomputed by rows.
    bool can_be_derived;
};

const OpRow& op_row(Op op);

// "z[h,t,k] = sum_s pattern[h,t,s] * v[h,s,k]"
std::string formula_text(const Graph& graph, const Node& node);

// Pieces of work that together are the node; where they are whole rows, at least `min_rows` of
// them.
std::vector<Box> tile_node(const Graph& graph, const Node& node, int min_rows = 1);

// Opens a cell of a node.
Explanation explain_cell(const CellReader& reader, NodeId node, const std::vector<int>& index);

// A number as it stands in formulas: four decimals, or an exponent where that says nothing; "-inf".
std::string format_value(double value);

}  // namespace heed
