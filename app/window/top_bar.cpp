// The top bar: name, model picker, sentence, what the last run took.
#include <imgui.h>

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
        ++state.commands.models.version;
        open_model_picker(ui, state.picker);
    }
    return draw_model_picker(ui, state.picker, rect, state.commands.models.found,
                             document.model_name());
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
    const bool is_picture = document.is_about_picture();
    request.pair_button_width = is_picture ? 0 : measure_reading(ui, document);
    request.has_pair =
        !is_picture && (document.pair() || document.other() || has_extra_field(document));
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
