// All layers x heads as thumbnails out of one texture.
//
// Draws its own card into the whole of `rect`. Items: view/heads/head[L,H], title, note, facts
// (of the head under the mouse, else the chosen one).
#pragma once

#include "app/views/view.h"

namespace heed::app {

struct HeadsLayout {
    Rect title;
    Rect column_labels;  // numbers of the heads
    Rect row_labels;     // numbers of the layers
    Rect grid;
    float pitch = 0;  // from one thumbnail to the next
    float side = 0;   // of a thumbnail
    int label_step = 1;
    Rect facts;
    int layers = 0;
    int heads = 0;

    Rect thumbnail(int layer, int head) const;
};

// `layers` rows of `heads` thumbnails in the inside of a card.
HeadsLayout layout_heads(const UiContext& ui, const Rect& inside, int layers, int heads);

// Reads the whole pattern of one head.
HeadFacts compute_head_facts(const Trace& trace, NodeId pattern, int head);

ViewResult draw_heads_view(const Trace& trace, const Selection& selection, const Rect& rect,
                           HeadsViewState& state, UiContext& ui);

}  // namespace heed::app
