// The cell that is asked about: its value, its formula, the formula with numbers, and the terms it
// is made of, each leading on to its own cell.
//
// Draws its own card into the whole of `rect`. Items: view/inspector/cell, value, formula, numbers,
// step[i], term[i] (in the order shown, the largest first; value: its contribution, or its own
// value where the cell is a function), factor[i] (what it is multiplied by), leaf and origin[0]
// (under a number of a table: its tensor and the token id that chose its row). The explanation is
// made when the selection or the trace changes; until it is there, the one before stays.
#pragma once

#include "app/views/view.h"

namespace heed::app {

struct AttentionData;
struct AttentionViewState;

struct InspectorLayout {
    Rect title;
    Rect name;
    Rect value;
    Rect formula;
    Rect numbers;  // lines of the formula with numbers
    Rect steps;    // empty without steps
    Rect heading;  // over the columns of the list
    Rect list;
    float row_height = 0;
    // Columns, as distances from the left edge of the list and widths.
    float label_w = 0;
    float bar_x = 0;
    float bar_w = 0;
    float numbers_w = 0;  // both right-aligned at their right ends
    float result_w = 0;
    int formula_lines = 1;
    int number_lines = 1;
};

InspectorLayout layout_inspector(const UiContext& ui, const Rect& inside,
                                 const InspectorViewState& state);

// Makes explanation, lines and bars for the selected cell; says in `problem` why it cannot. False
// while the values are on their way: then all is as it was.
bool open_cell(const Trace& trace, const Selection& selection, InspectorViewState& state);

// Whether the attention view shows another number in the place of the selected cell: of several
// heads or pieces together.
bool is_shown_number(const Trace& trace, const Selection& selection, const AttentionData& data);
// The same of that number, explained by the cells of the pattern behind it.
bool open_shown(const Trace& trace, const Selection& selection, const AttentionData& data,
                InspectorViewState& state);
// The lines and bars of `state.explanation`.
void list_terms(const Trace& trace, InspectorViewState& state);

// `attention` as it is in sight, else null: where it shows means the mean is explained, and a press
// on a term leads to the cell of one head.
ViewResult draw_inspector_view(const Trace& trace, const Selection& selection, const Rect& rect,
                               InspectorViewState& state, UiContext& ui,
                               const AttentionViewState* attention = nullptr);

}  // namespace heed::app
