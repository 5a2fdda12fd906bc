#include "app/window/shell.h"

#include <imgui.h>

#include <algorithm>

#include "app/ui/widgets.h"
#include "app/views/sentence.h"
#include "app/window/panel_frame.h"
#include "app/window/shell_layout.h"
#include "app/window/view_table.h"

namespace heed::app {

namespace {

// The one line over the middle: an error, else the notes of the run; "" for nothing.
std::string banner_text(const Document& document) {
    if (!document.error().empty()) return document.error();
    std::string text;
    for (const std::string& note : document.notes())
        text += (text.empty() ? "" : " \u00b7 ") + note;
    return text;
}

void draw_banner(const Document& document, UiContext& ui, const Rect& rect) {
    const bool is_error = !document.error().empty();
    const Colour colour = is_error ? ui.theme.error : ui.theme.accent;
    fill(ui, rect, is_error ? mix(ui.theme.surface, ui.theme.error, 0.1F) : ui.theme.accent_soft,
         ui.px(8));
    fill(ui, {rect.x, rect.y, ui.px(4), rect.h}, colour, ui.px(2));
    draw_label(ui, is_error ? "banner/error" : "banner/note", {Type::kBody, ui.theme.ink},
               inset(rect, ui.px(16), 0), banner_text(document));
}

ViewResult draw_view(Document& document, const std::string& name, const Rect& rect, UiContext& ui) {
    return all_views()[static_cast<std::size_t>(find_view(name))].draw(document, rect, ui);
}

// Without a trace there is one card that says why.
void draw_nothing_yet(const Document& document, UiContext& ui, const Rect& rect) {
    card(ui, rect);
    if (document.is_busy()) {
        empty_state(ui, "centre", rect, "Opening " + document.model_name(), "One moment.");
    } else if (document.model() != nullptr) {
        empty_state(ui, "centre", rect, "Nothing to show yet", "Type a sentence above.");
    } else {
        empty_state(ui, "centre", rect, "No model is open", "Choose one at the top left.");
    }
}

void update_stages(const Document& document, ShellState& state) {
    const int layer = document.selection().layer;
    if (state.stages_of_trace == document.trace_number() && state.stages_of_layer == layer) return;
    state.stages_of_trace = document.trace_number();
    state.stages_of_layer = layer;
    state.stages = document.trace() == nullptr ? std::vector<StageEntry>{}
                                               : list_stages(document.trace()->graph(), layer);
}

ViewResult draw_panels(Document& document, ShellState& state, UiContext& ui,
                       const ShellLayout& layout) {
    ViewResult result;
    const std::array<std::string, kSlotCount> shown = shown_views(state.panels);
    for (int i = 0; i < kSlotCount; ++i) {
        const Slot slot = static_cast<Slot>(i);
        const Rect& rect = layout.panel(slot);
        if (rect.is_empty()) continue;
        result.add(draw_view(document, shown[static_cast<std::size_t>(i)], rect, ui));
        result.add(draw_panel_handle(ui, state.panels, slot, rect));
    }
    return result;
}

ViewResult draw_parts(Document& document, ShellState& state, UiContext& ui,
                      const ShellLayout& layout) {
    ViewResult result = draw_top_bar(document, state, ui, layout.top_bar);
    if (!layout.banner.is_empty()) draw_banner(document, ui, layout.banner);
    if (document.trace() == nullptr) {
        draw_nothing_yet(document, ui, layout.work_area());
        return result;
    }
    update_stages(document, state);
    const Trace& trace = *document.trace();
    result.add(draw_sentence_view(trace, document.selection(), layout.tokens,
                                  document.views.sentence, ui));
    result.add(draw_tabs(ui, state.panels, layout));
    if (!layout.rail.is_empty()) result.add(draw_rail(document, state, ui, layout.rail));
    result.add(draw_panels(document, state, ui, layout));
    if (!layout.bottom_bar.is_empty()) {
        result.add(draw_bottom_bar(document, state, ui, layout.bottom_bar, layout.tokens.x));
    }
    result.add(draw_splitters(ui, layout, state.grab_px));
    return result;
}

// What the chips need beside each other.
float measure_tokens(const Document& document, const UiContext& ui) {
    if (document.trace() == nullptr) return 0;
    const Trace& trace = *document.trace();
    const AttentionSite* site = find_site(trace.graph(), document.selection().layer);
    const int queries = site != nullptr ? site->query_sequence : 0;
    const int keys = site != nullptr ? site->key_sequence : queries;
    if (trace.inputs().labels.empty()) return 0;
    const auto others = keys == queries ? std::span<const TokenLabel>() : trace.labels(keys);
    const auto compared =
        ui.other_trace != nullptr ? ui.other_trace->labels(0) : std::span<const TokenLabel>();
    return layout_sentence(ui, {0, 0, 1e6F, ui.px(32)}, trace.labels(queries), others, compared)
        .content_w;
}

}  // namespace

ViewResult draw_shell(Document& document, ShellState& state, UiContext& ui, float width,
                      float height) {
    ShellRequest request;
    request.width = width;
    request.height = height;
    request.scale = ui.scale;
    request.has_banner = !banner_text(document).empty();
    request.arrangement = state.panels.arrangement;
    request.tokens_width = measure_tokens(document, ui);
    request.tabs_width = measure_tabs(ui, state.panels);
    request.short_tabs_width = measure_short_tabs(ui);
    request.tabs_had_line = state.tabs_had_line;
    const ShellLayout layout = layout_shell(request);
    state.tabs_had_line = layout.tabs_have_line;

    ImGui::SetNextWindowPos({0, 0});
    ImGui::SetNextWindowSize({width, height});
    ImGui::Begin("##screen", nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                     ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoSavedSettings |
                     ImGuiWindowFlags_NoBringToFrontOnFocus | ImGuiWindowFlags_NoNav |
                     ImGuiWindowFlags_NoScrollWithMouse);
    ViewResult result = draw_parts(document, state, ui, layout);
    ImGui::End();
    return result;
}

}  // namespace heed::app
