// Context vectors beside the static embeddings they came from.
#pragma once

#include "app/views/view.h"

namespace heed::app {

ViewResult draw_vectors_view(const Trace& trace, const Selection& selection, const Rect& rect,
                             VectorsViewState& state, UiContext& ui);

}  // namespace heed::app
