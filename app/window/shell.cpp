#include "app/window/shell.h"

#include <imgui.h>

#include <algorithm>
#include <utility>

#include "app/ui/widgets.h"
#include "app/views/sentence.h"
#include "app/views/stage_list.h"
#include "app/window/panel_frame.h"
#include "app/window/shell_layout.h"
#include "app/window/view_table.h"

namespace heed::app {

namespace {

ViewResult draw_view(Document& document, const std::string& name, const Rect& rect, UiContext& ui) {
    return all_views()[static_cast<std::size_t>(find_view(name))].draw(document, rect, ui);
}

// A word or a head that is chosen while the pass is walked leaves it at its step.
ViewResult stay_at_step(const Document& document, const ShellState& state, ViewResult result) {
    if (result.selection && state.panels.centre() == "stages") {
        result.selection = keep_stage(document.trace()->graph(), document.selection(),
                                      std::move(*result.selection));
    }
    return result;
}

// Whether no more was chosen than a word or a head: what is asked about is then the pattern.
bool asks_pattern(const Document& document, const ViewResult& result) {
    if (!result.selection) return false;
    const Graph& graph = document.trace()->graph();
    return result.selection->node == ask_pattern(graph, *result.selection).node;
}

ViewResult draw_panels(Document& document, ShellState& state, UiContext& ui,
                       const ShellLayout& layout) {
    ViewResult result;
    const std::array<std::string, kSlotCount> shown = shown_views(state.panels);
    state.shown.clear();
    for (int i = 0; i < kSlotCount; ++i) {
        const Slot slot = static_cast<Slot>(i);
        const Rect& rect = layout.panel(slot);
        if (rect.is_empty()) continue;
        state.shown.push_back({shown[static_cast<std::size_t>(i)], rect});
        const std::string& name = shown[static_cast<std::size_t>(i)];
        const int presses = document.views.attention.presses;
        ViewResult asked = draw_view(document, name, rect, ui);
        // A press on a cell asks about that number; words and heads are chosen for the step.
        const bool is_number = document.views.attention.presses != presses;
        const bool chooses = name == "heads" || name == "attention" || name == "neuron";
        result.add(chooses && !is_number && asks_pattern(document, asked)
                       ? stay_at_step(document, state, std::move(asked))
                       : std::move(asked));
        result.add(draw_panel_handle(ui, state.panels, slot, rect));
    }
    return result;
}

// While a word is searched the keys are the search's.
void take_search_keys(PredictViewState& predict, ShellState& state) {
    if (!predict.was_drawn) predict.search.has_keys = false;
    state.sentence.is_typing = state.sentence.is_typing || predict.search.has_keys;
}

ViewResult draw_parts(Document& document, ShellState& state, UiContext& ui,
                      const ShellLayout& layout) {
    look_for_models(ui, state.commands.models);
    ViewResult result = draw_command_bar(document, state.commands, ui, layout.menu_bar);
    result.add(draw_top_bar(document, state, ui, layout.top_bar));
    if (!layout.banner.is_empty()) result.add(draw_banner(document, ui, layout.banner));
    if (document.trace() == nullptr) {
        result.add(draw_nothing_yet(document, state.work, ui, layout.work_area()));
        return result;
    }
    const Trace& trace = *document.trace();
    ViewResult words =
        draw_sentence_view(trace, document.selection(), layout.tokens, document.views.sentence, ui);
    result.add(stay_at_step(document, state, std::move(words)));
    result.add(draw_tabs(ui, state.panels, layout));
    if (!layout.rail.is_empty()) result.add(draw_rail(document, ui, layout.rail));
    document.views.predict.was_drawn = false;
    AttentionViewState& attention = document.views.attention;
    attention.is_in_sight = std::exchange(attention.was_drawn, false);
    result.add(draw_panels(document, state, ui, layout));
    take_search_keys(document.views.predict, state);
    if (!layout.bottom_bar.is_empty()) {
        result.add(draw_bottom_bar(document, state, ui, layout.bottom_bar, layout.tokens.x));
    }
    result.add(draw_splitters(ui, layout, state.grab_px));
    result.add(draw_save_sheet(ui, state.save));
    state.sentence.is_typing = state.sentence.is_typing || state.save.path.has_keys;
    return result;
}

// What the chips need beside each other.
float measure_tokens(const Document& document, const UiContext& ui) {
    if (document.trace() == nullptr) return 0;
    const Trace& trace = *document.trace();
    const AttentionSite* site = find_site(trace.graph(), document.selection());
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
    request.menu_bar_height = ui.px(kMenuBarHeight);
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
    state.commands.context.views = state.shown;
    result.add(draw_command_overlays(document, state.commands, ui));
    result.add(draw_file_chooser(ui, state.files));
    ImGui::End();
    return result;
}

}  // namespace heed::app
