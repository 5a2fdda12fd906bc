// What the attention view shows, worked out of a trace and its options: the matrix with its words,
// how its cells are coloured, the lines. Made once for each change, in the frame where it is cheap,
// else by a job. Pure but for the asking.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/document/selection.h"
#include "app/ui/ui_context.h"
#include "app/views/axes.h"
#include "app/views/cell_scales.h"
#include "app/views/state/attention_state.h"
#include "core/analysis/shown_pattern.h"

namespace heed::app {

// The lines of one head, or of all that are looked at together.
struct LineSet {
    int head = -1;  // -1: of what the heatmap shows
    PatternMatrix values;
    std::vector<AttentionLine> lines;  // the strongest of all queries, weakest first
};

struct AttentionData {
    std::uint64_t trace_number = 0;
    int layer = 0;
    std::string part;  // what it is called beside its layer: "cross"; empty where there is one
    PatternRequest request;
    Pattern pattern;
    ShownPattern shown;
    std::vector<TokenLabel> row_labels;
    std::vector<TokenLabel> column_labels;
    std::vector<int> row_positions;  // the first of each row
    std::vector<int> column_positions;
    std::optional<MatrixValues> values;  // of `shown`; absent where nothing is shown
    std::optional<MatrixValues> blocked;
    CellScales scales;
    std::vector<LineSet> lines;
    bool is_plain = true;  // every cell is a cell of the trace
    bool is_whole = true;  // every position is shown

    MatrixAxis rows() const;
    MatrixAxis columns() const;
};

// What is asked for: options and selection together.
PatternRequest request_pattern(const AttentionSite& site, const Selection& selection,
                               const AttentionOptions& options);

// Waits for the trace's values.
AttentionData make_attention_data(const Trace& trace, const AttentionSite& site,
                                  const PatternRequest& request, const AttentionOptions& options,
                                  const CancelToken& cancel = CancelToken());

// The data of this frame; null while they are made. The request has an answer.
std::shared_ptr<const AttentionData> get_attention_data(const Trace& trace,
                                                        const AttentionSite& site,
                                                        const PatternRequest& request,
                                                        AttentionViewState& state, UiContext& ui);

// The strongest lines of all queries, weakest first: those from `threshold` times `high` on, or
// those that together hold all but the share `threshold` of each row; at most `most`.
std::vector<AttentionLine> choose_lines(const PatternMatrix& values,
                                        const AttentionOptions& options, float high);

// "Layer 3 · head 2", "Layer 3 · mean of 6 heads"
std::string attention_title(const AttentionData& data);
// "who looks at whom", "weight · |v W_O|"
// The same in a few letters: "cross 0.2".
std::string attention_short_title(const AttentionData& data);
std::string attention_subtitle(const AttentionData& data);

// The position `by` steps on among what the view shows; without data the position itself moved.
int step_shown_query(const AttentionViewState& state, int position, int by);
int step_shown_key(const AttentionViewState& state, int position, int by);

}  // namespace heed::app
