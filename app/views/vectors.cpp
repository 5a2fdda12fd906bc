#include "app/views/vectors.h"

#include "app/ui/widgets.h"

namespace heed::app {

ViewResult draw_vectors_view(const Trace&, const Selection&, const Rect& rect, VectorsViewState&,
                             UiContext& ui) {
    card(ui, rect);
    return {};
}

}  // namespace heed::app
