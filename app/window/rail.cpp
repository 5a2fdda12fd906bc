// The left side: layer, head, and the stages of the pass.
#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "app/ui/widgets.h"
#include "app/window/shell.h"

namespace heed::app {

namespace {

constexpr float kSquare = 28;  // a layer or head, design pixels
constexpr float kSquareGap = 3;
constexpr float kStageRow = 38;
constexpr float kStageRowLeast = 28;  // where there are many
// More than this many layers or heads are chosen with a slider.
constexpr int kMostSquares = 24;

struct NumberChoice {
    std::string_view id;      // "rail/layer"
    std::string_view title;   // "LAYER"
    std::string_view action;  // run with the number
    int count = 0;
    int chosen = 0;
};

void draw_square(UiContext& ui, const NumberChoice& choice, int number, const Rect& square,
                 ViewResult& result) {
    const std::string id = indexed_id(choice.id, {number});
    const bool is_on = number == choice.chosen;
    const Interaction state = interact(ui, id, square);
    const Theme& theme = ui.theme;
    fill(ui, square, is_on ? theme.accent : theme.surface, ui.px(6));
    if (!is_on) {
        outline(ui, square, state.is_hovered ? theme.ink_third : theme.line, ui.hairline(),
                ui.px(6));
    }
    const std::string text = std::to_string(number);
    draw_text(ui,
              {is_on ? Type::kNoteStrong : Type::kNote, is_on ? theme.on_accent : theme.ink_second,
               Align::kCentre},
              square, text);
    log_item(ui, id, is_on ? "chosen" : "choice", text, static_cast<double>(number), square);
    if (state.is_hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    if (state.was_clicked) result.commands.push_back({std::string(choice.action), {text}});
}

// Squares in rows, or a slider for many. Takes its height off `rest`.
void draw_number_choice(UiContext& ui, const NumberChoice& choice, Rect& rest, ViewResult& result) {
    const bool has_slider = choice.count > kMostSquares;
    const std::string title =
        std::string(choice.title) + (has_slider ? " " + std::to_string(choice.chosen) : "");
    section_label(ui, std::string(choice.id) + "/title", take_top(rest, ui.px(20), ui.px(2)),
                  title);
    if (has_slider) {
        const Rect track = take_top(rest, ui.px(kSquare), ui.px(12));
        const std::optional<int> moved =
            slider(ui, choice.id, track, choice.chosen, 0, choice.count - 1);
        if (moved) {
            result.commands.push_back({std::string(choice.action), {std::to_string(*moved)}});
        }
        return;
    }
    const float size = ui.px(kSquare);
    const float step = size + ui.px(kSquareGap);
    const int columns = std::max(1, static_cast<int>((rest.w + ui.px(kSquareGap)) / step));
    const int rows = (choice.count + columns - 1) / columns;
    const Rect area = take_top(rest, static_cast<float>(rows) * step, ui.px(10));
    for (int i = 0; i < choice.count; ++i) {
        const Rect square{area.x + static_cast<float>(i % columns) * step,
                          area.y + static_cast<float>(i / columns) * step, size, size};
        draw_square(ui, choice, i, square, result);
    }
}

struct StageRow {
    std::string_view name;
    std::string_view note;  // the node that comes out of it
    int number = 0;
    int chosen = 0;
};

void draw_stage_row(UiContext& ui, const StageRow& stage, const Rect& row, ViewResult& result) {
    const int number = stage.number;
    const int chosen = stage.chosen;
    const std::string id = indexed_id("rail/stage", {number});
    const Theme& theme = ui.theme;
    const bool is_on = number == chosen;
    const Interaction state = interact(ui, id, row);
    if (is_on) {
        fill(ui, row, theme.accent_soft, ui.px(8));
        fill(ui, {row.x, row.y, ui.px(4), row.h}, theme.accent, ui.px(2));
    } else if (state.is_hovered) {
        fill(ui, row, theme.sunk, ui.px(8));
    }
    // What comes after the chosen step is quieter: it is still to be told.
    Colour ink = number > chosen && chosen >= 0 ? theme.ink_second : theme.ink;
    if (is_on) ink = theme.accent;
    Rect inside = inset(row, ui.px(16), 0);
    const float used =
        draw_text(ui, {is_on ? Type::kBodyStrong : Type::kBody, ink}, inside, stage.name);
    take_left(inside, used, ui.px(8));
    if (measure_text(ui, Type::kNumberTiny, stage.note) <= inside.w) {
        draw_text(ui, {Type::kNumberTiny, theme.ink_third, Align::kRight}, inside, stage.note);
    }
    log_item(ui, id, is_on ? "chosen" : "choice", stage.name, std::nullopt, row);
    if (state.is_hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    if (state.was_clicked) result.commands.push_back({"stage", {std::to_string(number)}});
}

void draw_stages(const Graph& graph, const ShellState& state, int chosen, UiContext& ui, Rect rest,
                 ViewResult& result) {
    section_label(ui, "rail/stages/title", take_top(rest, ui.px(20), ui.px(2)), "STAGES");
    const auto count = static_cast<float>(state.stages.size());
    const float step = std::clamp(std::floor(rest.h / std::max(1.0F, count)), ui.px(kStageRowLeast),
                                  ui.px(kStageRow));
    const float height = count * step;
    const float left = ui.px(16);
    const Rect area{rest.x - left, rest.y, rest.w + left, rest.h};
    const Point top = begin_scroll(ui, "rail/stages", area, 1, height);
    const float width = area.w - (height > area.h ? ui.px(12) : 0);
    for (std::size_t i = 0; i < state.stages.size(); ++i) {
        const StageEntry& stage = state.stages[i];
        const Rect row{top.x, top.y + static_cast<float>(i) * step, width, step - ui.px(2)};
        const std::string_view note = short_name(graph.node(stage.nodes.back()).name);
        draw_stage_row(ui, {stage.name, note, static_cast<int>(i), chosen}, row, result);
    }
    end_scroll();
}

}  // namespace

ViewResult draw_rail(const Document& document, const ShellState& state, UiContext& ui,
                     const Rect& rail) {
    ViewResult result;
    const Graph& graph = document.trace()->graph();
    const Selection& selection = document.selection();
    Rect rest{rail.x + ui.px(24), rail.y + ui.px(16), rail.w - ui.px(24), rail.h - ui.px(16)};
    const AttentionSite* site = find_site(graph, selection.layer);
    if (site != nullptr) {
        const int layers = list_attention_layers(graph).back() + 1;
        draw_number_choice(ui, {"rail/layer", "LAYER", "layer", layers, selection.layer}, rest,
                           result);
        draw_number_choice(ui, {"rail/head", "HEAD", "head", site->heads, selection.head}, rest,
                           result);
    }
    const std::optional<NodeId> node = graph.find(selection.node);
    draw_stages(graph, state, node ? find_stage(state.stages, *node) : -1, ui, rest, result);
    return result;
}

}  // namespace heed::app
