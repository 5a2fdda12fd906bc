// What the model would say: the words that may follow or fill a gap, or its labels, with
// probability, logit and rank; and what each layer would have said (the logit lens). The position
// is the chosen query.
//
// Draws its own card into the whole of `rect`. Items: view/predict/mode/<mode>, search, mask, jump;
// word[i] (value: the probability, of the node of probabilities where there is one), logit[i],
// rank[i] (1 is the likeliest); label[p,i] (entry i of predictor p beside the words); actual
// (the word that stands there); lens[row,i] and answer-rank[row] of the chosen position;
// layers[row,position] and layers-rank[row] of all positions.
#pragma once

#include <string>
#include <vector>

#include "app/views/axes.h"
#include "app/views/state/predict_state.h"
#include "app/views/view.h"

namespace heed::app {

struct PredictRequest {
    bool has_lens = false;
    bool has_search = false;
    bool has_mask = false;
    int other_labels = 0;  // rows of the predictors beside the words, titles included
    float jump_w = 0;      // of the buttons; 0: none
    float mask_w = 0;
    PredictMode mode = PredictMode::kList;
};
struct PredictFrame {
    Rect title;
    Rect modes;  // empty without a lens
    Rect caption;
    Rect actual;  // what stands there, and its rank
    Rect search;
    Rect mask;
    Rect jump;
    Rect list;    // empty in lens mode
    Rect lens;    // beside the list, or all the room; empty where there is none
    Rect labels;  // other predictors, under the list
};
PredictFrame layout_predict_frame(const UiContext& ui, const Rect& inside,
                                  const PredictRequest& request);

// The columns of the list, in a row of `width`.
struct PredictRow {
    Rect rank;
    Rect word;
    Rect bar;  // empty where there is no room
    Rect probability;
    Rect logit;
};
PredictRow layout_predict_row(const UiContext& ui, const Rect& row, bool has_probability);

// The table of the lens: layers down, words or positions across, the answer's rank at the right.
struct LensLayout {
    Rect title;
    Rect headings;  // above the window, moving with it sideways
    Rect labels;    // the layers, left of the window
    Rect window;    // the cells in sight
    Rect ranks;     // right of it
    Rect caption;
    Rect legend;
    float cell_w = 0;
    float cell_h = 0;
    bool scrolls = false;
};
LensLayout layout_lens(const UiContext& ui, const Rect& rect, int rows, int columns);

ViewResult draw_predict_view(const Trace& trace, const Selection& selection, const Rect& rect,
                             PredictViewState& state, UiContext& ui);

}  // namespace heed::app
