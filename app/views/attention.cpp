#include "app/views/attention.h"

#include "app/ui/widgets.h"

namespace heed::app {

ViewResult draw_attention_view(const Trace&, const Selection&, const Rect& rect,
                               AttentionViewState&, UiContext& ui) {
    card(ui, rect);
    return {};
}

}  // namespace heed::app
