#include "app/views/heads.h"

#include "app/ui/widgets.h"

namespace heed::app {

ViewResult draw_heads_view(const Trace&, const Selection&, const Rect& rect, HeadsViewState&,
                           UiContext& ui) {
    card(ui, rect);
    return {};
}

}  // namespace heed::app
