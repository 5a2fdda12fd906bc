// The weights of one head as roads from the word that looks to the word that is looked at.
#pragma once

#include <vector>

#include "app/views/attention.h"

namespace heed::app {

// The strongest lines of all queries, weakest first; few enough to be drawn in every frame.
std::vector<AttentionLine> choose_lines(const MatrixValues& weights);

// Returns a query or key that was clicked.
struct LinesHit {
    std::optional<int> query;
    std::optional<int> key;
};
LinesHit draw_attention_lines(UiContext& ui, const AttentionLayout& layout,
                              const MatrixPicture& picture,
                              const std::vector<AttentionLine>& lines);

}  // namespace heed::app
