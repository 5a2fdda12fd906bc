// Where a number of the attention view comes from: its tooltip, the cell that a click asks about,
// its numbers as a table.
#pragma once

#include "app/ui/figures.h"
#include "app/views/attention.h"

namespace heed::app {

// [h, t, s] of the pattern's cell that stands for a shown cell: its own, or the strongest of those
// behind it (of `head`, where that is one of the heads). Waits for the values.
std::vector<int> find_source(const Trace& trace, const AttentionData& data, CellIndex at, int head);

// Both wait as tooltips do. A cell names the cells behind it and what they add up to.
void draw_shown_tip(UiContext& ui, const Trace& trace, const AttentionData& data, CellIndex at,
                    const Rect& anchor);
void draw_label_tip(UiContext& ui, const AttentionData& data, bool is_row, int line,
                    const Rect& anchor);

// How a shown number comes from the pattern's cells: "mean_h pattern[h,t,s]".
std::string shown_formula(const AttentionData& data);

// The shown matrix.
NumberTable list_numbers(const Trace& trace, const AttentionData& data);

}  // namespace heed::app
