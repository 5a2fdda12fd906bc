// One stage of the pass: the matrices that go into a node as small pictures, what comes out of it
// large, as numbers on colour. Knows graphs, no family.
//
// Draws its own card into the whole of `rect`; which stage is shown follows from the selected
// node. Items: view/stages/cell[r,c], row[r], column[c] of the large matrix;
// view/stages/node[NAME] for each small picture; title, shape, formula, caption, legend.
#pragma once

#include "app/views/matrix.h"
#include "app/views/view.h"

namespace heed::app {

// What the strip over the large matrix shows, from the left.
struct StageParts {
    std::vector<NodeId> inputs;
    std::string joint;            // between two inputs: "+", "·", "×"
    std::string arrow;            // over the arrow: "softmax"
    std::vector<NodeId> outputs;  // the node, among those made beside it out of the same input
};
StageParts list_stage_parts(const Graph& graph, NodeId node);

struct StageLayout {
    Rect title;
    Rect formula;
    std::vector<Rect> inputs;  // places of the small pictures; empty where there is no room
    std::vector<Rect> outputs;
    std::vector<Rect> joints;
    Rect arrow;
    MatrixLayout matrix;
    Rect caption;
    Rect legend;
};

struct StageRequest {
    Rect inside;  // of the card
    const StageParts& parts;
    const MatrixAxis& rows;
    const MatrixAxis& columns;
    std::string_view widest_number;
};
StageLayout layout_stage(const UiContext& ui, const StageRequest& request);

ViewResult draw_stages_view(const Trace& trace, const Selection& selection, const Rect& rect,
                            StagesViewState& state, UiContext& ui);

}  // namespace heed::app
