#include "app/views/stages.h"

#include "app/ui/widgets.h"

namespace heed::app {

ViewResult draw_stages_view(const Trace&, const Selection&, const Rect& rect, StagesViewState&,
                            UiContext& ui) {
    card(ui, rect);
    return {};
}

}  // namespace heed::app
