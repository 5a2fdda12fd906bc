// A stage as matrices: what goes into a node, the signs between, what comes out. Pure; reads values
// where it is asked for them. It knows ops, no family.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/ui/colour.h"
#include "app/views/axes.h"
#include "app/views/matrix_values.h"

namespace heed::app {

// Where the numbers of a matrix come from.
enum class PartSource { kNode, kWeight, kIds, kPositions };
enum class PartRole { kPlain, kQuery, kKey, kValue };

struct StagePart {
    std::string id;    // in items: "view/stages/<id>/cell[r,c]"
    std::string name;  // "k\u1d40"
    PartSource source = PartSource::kNode;
    PartRole role = PartRole::kPlain;
    int number = -1;  // node, weight view or input
    int outer = 0;    // kNode: which of its matrices
    std::vector<int>
        fixed;  // kWeight: entries of the axes that are neither row nor column, -1 there
    bool is_transposed = false;   // drawn rows are the node's columns
    std::optional<int> only_row;  // one row of the matrix is meant
    int column_offset = 0;        // its column 0 belongs to this column of the output
    MatrixAxis rows;              // as drawn
    MatrixAxis columns;

    int row_count() const { return only_row ? 1 : rows.extent; }
};

// product: first input times second, laid out so that a row of the first and a column of the second
// meet in their cell of the output. chain: inputs with signs between, an arrow, the output.
struct StageEquation {
    bool is_product = false;
    std::vector<StagePart> inputs;
    std::string sign;               // between inputs of a chain: "+"
    std::string arrow;              // over the arrow of a chain: "softmax"
    std::optional<StagePart> bias;  // added to every row of a product
    StagePart output;
    NodeId node = -1;
    std::vector<int> cell;  // of the output that is chosen, as the node counts
};
StageEquation make_equation(const Trace& trace, const Selection& selection, NodeId node);

// The same for one word, the `query`th of `words`: matrices whose rows are words keep only its row.
// What is longer or shorter has more or fewer rows at its beginning (a memory, a row for the whole
// picture).
StageEquation keep_word(StageEquation equation, int query, int words);

// The numbers of a part, at hand for some frames.
class PartValues {
  public:
    float at(int row, int column) const;
    bool is_ready() const { return is_ready_; }
    // The largest finite magnitude: of the whole matrix for nodes, of what is asked for otherwise.
    float largest() const { return values_ != nullptr ? values_->largest() : largest_; }

  private:
    friend PartValues read_part(const Trace& trace, const StagePart& part,
                                std::uint64_t trace_number, int first_row, int end_row,
                                MatrixCache& cache);
    const StagePart* part_ = nullptr;
    const MatrixValues* values_ = nullptr;
    const float* weights_ = nullptr;
    std::ptrdiff_t row_stride_ = 0;
    std::ptrdiff_t column_stride_ = 0;
    std::span<const int> ids_;
    float largest_ = 0;
    bool is_ready_ = false;
};
// At least the drawn rows [first_row, end_row). `part` must outlive the result.
PartValues read_part(const Trace& trace, const StagePart& part, std::uint64_t trace_number,
                     int first_row, int end_row, MatrixCache& cache);

// The cell of the part's node or weight at a drawn row and column, as its source counts.
std::vector<int> part_cell(const Trace& trace, const StagePart& part, int row, int column);

}  // namespace heed::app
