// One head as a heatmap: who looks at whom.
#pragma once

#include "app/views/view.h"

namespace heed::app {

ViewResult draw_attention_view(const Trace& trace, const Selection& selection, const Rect& rect,
                               AttentionViewState& state, UiContext& ui);

}  // namespace heed::app
