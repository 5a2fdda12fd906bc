// The predict view.
#pragma once

#include "app/views/view.h"

namespace heed::app {

ViewResult draw_predict_view(const Trace& trace, const Selection& selection, const Rect& rect,
                             PredictViewState& state, UiContext& ui);

}  // namespace heed::app
