// The pattern as roads from the word that looks to the word that is looked at.
#pragma once

#include <optional>

#include "app/views/attention.h"

namespace heed::app {

// What is emphasised: a row and a column of what is shown; -1: none.
struct LinesPicture {
    const AttentionData& data;
    CellIndex chosen{-1, -1};    // what is locked
    CellIndex preview{-1, -1};   // under the mouse, here or in the heatmap
    CellIndex label_at{-1, -1};  // of the selection: its labels are strong
    float high = 1;              // widths are shares of it
};

// What the mouse does with the labels.
struct LinesHit {
    std::optional<int> hovered_query;
    std::optional<int> hovered_key;
    std::optional<int> query;  // clicked
    std::optional<int> key;
};
LinesHit draw_attention_lines(UiContext& ui, const AttentionLayout& layout,
                              const LinesPicture& picture);

}  // namespace heed::app
