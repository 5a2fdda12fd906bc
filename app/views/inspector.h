// The cell that is asked about: formula, formula with numbers, terms that lead on.
#pragma once

#include "app/views/view.h"

namespace heed::app {

ViewResult draw_inspector_view(const Trace& trace, const Selection& selection, const Rect& rect,
                               InspectorViewState& state, UiContext& ui);

}  // namespace heed::app
