// A button that opens a list of choices.
#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include "app/ui/choices.h"

namespace heed::app {

namespace {

constexpr float kPadding = 12;  // design pixels
constexpr float kArrow = 14;
constexpr float kRow = 30;
constexpr float kListMargin = 6;
constexpr float kMarkColumn = 22;
constexpr int kMostRows = 14;
constexpr double kTypingPause_s = 1;

struct ListRequest {
    std::string_view id;  // of the drop-down
    Rect anchor;
    std::span<const std::string> labels;
    std::span<const std::string> notes;
    int chosen = 0;
};

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool begins_with(std::string_view text, std::string_view start) {
    return text.size() >= start.size() &&
           std::equal(start.begin(), start.end(), text.begin(),
                      [](char a, char b) { return lower(a) == lower(b); });
}

// Letters typed while the list is open lead to the entry that begins with them.
void jump_by_letters(UiContext& ui, const ListRequest& list) {
    OpenPopup& popup = find_popup(ui, list.id);
    const auto jumped = type_ahead(ui, popup, static_cast<int>(list.labels.size()), [&](int i) {
        return begins_with(list.labels[static_cast<std::size_t>(i)], popup.typed);
    });
    if (!jumped) return;
    ui.controls.focus.give(entry_id(list.id, list.labels, static_cast<std::size_t>(*jumped)), true);
}

void draw_row(UiContext& ui, const ListRequest& list, std::size_t i, const Rect& row,
              std::optional<int>& picked) {
    const std::string id = entry_id(list.id, list.labels, i);
    const Interaction state = interact(ui, id, row, FocusKind::kItem);
    const bool is_chosen = static_cast<int>(i) == list.chosen;
    if (state.is_focused) fill(ui, row, ui.theme.accent_soft, ui.px(6));
    Rect inside = inset(row, ui.px(6), 0);
    const Rect mark = take_left(inside, ui.px(kMarkColumn - 6));
    if (is_chosen) draw_icon(ui, inset(mark, ui.px(1)), Icon::kCheck, ui.theme.accent);
    take_left(inside, ui.px(4));
    if (i < list.notes.size() && !list.notes[i].empty()) {
        const float width = measure_text(ui, Type::kNote, list.notes[i]);
        const Rect note = take_right(inside, std::min(width, inside.w * 0.6F), ui.px(12));
        draw_text(ui, {Type::kNote, ui.theme.ink_second, Align::kRight}, note, list.notes[i]);
    }
    draw_text(ui, {is_chosen ? Type::kBodyStrong : Type::kBody, ui.theme.ink}, inside,
              list.labels[i]);
    log_item(ui, id, is_chosen ? "chosen" : "choice", list.labels[i], std::nullopt, row);
    if (state.was_clicked) picked = static_cast<int>(i);
}

std::optional<int> draw_list(UiContext& ui, const ListRequest& list) {
    std::optional<int> picked;
    const auto count = static_cast<float>(list.labels.size());
    const float margin = ui.px(kListMargin);
    const float row = ui.px(kRow);
    float width = list.anchor.w;
    for (std::size_t i = 0; i < list.labels.size(); ++i) {
        float needed = measure_text(ui, Type::kBodyStrong, list.labels[i]) +
                       ui.px(kMarkColumn + 16) + 2 * margin;
        if (i < list.notes.size()) {
            needed += measure_text(ui, Type::kNote, list.notes[i]) + ui.px(20);
        }
        width = std::max(width, needed);
    }
    const float rows = std::min(count, static_cast<float>(kMostRows));
    const bool scrolls = count > rows;
    if (scrolls) width += ui.px(12);
    const Rect box = place_below(ui, list.anchor, width, rows * row + 2 * margin);
    if (!begin_popup(ui, list.id, box)) return picked;
    OpenPopup& popup = find_popup(ui, list.id);
    if (popup.is_new && list.chosen >= 0 && list.chosen < static_cast<int>(list.labels.size())) {
        const auto chosen = static_cast<std::size_t>(list.chosen);
        ui.controls.focus.give(entry_id(list.id, list.labels, chosen), true);
    }
    jump_by_letters(ui, list);
    const Rect inside = inset(box, margin);
    begin_focus_group(ui, "menu/" + std::string(list.id));
    const Point top = begin_scroll(ui, "menu/" + std::string(list.id), inside, 1, count * row);
    const float row_width = inside.w - (count * row > inside.h ? ui.px(12) : 0);
    for (std::size_t i = 0; i < list.labels.size(); ++i) {
        draw_row(ui, list, i, {top.x, top.y + static_cast<float>(i) * row, row_width, row}, picked);
    }
    end_scroll();
    end_focus_group(ui);
    if (picked) close_popup(ui, list.id);
    end_popup(ui);
    return picked;
}

}  // namespace

std::optional<int> type_ahead(UiContext& ui, OpenPopup& popup, int count,
                              const std::function<bool(int)>& matches) {
    const ImGuiIO& io = ImGui::GetIO();
    std::string typed;
    for (const char32_t c : ui.typed) {
        if (c > ' ' && c < 0x7F) typed += static_cast<char>(c);
    }
    if (typed.empty() || io.KeyCtrl || io.KeyAlt) return std::nullopt;
    if (ui.now_s - popup.typed_s > kTypingPause_s) popup.typed.clear();
    popup.typed_s = ui.now_s;
    popup.typed += typed;
    for (int i = 0; i < count; ++i) {
        if (matches(i)) return i;
    }
    return std::nullopt;
}

std::optional<int> drop_down(UiContext& ui, std::string_view id, const Rect& rect,
                             std::span<const std::string> labels, int chosen,
                             const DropDownOptions& options) {
    const Unrecorded controls(ui);
    const Theme& theme = ui.theme;
    const bool is_open = is_popup_open(ui.controls, id);
    const Interaction state =
        interact(ui, id, rect, options.is_enabled ? FocusKind::kValue : FocusKind::kMouseOnly);
    const bool is_lit = options.is_enabled && (state.is_hovered || is_open);
    fill(ui, rect, is_lit ? mix(theme.sunk, theme.ink, state.is_held ? 0.12F : 0.06F) : theme.sunk,
         ui.px(8));
    const bool has_choice = chosen >= 0 && chosen < static_cast<int>(labels.size());
    const std::string label = has_choice ? labels[static_cast<std::size_t>(chosen)] : "";
    Rect inside = inset(rect, ui.px(kPadding), 0);
    const Rect arrow = take_right(inside, ui.px(kArrow), ui.px(6));
    const Colour ink = options.is_enabled ? theme.ink : theme.ink_third;
    if (!options.title.empty()) {
        const float used = draw_text(ui, {Type::kNote, theme.ink_second}, inside, options.title);
        take_left(inside, used, ui.px(6));
    }
    draw_text(ui, {Type::kNoteStrong, ink}, inside, label);
    draw_icon(ui, arrow, Icon::kChevronDown,
              options.is_enabled ? theme.ink_second : theme.ink_third);
    log_item(ui, id, "choice", label, static_cast<double>(chosen), rect);
    if (state.is_hovered && options.is_enabled) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    if (state.is_hovered && !is_open && !options.tooltip.empty() && tooltip_is_due(ui, id)) {
        const std::array lines{TooltipLine{std::string(options.tooltip), Type::kNote, theme.ink}};
        draw_tooltip(ui, rect, lines);
    }
    if (options.is_enabled && (state.was_clicked || state.down > 0)) open_popup(ui, id);
    const std::optional<int> picked = draw_list(ui, {id, rect, labels, options.notes, chosen});
    return picked == chosen ? std::nullopt : picked;
}

float measure_drop_down(const UiContext& ui, std::span<const std::string> labels,
                        std::string_view title) {
    float widest = 0;
    for (const std::string& label : labels) {
        widest = std::max(widest, measure_text(ui, Type::kNoteStrong, label));
    }
    const float told = title.empty() ? 0 : measure_text(ui, Type::kNote, title) + ui.px(6);
    return std::ceil(widest + told) + ui.px(2 * kPadding + kArrow + 8);
}

}  // namespace heed::app
