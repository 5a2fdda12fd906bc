// One stage of the pass: what goes in, what happens, what comes out, as numbers on colour. All
// words at once as matrices, or one word at a time (lecture.h). Which stage is shown follows from
// the selected node. Knows graphs, no family.
//
// Items: view/stages/cell[r,c], row[r], column[c] of the output; view/stages/PART/cell[r,c] of what
// goes in; view/stages/node[NAME] where a stage makes several nodes; title, shape, formula,
// changed, legend, page/....
#pragma once

#include <span>

#include "app/views/stage_parts.h"
#include "app/views/stage_words.h"
#include "app/views/view.h"

namespace heed::app {

// What is in sight of one axis.
struct AxisSight {
    int first = 0;
    int count = 0;
    int extent = 0;

    bool is_cut() const { return count < extent; }
    int end() const { return first + count; }
};

// Where a matrix lies.
struct PartPlace {
    Rect title;
    Rect row_band;     // labels of the rows, right-aligned; empty: they have none
    Rect column_band;  // over the columns
    Rect grid;
    AxisSight rows;
    AxisSight columns;
};

struct EquationLayout {
    std::vector<PartPlace> inputs;
    PartPlace output;
    std::optional<PartPlace> bias;
    std::vector<Rect> signs;
    Rect arrow;   // of a chain; its text stands over it
    Rect corner;  // of a product: room over the first input
    float cell_w = 0;
    float cell_h = 0;
    float gap = 0;
    float label_angle = 0;  // of words over columns, radians
    bool has_numbers = false;
    bool is_stacked = false;
    AxisSight inner;  // of a product: what is summed over

    // The cell at a row and column of a part, by their numbers in the matrix.
    Rect cell(const PartPlace& place, int row, int column) const;
};

struct EquationRequest {
    Rect inside;
    const StageEquation& equation;
    float number_w = 0;          // of the widest number, pixels
    bool keeps_numbers = false;  // rather shows fewer words
    int first_inner = 0;
    int first_row = 0;
    int first_column = 0;
};
EquationLayout layout_equation(const UiContext& ui, const EquationRequest& request);

struct StageLayout {
    Rect title;
    Rect nodes;    // choice among the stage's nodes; empty where it makes one
    Rect numbers;  // the button for fewer words with numbers
    Rect formula;
    Rect picture;  // of the equation or the lecture
    Rect code;     // empty where it is not shown
    Rect changed;
    Rect caption;  // empty where the card is low
    Rect legend;
    Rect pages;
};
struct StageRequest {
    Rect inside;  // of the card
    float nodes_w = 0;
    float numbers_w = 0;
    bool shows_code = false;
    bool is_plain = false;  // the picture has no legend, pages and formula of its own
};
StageLayout layout_stage(const UiContext& ui, const StageRequest& request);

ViewResult draw_stages_view(const Trace& trace, const Selection& selection, const Rect& rect,
                            StagesViewState& state, UiContext& ui);

}  // namespace heed::app
