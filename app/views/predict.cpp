#include "app/views/predict.h"

#include "app/ui/widgets.h"

namespace heed::app {

ViewResult draw_predict_view(const Trace&, const Selection&, const Rect& rect, PredictViewState&,
                             UiContext& ui) {
    empty_state(ui, "view/predict", card(ui, rect), "Predictions",
                "This model does not predict words.");
    return {};
}

}  // namespace heed::app
