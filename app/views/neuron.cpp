#include "app/views/neuron.h"

#include "app/ui/widgets.h"

namespace heed::app {

ViewResult draw_neuron_view(const Trace&, const Selection&, const Rect& rect, NeuronViewState&,
                            UiContext& ui) {
    empty_state(ui, "view/neuron", card(ui, rect), "q and k of a pair",
                "Choose two words in the heatmap.");
    return {};
}

}  // namespace heed::app
