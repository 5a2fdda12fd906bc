// The vectors of words: what the layers did to each. Four ways to look: words (each word's static
// vector beside its vector in context), cosines (all words with each other, before and after), map
// (the plane of most variance, every word's way on it) and compare (a word that two sentences
// share).
//
// Draws its own card into the whole of `rect`. Items: view/vectors/mode/<mode>, layer, caption;
// words: token[i] (value: the cosine of its two vectors), step[i] (the chosen word's cosine with
// its static vector after step i), static, context; cosines: static/cell[i,j], context/cell[i,j];
// map: word[i] (where its vector is), static[i] (where its static one is), label[i], x-axis,
// y-axis (value: share of the variance); compare: shared[i], cosine[i,s] (of shared word i after
// step s, 0 static).
#pragma once

#include "app/views/matrix.h"
#include "app/views/state/vectors_state.h"
#include "app/views/vectors_space.h"
#include "app/views/view.h"

namespace heed::app {

// Title, controls and the room that is left for the picture.
struct VectorsFrame {
    Rect title;  // empty where there is no room
    Rect modes;
    Rect caption;
    Rect slider_label;  // empty, with the slider, where there is one step only
    Rect slider;
    Rect slider_value;
    std::vector<Rect> toggles;  // those that have room, in the order of list_toggles()
    Rect body;
};
// The switches that a mode has: names of options without "vectors.".
std::vector<std::string> list_toggles(VectorsMode mode);
VectorsFrame layout_vectors_frame(const UiContext& ui, const Rect& inside, VectorsMode mode,
                                  int steps);

struct VectorsWordsLayout {
    Rect headings;  // over the columns
    Rect list;      // one row for each word; scrolls
    float row_height = 0;
    bool scrolls = false;
    float label_w = 0;  // columns, as distances from the list's left edge and widths
    float fixed_x = 0;
    float context_x = 0;
    float strip_w = 0;
    float cosine_x = 0;
    float cosine_w = 0;
    int shown = 0;    // how many numbers of each vector
    Rect legends;     // empty where there is no room
    Rect bars_title;  // the chosen word, number by number; empty where there is no room
    Rect bars;
    Rect path_title;  // the chosen word through the layers; empty where there is no room
    Rect path;
};
VectorsWordsLayout layout_vectors_words(const UiContext& ui, const Rect& body,
                                        const MatrixAxis& words, int width, int steps);

struct VectorsCosinesLayout {
    Rect fixed_title;
    Rect context_title;
    MatrixLayout fixed;
    MatrixLayout context;
    Rect caption;
    Rect legend;
    Rect fixed_nearest;  // the words nearest to the chosen one; empty where there is no room
    Rect context_nearest;
};
VectorsCosinesLayout layout_vectors_cosines(const UiContext& ui, const Rect& body,
                                            const MatrixAxis& words);

struct VectorsMapLayout {
    Rect plot;
    Rect x_label;  // under the plot, after its numbers
    Rect y_label;  // left of it; its text runs upwards
    Rect x_numbers;
    Rect y_numbers;
    Rect note;   // what is seen of all, what the marks mean
    Rect reset;  // the button that shows all again
};
VectorsMapLayout layout_vectors_map(const UiContext& ui, const Rect& body);

struct VectorsCompareLayout {
    Rect chips;  // the shared words
    Rect chart_title;
    Rect chart;
    Rect chart_numbers;  // at its left
    Rect chart_steps;    // under it
    Rect map;            // empty where there is no room
};
VectorsCompareLayout layout_vectors_compare(const UiContext& ui, const Rect& body);

// How a plane is shown in a plot: the same scale on both axes.
struct MapView {
    Rect plot;
    double scale = 1;  // pixels for a unit
    double x = 0;      // of the plane, in the middle of the plot
    double y = 0;

    Point place(const WordPlane::Spot& spot) const;
};
// All points of the plane in sight, then moved and enlarged as the window says.
MapView fit_map(const WordPlane& plane, const Rect& plot, float margin, const MapWindow& window);

ViewResult draw_vectors_view(const Trace& trace, const Selection& selection, const Rect& rect,
                             VectorsViewState& state, UiContext& ui);

}  // namespace heed::app
