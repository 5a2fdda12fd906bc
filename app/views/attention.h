// One head as a heatmap: who looks at whom. Rows are queries, columns keys; beside it the same
// weights as lines, where there is room.
//
// Draws its own card into the whole of `rect`. Items: view/attention/cell[q,k] (value: the
// unrounded weight), row[q], column[k], legend, caption, lines, zoom-in, zoom-out.
#pragma once

#include "app/views/matrix.h"
#include "app/views/view.h"

namespace heed::app {

struct AttentionLayout {
    Rect title;
    Rect lines_button;  // empty where there is no room for lines
    Rect zoom_out;      // empty where every cell holds its number
    Rect zoom_in;
    MatrixLayout matrix;
    Rect caption;
    Rect legend;
    Rect lines;         // the whole lines view; empty without one
    Rect line_queries;  // its labels at the left
    Rect line_keys;     // and at the right
};

struct AttentionRequest {
    Rect inside;  // of the card
    const MatrixAxis& queries;
    const MatrixAxis& keys;
    bool wants_lines = true;
    float zoom = 1;
};

AttentionLayout layout_attention(const UiContext& ui, const AttentionRequest& request);

ViewResult draw_attention_view(const Trace& trace, const Selection& selection, const Rect& rect,
                               AttentionViewState& state, UiContext& ui);

}  // namespace heed::app
