// The tokens of the sentence as chips.
#pragma once

#include "app/views/view.h"

namespace heed::app {

ViewResult draw_sentence_view(const Trace& trace, const Selection& selection, const Rect& rect,
                              SentenceViewState& state, UiContext& ui);

}  // namespace heed::app
