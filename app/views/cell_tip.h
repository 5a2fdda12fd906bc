// What every cell of every picture says when the mouse rests on it: node, index, exact value,
// formula.
#pragma once

#include <vector>

#include "app/ui/widgets.h"
#include "core/run/trace.h"

namespace heed::app {

// Call it in every frame while the cell is hovered; it waits.
void draw_cell_tip(UiContext& ui, const Trace& trace, NodeId node, const std::vector<int>& cell,
                   float value, const Rect& anchor);

// A formula as it is set: "*" a dot, "<=" one sign, "-inf" with its sign, "sqrt" a root.
std::string typeset_formula(std::string_view formula);

}  // namespace heed::app
