#include "app/views/inspector.h"

#include "app/ui/widgets.h"

namespace heed::app {

ViewResult draw_inspector_view(const Trace&, const Selection&, const Rect& rect,
                               InspectorViewState&, UiContext& ui) {
    card(ui, rect);
    return {};
}

}  // namespace heed::app
