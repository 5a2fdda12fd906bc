// The neuron view.
#pragma once

#include "app/views/view.h"

namespace heed::app {

ViewResult draw_neuron_view(const Trace& trace, const Selection& selection, const Rect& rect,
                            NeuronViewState& state, UiContext& ui);

}  // namespace heed::app
