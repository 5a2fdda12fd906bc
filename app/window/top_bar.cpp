// The top bar: name, model picker, sentence, what the last run took.
#include <imgui.h>

#include <cstdio>

#include "app/ui/widgets.h"
#include "app/window/shell.h"
#include "app/window/shell_layout.h"

namespace heed::app {

namespace {

constexpr float kNarrowBar = 1100;  // design pixels

std::string model_label(const Document& document) {
    if (document.model() != nullptr) return document.model()->summary().name;
    return document.model_name().empty() ? "Choose a model" : document.model_name();
}

// Sizes of the model; "" in a bar that has no room for them.
std::string model_note(const Document& document, bool is_narrow) {
    if (document.model() == nullptr || is_narrow) return "";
    const ModelSummary& summary = document.model()->summary();
    return std::to_string(summary.layers) + (summary.layers == 1 ? " layer" : " layers") +
           " \u00d7 " + std::to_string(summary.heads) + (summary.heads == 1 ? " head" : " heads");
}

// One row of the open picker. True when pressed.
bool draw_model_row(UiContext& ui, const FoundModel& model, std::size_t number, const Rect& row) {
    const std::string id = indexed_id("picker/model", {static_cast<int>(number)});
    const bool can_open = model.problem.empty();
    const Interaction state = interact(ui, id, row);
    if (state.is_hovered && can_open) {
        fill(ui, row, ui.theme.accent_soft, ui.px(6));
        ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    }
    Rect inside = inset(row, ui.px(10), 0);
    const Rect note = take_right(inside, inside.w * 0.55F, ui.px(8));
    draw_text(ui, {Type::kBodyStrong, can_open ? ui.theme.ink : ui.theme.ink_third}, inside,
              model.name);
    const std::string said = !can_open ? "cannot be opened: " + model.problem
                             : model.family == model.origin
                                 ? model.family
                                 : model.family + " \u00b7 " + model.origin;
    draw_text(ui, {Type::kNote, ui.theme.ink_second, Align::kRight}, note, said);
    log_item(ui, id, "model", model.name, std::nullopt, row);
    return state.was_clicked && can_open;
}

ViewResult draw_picker(ShellState& state, UiContext& ui, const Rect& anchor) {
    ViewResult result;
    const float row_height = ui.px(38);
    const float rows = static_cast<float>(std::max<std::size_t>(1, state.models.size()));
    const float most = ImGui::GetIO().DisplaySize.y - anchor.bottom() - ui.px(40);
    const Rect box{anchor.x, anchor.bottom() + ui.px(6), ui.px(480),
                   std::min(rows * row_height + ui.px(16), most)};
    ImGui::SetNextWindowPos({box.x, box.y});
    ImGui::SetNextWindowSize({box.w, box.h});
    ImGui::PushStyleColor(ImGuiCol_PopupBg, ImVec4(0, 0, 0, 0));
    ImGui::PushStyleColor(ImGuiCol_Border, ImVec4(0, 0, 0, 0));
    if (ImGui::BeginPopup("models", ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoNav)) {
        fill(ui, box, ui.theme.surface, ui.px(10));
        outline(ui, box, ui.theme.ink_third, ui.hairline(), ui.px(10));
        const Rect inside = inset(box, ui.px(8));
        if (state.models.empty()) {
            draw_label(ui, "picker/empty", {Type::kBody, ui.theme.ink_second}, inside,
                       "No models were found.");
        }
        const Point top = begin_scroll(ui, "picker", inside, 1, rows * row_height);
        for (std::size_t i = 0; i < state.models.size(); ++i) {
            const Rect row{top.x, top.y + static_cast<float>(i) * row_height, inside.w, row_height};
            if (!draw_model_row(ui, state.models[i], i, row)) continue;
            result.commands.push_back({"open", {state.models[i].path.string()}});
        }
        end_scroll();
        const bool is_left = ImGui::IsKeyPressed(kKeyEscape, false);
        if (is_left || !result.commands.empty()) ImGui::CloseCurrentPopup();
        ImGui::EndPopup();
    }
    ImGui::PopStyleColor(2);
    return result;
}

ViewResult draw_model_choice(const Document& document, ShellState& state, UiContext& ui,
                             const Rect& rect, bool is_narrow) {
    const Interaction press = interact(ui, "bar/model", rect);
    fill(ui, rect, press.is_hovered ? mix(ui.theme.sunk, ui.theme.ink, 0.06F) : ui.theme.sunk,
         ui.px(8));
    if (press.is_hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    const std::string name = model_label(document);
    const std::string note = model_note(document, is_narrow);
    Rect inside = inset(rect, ui.px(14), 0);
    const Rect arrow = take_right(inside, ui.px(10), ui.px(10));
    const float used = draw_text(ui, {Type::kBodyStrong, ui.theme.ink}, inside, name);
    take_left(inside, used, ui.px(10));
    if (!note.empty() && inside.w > ui.px(40)) {
        draw_text(ui, {Type::kNote, ui.theme.ink_second}, inside, note);
    }
    const Point middle = arrow.centre();
    draw_triangle(ui, {middle.x - ui.px(4), middle.y - ui.px(2)},
                  {middle.x + ui.px(4), middle.y - ui.px(2)}, {middle.x, middle.y + ui.px(3)},
                  ui.theme.ink_second);
    log_item(ui, "bar/model", "button", name + (note.empty() ? "" : ", " + note), std::nullopt,
             rect);
    if (press.was_clicked) {
        state.models = find_models();
        ImGui::OpenPopup("models");
    }
    return draw_picker(state, ui, rect);
}

}  // namespace

ViewResult draw_top_bar(const Document& document, ShellState& state, UiContext& ui,
                        const Rect& bar) {
    fill_ground(ui, bar, ui.theme.surface);
    fill(ui, {bar.x, bar.bottom() - ui.hairline(), bar.w, ui.hairline()}, ui.theme.line);
    const bool is_narrow = bar.w < ui.px(kNarrowBar);
    const std::string theme_label = ui.theme.is_dark() ? "Light" : "Dark";

    TopBarRequest request;
    request.bar = bar;
    request.scale = ui.scale;
    request.name_width = measure_text(ui, Type::kName, "heed");
    request.model_width = measure_text(ui, Type::kBodyStrong, model_label(document)) +
                          measure_text(ui, Type::kNote, model_note(document, is_narrow)) +
                          ui.px(62);
    request.status_width = measure_button(ui, "CPU 0000.0 ms");
    request.theme_width = std::max(measure_button(ui, "Light"), measure_button(ui, "Dark"));
    request.pair_button_width = measure_reading(ui, document);
    request.has_pair = document.pair() || document.other();
    const TopBarLayout layout = layout_top_bar(request);

    draw_label(ui, "bar/name", {Type::kName, ui.theme.ink}, layout.name, "heed");
    ViewResult result = draw_model_choice(document, state, ui, layout.model, is_narrow);
    result.add(draw_sentence_bar(document, state.sentence, ui, layout));
    if (!layout.status.is_empty()) {
        result.add(draw_status(document, state.work, ui, layout.status));
    }
    if (!layout.theme.is_empty() && button(ui, "bar/theme", layout.theme, theme_label,
                                           {ButtonLook::kQuiet, true, "Light or dark (Ctrl+L)"})) {
        result.commands.push_back({"switch-theme", {}});
    }
    return result;
}

}  // namespace heed::app
