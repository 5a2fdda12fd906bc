#include "app/window/view_table.h"

#include <array>

#include "app/views/attention.h"
#include "app/views/heads.h"
#include "app/views/inspector.h"
#include "app/views/neuron.h"
#include "app/views/predict.h"
#include "app/views/stages.h"
#include "app/views/vectors.h"
#include "app/window/panels.h"

namespace heed::app {

namespace {

ViewResult draw_attention(Document& document, const Rect& rect, UiContext& ui) {
    return draw_attention_view(*document.trace(), document.selection(), rect,
                               document.views.attention, ui);
}
ViewResult draw_heads(Document& document, const Rect& rect, UiContext& ui) {
    return draw_heads_view(*document.trace(), document.selection(), rect, document.views.heads, ui);
}
ViewResult draw_stages(Document& document, const Rect& rect, UiContext& ui) {
    return draw_stages_view(*document.trace(), document.selection(), rect, document.views.stages,
                            ui);
}
ViewResult draw_neuron(Document& document, const Rect& rect, UiContext& ui) {
    return draw_neuron_view(*document.trace(), document.selection(), rect, document.views.neuron,
                            ui);
}
ViewResult draw_vectors(Document& document, const Rect& rect, UiContext& ui) {
    return draw_vectors_view(*document.trace(), document.selection(), rect, document.views.vectors,
                             ui);
}
ViewResult draw_predict(Document& document, const Rect& rect, UiContext& ui) {
    return draw_predict_view(*document.trace(), document.selection(), rect, document.views.predict,
                             ui);
}
ViewResult draw_inspector(Document& document, const Rect& rect, UiContext& ui) {
    const AttentionViewState& attention = document.views.attention;
    const bool is_beside = attention.was_drawn || attention.is_in_sight;
    return draw_inspector_view(*document.trace(), document.selection(), rect,
                               document.views.inspector, ui, is_beside ? &attention : nullptr);
}

constexpr std::array kViews{
    ViewEntry{"attention", "Attention", "who looks at whom in one head", draw_attention},
    ViewEntry{"heads", "Heads", "every head of every layer", draw_heads},
    ViewEntry{"stages", "Stages", "the pass, step by step", draw_stages},
    ViewEntry{"neuron", "Neuron", "a score, dimension by dimension", draw_neuron},
    ViewEntry{"vectors", "Vectors", "words as vectors, before and after", draw_vectors},
    ViewEntry{"predict", "Predict", "what the model would say", draw_predict},
    ViewEntry{"inspector", "Why", "where a number comes from", draw_inspector},
};

constexpr bool has_names_of_panels() {
    for (std::size_t i = 0; i < kViews.size(); ++i) {
        if (kViews[i].name != kViewNames[i]) return false;
    }
    return kViews.size() == kViewNames.size();
}
static_assert(has_names_of_panels());

}  // namespace

std::span<const ViewEntry> all_views() {
    return kViews;
}

int find_view(std::string_view name) {
    for (std::size_t i = 0; i < kViews.size(); ++i) {
        if (kViews[i].name == name) return static_cast<int>(i);
    }
    return -1;
}

}  // namespace heed::app
