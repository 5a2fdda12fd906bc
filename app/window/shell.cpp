#include "app/window/shell.h"

#include <imgui.h>

#include <algorithm>

#include "app/ui/widgets.h"
#include "app/views/sentence.h"
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

ViewResult draw_tabs(ShellState& state, UiContext& ui, const ShellLayout& layout) {
    ViewResult result;
    const std::vector<std::string> names = centre_view_names();
    const auto at = std::find(names.begin(), names.end(), state.centre);
    const std::optional<int> tab =
        segmented(ui, "tabs", layout.tabs, names, static_cast<int>(at - names.begin()));
    if (tab) result.commands.push_back({"view", {names[static_cast<std::size_t>(*tab)]}});
    if (layout.side_tabs.is_empty()) return result;
    const std::vector<std::string> sides{"heads", "why"};
    const std::optional<int> side =
        segmented(ui, "side", layout.side_tabs, sides, state.prefers_inspector ? 1 : 0);
    if (side) result.commands.push_back({"side", {sides[static_cast<std::size_t>(*side)]}});
    return result;
}

void update_stages(const Document& document, ShellState& state) {
    const int layer = document.selection().layer;
    if (state.stages_of_trace == document.trace_number() && state.stages_of_layer == layer) return;
    state.stages_of_trace = document.trace_number();
    state.stages_of_layer = layer;
    state.stages = document.trace() == nullptr ? std::vector<StageEntry>{}
                                               : list_stages(document.trace()->graph(), layer);
}

ViewResult draw_parts(Document& document, ShellState& state, UiContext& ui,
                      const ShellLayout& layout) {
    ViewResult result = draw_top_bar(document, state, ui, layout.top_bar);
    if (!layout.banner.is_empty()) draw_banner(document, ui, layout.banner);
    if (document.trace() == nullptr) {
        const Rect all{layout.rail.x + ui.px(24), layout.tokens.bottom(), ui.px(1),
                       layout.centre.bottom() - layout.tokens.bottom()};
        const float right = std::max(layout.heads.right(), layout.inspector.right());
        draw_nothing_yet(document, ui, {all.x, all.y, right - all.x, all.h});
        return result;
    }
    update_stages(document, state);
    const Trace& trace = *document.trace();
    const Selection& selection = document.selection();
    ViewStates& views = document.views;
    result.add(draw_sentence_view(trace, selection, layout.tokens, views.sentence, ui));
    result.add(draw_tabs(state, ui, layout));
    result.add(draw_rail(document, state, ui, layout.rail));
    result.add(draw_view(document, state.centre, layout.centre, ui));
    if (!layout.heads.is_empty() && state.centre != "heads") {
        result.add(draw_view(document, "heads", layout.heads, ui));
    }
    if (!layout.inspector.is_empty()) {
        result.add(draw_view(document, "inspector", layout.inspector, ui));
    }
    result.add(draw_bottom_bar(document, state, ui, layout.bottom_bar, layout.centre.x));
    return result;
}

}  // namespace

std::vector<std::string> centre_view_names() {
    std::vector<std::string> names;
    for (const ViewEntry& view : all_views()) {
        if (view.name != "inspector") names.emplace_back(view.name);
    }
    return names;
}

ViewResult draw_shell(Document& document, ShellState& state, UiContext& ui, float width,
                      float height) {
    ShellRequest request;
    request.width = width;
    request.height = height;
    request.scale = ui.scale;
    request.has_banner = !banner_text(document).empty();
    request.prefers_inspector = state.prefers_inspector;
    request.tabs_width = std::min(ui.px(460), width * 0.4F);

    ImGui::SetNextWindowPos({0, 0});
    ImGui::SetNextWindowSize({width, height});
    ImGui::Begin("##screen", nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                     ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoSavedSettings |
                     ImGuiWindowFlags_NoBringToFrontOnFocus | ImGuiWindowFlags_NoNav |
                     ImGuiWindowFlags_NoScrollWithMouse);
    ViewResult result = draw_parts(document, state, ui, layout_shell(request));
    ImGui::End();
    return result;
}

}  // namespace heed::app
