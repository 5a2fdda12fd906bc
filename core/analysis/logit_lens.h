// What each layer would have said: its residual stream read by the end of the model. The rest of
// the graph after the last block is computed again with another layer's vectors in the place of the
// last block's; which nodes these are is found in the graph, no family is asked.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/analysis/ranks.h"
#include "core/base/progress.h"
#include "core/run/trace.h"

namespace heed {

// The outputs of a model that are read as a choice among words or labels.
struct Predictor {
    NodeId logits = -1;
    std::optional<NodeId> probs;   // absent where the scores are no distribution
    bool is_words = false;         // a choice among the vocabulary (V); else among labels (P)
    bool is_causal = false;        // the words are those that follow, not those that stand here
    bool is_per_position = false;  // a row for each position; else one for the whole sequence
};

// The predictors of a graph: those of words first, and of each kind the distributions.
std::vector<Predictor> find_predictors(const Graph& graph);

struct LensPlan {
    NodeId logits = -1;
    NodeId entry = -1;            // the last block's output, which the end of the model reads
    std::vector<NodeId> sources;  // what is put in its place: what enters the first block, then
                                  // each block's output; the last is `entry`
    std::vector<NodeId> rest;     // what is computed again, in order; the last is `logits`
    bool is_row_by_row = true;    // each row of `rest` needs only the same row of its operands
};

// nullopt where the model has no such end or its blocks are of different widths.
std::optional<LensPlan> find_lens_plan(const Graph& graph, NodeId logits);

struct LensRequest {
    int first = 0;  // positions [first, end)
    int end = 0;
    int top = 1;           // how many words of each cell
    std::vector<int> ids;  // words whose rank is wanted in every cell, beside the answer
};

// What one layer says at one position.
struct LensCell {
    std::vector<RankedEntry> top;
    RankedEntry answer;              // the word that the last layer puts first here
    std::vector<RankedEntry> asked;  // those of LensRequest::ids
};

struct LogitLens {
    std::vector<NodeId> sources;  // of each row
    int first = 0;                // position of the first column
    int columns = 0;
    std::vector<LensCell> cells;  // [sources, columns]

    const LensCell& cell(int row, int column) const {
        return cells[static_cast<std::size_t>(row * columns + column)];
    }
};

// Throws Error where the trace has no weights at hand; Cancelled.
LogitLens compute_logit_lens(const Trace& trace, const LensPlan& plan, const LensRequest& request,
                             const CancelToken& cancel);

// The logits (rows [first, end), all columns) with the vectors of `source` in the place of
// plan.entry: [end - first, V].
Tensor compute_lens_logits(const Trace& trace, const LensPlan& plan, NodeId source, int first,
                           int end, const CancelToken& cancel);

}  // namespace heed
