// All layers x heads as thumbnails out of one texture.
#pragma once

#include "app/views/view.h"

namespace heed::app {

ViewResult draw_heads_view(const Trace& trace, const Selection& selection, const Rect& rect,
                           HeadsViewState& state, UiContext& ui);

}  // namespace heed::app
