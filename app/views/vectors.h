// Context vectors beside the static embeddings they came from: what the layers did to each word.
//
// Draws its own card into the whole of `rect`. Items: view/vectors/token[i] (value: the cosine of
// the word's static and context vector), layer[L] (value: the chosen word's cosine with its static
// vector after layer L), static, context, legend-static, legend-context, caption.
#pragma once

#include "app/views/matrix.h"
#include "app/views/view.h"

namespace heed::app {

// The nodes that are compared: both [T, D] with the same extents.
struct VectorNodes {
    NodeId fixed = -1;         // the static embeddings
    NodeId context = -1;       // after the last layer
    std::vector<NodeId> path;  // the output of each layer
};
std::optional<VectorNodes> find_vector_nodes(const Graph& graph);

// The cosine of two rows of the two matrices; 0 where one of them has no length.
double compute_cosine(const float* a, const float* b, int count);

struct VectorsLayout {
    Rect title;
    Rect caption;
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
    int shown = 0;  // how many numbers of each vector
    Rect legends;
    Rect path_title;
    Rect path;  // the chosen word through the layers; empty where there is no room
};

VectorsLayout layout_vectors(const UiContext& ui, const Rect& inside, const MatrixAxis& words,
                             int width, int layers);

ViewResult draw_vectors_view(const Trace& trace, const Selection& selection, const Rect& rect,
                             VectorsViewState& state, UiContext& ui);

}  // namespace heed::app
