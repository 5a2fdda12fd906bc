// The step that is being told: its number and name, one sentence, its formula.
#include <cmath>

#include "app/ui/widgets.h"
#include "app/views/cell_tip.h"
#include "app/window/shell.h"
#include "core/ops/op_table.h"

namespace heed::app {

namespace {

// A button with a triangle in it. True when pressed.
bool draw_step_button(UiContext& ui, std::string_view id, const Rect& rect, bool points_right,
                      std::string_view noted, bool is_enabled) {
    const Interaction state = interact(ui, id, rect);
    const bool is_hovered = state.is_hovered && is_enabled;
    fill(ui, rect, is_hovered ? mix(ui.theme.sunk, ui.theme.ink, 0.06F) : ui.theme.sunk, ui.px(10));
    const Point middle = rect.centre();
    const float side = ui.px(6) * (points_right ? 1.0F : -1.0F);
    draw_triangle(ui, {middle.x - side, middle.y - ui.px(7)}, {middle.x + side, middle.y},
                  {middle.x - side, middle.y + ui.px(7)},
                  is_enabled ? ui.theme.ink_second : ui.theme.line);
    log_item(ui, id, "button", noted, std::nullopt, rect);
    return state.was_clicked && is_enabled;
}

std::string label_at(const Trace& trace, int sequence, int position) {
    const std::span<const TokenLabel> labels = trace.labels(sequence);
    if (position < 0 || static_cast<std::size_t>(position) >= labels.size()) return "";
    const std::string& text = labels[static_cast<std::size_t>(position)].text;
    const std::size_t first = text.find_first_not_of(' ');
    return first == std::string::npos ? text : text.substr(first);
}

std::string sentence_of(const Trace& trace, const ShellState& state, const Selection& selection,
                        const StageEntry& stage) {
    const AttentionSite* site = find_site(trace.graph(), selection.layer);
    if (site == nullptr) return state.texts.sentence(stage.name, "", "");
    return state.texts.sentence(stage.name, label_at(trace, site->query_sequence, selection.query),
                                label_at(trace, site->key_sequence, selection.key));
}

}  // namespace

ViewResult draw_bottom_bar(const Document& document, const ShellState& state, UiContext& ui,
                           const Rect& bar, float text_left) {
    ViewResult result;
    fill_ground(ui, bar, ui.theme.surface);
    fill(ui, {bar.x, bar.y, bar.w, ui.hairline()}, ui.theme.line);
    const Trace& trace = *document.trace();
    const Graph& graph = trace.graph();
    const Selection& selection = document.selection();
    const std::optional<NodeId> node = graph.find(selection.node);
    const int chosen = node ? find_stage(state.stages, *node) : -1;
    const int count = static_cast<int>(state.stages.size());

    Rect rest = inset(bar, ui.px(24), 0);
    const float side = ui.px(44);
    const auto place = [&](Rect piece) {
        return Rect{piece.x, piece.centre().y - side / 2, side, side};
    };
    if (draw_step_button(ui, "step/previous", place(take_left(rest, side, ui.px(8))), false,
                         "previous stage", chosen > 0)) {
        result.commands.push_back({"previous-stage", {}});
    }
    if (draw_step_button(ui, "step/next", place(take_left(rest, side, ui.px(24))), true,
                         "next stage", chosen + 1 < count)) {
        result.commands.push_back({"next-stage", {}});
    }
    if (chosen < 0 || !node) return result;
    take_left(rest, std::max(0.0F, text_left - rest.x));

    const std::string formula = typeset_formula(formula_text(graph, graph.node(*node)));
    const float formula_width = measure_text(ui, Type::kFormulaSmall, formula) + ui.px(4);
    // A formula is shown whole or not at all: the inspector has it too.
    if (formula_width <= rest.w * 0.5F) {
        const Rect right = take_right(rest, formula_width, ui.px(24));
        draw_label(ui, "step/formula", {Type::kFormulaSmall, ui.theme.ink, Align::kRight}, right,
                   formula);
    }

    const StageEntry& stage = state.stages[static_cast<std::size_t>(chosen)];
    const std::string title =
        std::to_string(chosen + 1) + " of " + std::to_string(count) + " \u00b7 " + stage.name;
    const float title_height = line_height(ui, Type::kTitle);
    const float lines = bar.h >= ui.px(90) ? 2.0F : 1.0F;
    const float body_height = line_height(ui, Type::kBody);
    Rect text = rest;
    text.y = std::round(bar.centre().y - (title_height + lines * body_height * 1.1F) / 2);
    text.h = bar.bottom() - text.y;
    draw_label(ui, "step/title", {Type::kTitle, ui.theme.ink}, take_top(text, title_height), title);
    const std::string sentence = sentence_of(trace, state, selection, stage);
    draw_paragraph(ui, {Type::kBody, ui.theme.ink_second}, text, sentence, static_cast<int>(lines));
    log_item(ui, "step/sentence", "text", sentence, std::nullopt, text);
    return result;
}

}  // namespace heed::app
