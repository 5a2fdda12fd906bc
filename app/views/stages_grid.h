// One matrix of a stage, drawn: numbers on colour, labels, what is chosen.
#pragma once

#include "app/ui/widgets.h"
#include "app/views/stages.h"

namespace heed::app {

struct GridPicture {
    std::string_view id;  // of the items: "<id>/cell[r,c]"
    const StagePart& part;
    const PartPlace& place;
    const PartValues& values;
    ColourScale scale{};
    int decimals = 2;
    bool is_weights = false;  // ".69"
    int chosen_row = -1;      // outlined in `row_colour`, as drawn
    int chosen_column = -1;
    Colour row_colour{0, 0, 0, 0};  // transparent: no outline
    Colour column_colour{0, 0, 0, 0};
    bool marks_cell = false;  // where both meet
};

struct GridHit {
    std::optional<int> hovered_row;  // of a cell, with hovered_column
    std::optional<int> hovered_column;
    bool was_clicked = false;
    std::optional<int> clicked_row;  // its label
    std::optional<int> clicked_column;
    Rect cell;  // that is hovered
};

// Without a chosen row or column (-1) nothing is outlined. `text_key` tells pictures of many cells
// apart.
GridHit draw_grid(UiContext& ui, const EquationLayout& layout, const GridPicture& picture);

// What a part is drawn with: its palette, decimals, and the widest of its numbers.
struct PartLook {
    ColourScale scale{};
    int decimals = 2;
    bool is_weights = false;
    std::string widest;
};
PartLook look_of(const Trace& trace, const StagePart& part, const PartValues& values,
                 const AxisSight& rows, const AxisSight& columns);

}  // namespace heed::app
