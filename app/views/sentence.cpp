#include "app/views/sentence.h"

#include "app/ui/widgets.h"

namespace heed::app {

ViewResult draw_sentence_view(const Trace&, const Selection&, const Rect& rect, SentenceViewState&,
                              UiContext& ui) {
    card(ui, rect);
    return {};
}

}  // namespace heed::app
