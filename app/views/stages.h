// The pass of the chosen layer and head in order, as numbers on colour.
#pragma once

#include "app/views/view.h"

namespace heed::app {

ViewResult draw_stages_view(const Trace& trace, const Selection& selection, const Rect& rect,
                            StagesViewState& state, UiContext& ui);

}  // namespace heed::app
