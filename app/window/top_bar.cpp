// The top bar: name, model picker, sentence, what the last run took.
#include <imgui.h>
#include <imgui_stdlib.h>

#include <cstdio>
#include <utility>

#include "app/ui/widgets.h"
#include "app/window/shell.h"
#include "app/window/shell_layout.h"

namespace heed::app {

namespace {

constexpr float kNarrowBar = 1100;  // design pixels

ImVec4 to_vec4(Colour c) {
    return {static_cast<float>(c.r) / 255, static_cast<float>(c.g) / 255,
            static_cast<float>(c.b) / 255, static_cast<float>(c.a) / 255};
}

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

std::string status_text(const Document& document) {
    if (document.trace() == nullptr) return document.is_busy() ? "opening" : "no run";
    const RunFacts& facts = document.trace()->facts();
    std::string backend = facts.backend;
    for (char& c : backend) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    char text[64];
    std::snprintf(text, sizeof text, "%s %.1f ms", backend.c_str(), facts.milliseconds);
    return text;
}

// "9 words · 11 tokens"
std::string count_text(const Document& document) {
    if (document.trace() == nullptr || document.trace()->inputs().labels.empty()) return "";
    const std::string& text = document.text();
    int words = 0;
    bool is_inside = false;
    for (const char c : text) {
        const bool is_blank = c == ' ' || c == '\t' || c == '\n';
        if (!is_blank && !is_inside) ++words;
        is_inside = !is_blank;
    }
    const std::size_t tokens = document.trace()->labels(0).size();
    return std::to_string(words) + (words == 1 ? " word" : " words") + " \u00b7 " +
           std::to_string(tokens) + (tokens == 1 ? " token" : " tokens");
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

struct FieldRequest {
    std::string_view id;
    std::string_view hint;
    std::string_view note;  // at the right end, while there is room
    bool takes_focus = false;
};

// A line of text that can be edited; true when `text` was changed. Sets `is_typing` while it has
// the keys.
bool draw_field(UiContext& ui, const FieldRequest& request, const Rect& rect, std::string& text,
                bool& is_typing) {
    const Theme& theme = ui.theme;
    const float note_width =
        request.note.empty() ? 0 : measure_text(ui, Type::kNote, request.note) + ui.px(18);
    const float text_width = measure_text(ui, Type::kSentence, text);
    const bool shows_note = note_width > 0 && text_width + note_width + ui.px(48) < rect.w;
    fill(ui, rect, theme.background, ui.px(9));

    ImFont* font = ui.fonts.get(Type::kSentence);
    ImGui::PushFont(font);
    ImGui::PushStyleColor(ImGuiCol_FrameBg, ImVec4(0, 0, 0, 0));
    ImGui::PushStyleColor(ImGuiCol_Text, to_vec4(theme.ink));
    ImGui::PushStyleColor(ImGuiCol_TextDisabled, to_vec4(theme.ink_third));
    ImGui::PushStyleColor(ImGuiCol_TextSelectedBg, to_vec4(with_alpha(theme.accent, 0.3F)));
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding,
                        {ui.px(16), std::floor((rect.h - font->FontSize) / 2)});
    ImGui::PushID(request.id.data(), request.id.data() + request.id.size());
    ImGui::SetCursorScreenPos({rect.x, rect.y});
    ImGui::SetNextItemWidth(rect.w - (shows_note ? note_width : 0));
    if (request.takes_focus) ImGui::SetKeyboardFocusHere();
    const bool was_changed =
        ImGui::InputTextWithHint("##field", std::string(request.hint).c_str(), &text);
    const bool is_active = ImGui::IsItemActive();
    const bool is_hovered = ImGui::IsItemHovered();
    ImGui::PopID();
    ImGui::PopStyleVar();
    ImGui::PopStyleColor(4);
    ImGui::PopFont();

    is_typing = is_typing || is_active;
    const Colour edge = is_active ? theme.accent : (is_hovered ? theme.ink_third : theme.line);
    outline(ui, rect, edge, is_active ? 1.5F * ui.scale : ui.hairline(), ui.px(9));
    if (shows_note) {
        draw_text(ui, {Type::kNote, theme.ink_third, Align::kRight}, inset(rect, ui.px(18), 0),
                  request.note);
    }
    log_item(ui, request.id, "field", text, std::nullopt, rect);
    return was_changed;
}

ViewResult draw_sentences(const Document& document, ShellState& state, UiContext& ui,
                          const TopBarLayout& layout) {
    ViewResult result;
    // The field follows the document; where the text was changed by something else, whoever is
    // writing in it loses the keys, so that the old text does not come back.
    const bool is_stale =
        state.text != document.text() || state.pair != document.pair().value_or("");
    // Escape leaves the field with what was written; Dear ImGui's own would bring back the old.
    const bool leaves = state.is_typing && ImGui::IsKeyPressed(kKeyEscape, false);
    if (leaves || (is_stale && state.is_typing)) ImGui::SetWindowFocus(nullptr);
    state.is_typing = false;
    if (is_stale) {
        state.text = document.text();
        state.pair = document.pair().value_or("");
    }
    const bool takes_focus = std::exchange(state.focus_text, false);
    if (draw_field(ui, {"bar/text", "Type a sentence", count_text(document), takes_focus},
                   layout.text, state.text, state.is_typing)) {
        result.commands.push_back({"text", {state.text}});
    }
    if (!layout.pair.is_empty() && draw_field(ui, {"bar/pair", "Second sentence", "", false},
                                              layout.pair, state.pair, state.is_typing)) {
        result.commands.push_back({"pair", {state.pair}});
    }
    return result;
}

}  // namespace

ViewResult draw_top_bar(const Document& document, ShellState& state, UiContext& ui,
                        const Rect& bar) {
    fill_ground(ui, bar, ui.theme.surface);
    fill(ui, {bar.x, bar.bottom() - ui.hairline(), bar.w, ui.hairline()}, ui.theme.line);
    const bool takes_pair = document.model() != nullptr && document.model()->summary().takes_pair;
    const bool has_pair = document.pair().has_value();
    const bool is_narrow = bar.w < ui.px(kNarrowBar);
    const std::string status = status_text(document);
    const std::string pair_label = has_pair ? "\u2212 pair" : "+ pair";
    const std::string theme_label = ui.theme.is_dark() ? "Light" : "Dark";

    TopBarRequest request;
    request.bar = bar;
    request.scale = ui.scale;
    request.name_width = measure_text(ui, Type::kName, "heed");
    request.model_width = measure_text(ui, Type::kBodyStrong, model_label(document)) +
                          measure_text(ui, Type::kNote, model_note(document, is_narrow)) +
                          ui.px(62);
    request.status_width =
        std::max(measure_button(ui, status), measure_button(ui, "CPU 0000.0 ms"));
    request.theme_width = std::max(measure_button(ui, "Light"), measure_button(ui, "Dark"));
    request.pair_button_width = takes_pair || has_pair ? measure_button(ui, "+ pair") : 0;
    request.has_pair = has_pair;
    const TopBarLayout layout = layout_top_bar(request);

    draw_label(ui, "bar/name", {Type::kName, ui.theme.ink}, layout.name, "heed");
    ViewResult result = draw_model_choice(document, state, ui, layout.model, is_narrow);
    result.add(draw_sentences(document, state, ui, layout));
    if (!layout.pair_button.is_empty() &&
        button(ui, "bar/pair-switch", layout.pair_button, pair_label,
               {ButtonLook::kQuiet, true, "A second sentence, for models that take two"})) {
        if (has_pair) {
            result.commands.push_back({"no-pair", {}});
        } else {
            result.commands.push_back({"pair", {""}});
        }
    }
    fill(ui, layout.status, ui.theme.sunk, ui.px(8));
    draw_label(
        ui, "bar/status",
        {Type::kNote, document.is_busy() ? ui.theme.accent : ui.theme.ink_second, Align::kCentre},
        layout.status, status);
    if (button(ui, "bar/theme", layout.theme, theme_label,
               {ButtonLook::kQuiet, true, "Light or dark (Ctrl+L)"})) {
        result.commands.push_back({"switch-theme", {}});
    }
    return result;
}

}  // namespace heed::app
