#include "app/window/palette.h"

#include <imgui.h>

#include <algorithm>
#include <utility>

#include "app/ui/widgets.h"

namespace heed::app {

namespace {

constexpr std::string_view kId = "palette";
constexpr float kWidth = 640;  // design pixels
constexpr float kField = 48;
constexpr float kRow = 34;
constexpr float kFoot = 30;
constexpr float kMargin = 8;
constexpr int kRowsShown = 11;
constexpr std::size_t kMostRecent = 30;

Rect place_box(const UiContext& ui, std::size_t rows) {
    const ImVec2 screen = ImGui::GetIO().DisplaySize;
    const float edge = ui.px(16);
    const float width = std::min(ui.px(kWidth), screen.x - 2 * edge);
    const float top = std::max(edge, std::min(ui.px(96), screen.y * 0.12F));
    const auto shown = static_cast<float>(std::min<std::size_t>(rows, kRowsShown));
    const float wanted =
        ui.px(kField + kFoot) + std::max(1.0F, shown) * ui.px(kRow) + 2 * ui.px(kMargin);
    return {(screen.x - width) / 2, top, width, std::min(wanted, screen.y - top - edge)};
}

std::string row_id(std::size_t row) {
    return indexed_id("palette/entry", {static_cast<int>(row)});
}

// The words after the title are shortened before it is.
bool draw_row(UiContext& ui, const PaletteEntry& entry, std::size_t number, const Rect& row) {
    const std::string id = row_id(number);
    const Interaction state = interact(ui, id, row, FocusKind::kItem);
    if (state.is_focused) fill(ui, row, ui.theme.accent_soft, ui.px(6));
    Rect inside = inset(row, ui.px(10), 0);
    if (!entry.chord.empty()) {
        const float width = measure_text(ui, Type::kNote, entry.chord);
        const Rect right = take_right(inside, std::min(width, inside.w / 3), ui.px(14));
        draw_text(ui, {Type::kNote, ui.theme.ink_second, Align::kRight}, right, entry.chord);
    }
    const float title = measure_text(ui, Type::kBody, entry.title);
    const Rect left = take_left(inside, std::min(title + ui.px(1), inside.w), ui.px(14));
    draw_text(ui, {Type::kBody, ui.theme.ink}, left, entry.title);
    const std::string& told = entry.detail.empty() ? entry.help : entry.detail;
    draw_text(ui, {Type::kNote, ui.theme.ink_second, Align::kRight}, inside, told);
    log_item(ui, id, "entry", entry.title, std::nullopt, row);
    return state.was_clicked;
}

void find_again(UiContext& ui, PaletteState& state) {
    const bool is_new = state.found.empty() && !state.command;
    if (state.found_for == state.query.text() && !is_new) return;
    state.found_for = state.query.text();
    state.command = read_command(ui.actions, state.query.text());
    state.found = rank_entries(state.entries, state.query.text(), state.recent);
    ui.controls.focus.give(row_id(0), true);
}

const PaletteEntry& entry_at(const PaletteState& state, std::size_t row) {
    if (state.command && row == 0) return *state.command;
    const std::size_t place = row - (state.command ? 1 : 0);
    return state.entries[static_cast<std::size_t>(state.found[place])];
}

void remember(PaletteState& state, const std::string& title) {
    RecentTitles& recent = state.recent;
    recent.erase(std::remove(recent.begin(), recent.end(), title), recent.end());
    recent.insert(recent.begin(), title);
    if (recent.size() > kMostRecent) recent.pop_back();
}

void draw_foot(UiContext& ui, const PaletteState& state, Rect rect) {
    fill(ui, {rect.x, rect.y, rect.w, ui.hairline()}, ui.theme.line);
    rect = inset(rect, ui.px(10), 0);
    const std::string hint = "Enter runs \u00b7 Esc closes";
    const float width = measure_text(ui, Type::kTiny, hint);
    const Rect right = take_right(rect, std::min(width, rect.w), ui.px(12));
    draw_text(ui, {Type::kTiny, ui.theme.ink_second, Align::kRight}, right, hint);
    const std::string count = state.query.text().empty()
                                  ? "actions, options, models, heads, words, examples"
                                  : std::to_string(state.found.size()) + " found";
    draw_text(ui, {Type::kTiny, ui.theme.ink_second}, rect, count);
}

std::optional<PaletteEntry> draw_rows(UiContext& ui, const PaletteState& state, const Rect& list,
                                      std::size_t rows) {
    std::optional<PaletteEntry> chosen;
    if (rows == 0) {
        draw_label(ui, "palette/none", {Type::kBody, ui.theme.ink_second},
                   inset(list, ui.px(10), 0), "Nothing is called that.");
        return chosen;
    }
    const float height = ui.px(kRow);
    begin_focus_group(ui, "palette/list");
    const Point top = begin_scroll(ui, "palette/list", list, 1, static_cast<float>(rows) * height);
    const float width = list.w - (static_cast<float>(rows) * height > list.h ? ui.px(12) : 0);
    for (std::size_t i = 0; i < rows; ++i) {
        const PaletteEntry& entry = entry_at(state, i);
        const Rect row{top.x, top.y + static_cast<float>(i) * height, width, height};
        if (draw_row(ui, entry, i, row)) chosen = entry;
    }
    end_scroll();
    end_focus_group(ui);
    return chosen;
}

}  // namespace

ViewResult draw_palette(UiContext& ui, PaletteState& state,
                        const std::function<std::vector<PaletteEntry>()>& list) {
    ViewResult result;
    if (std::exchange(state.is_wanted, false)) {
        close_all_popups(ui.controls);
        state.entries = list();
        state.found.clear();
        state.command.reset();
        open_popup(ui, kId);
    }
    if (!is_popup_open(ui.controls, kId)) return result;
    find_again(ui, state);
    const std::size_t rows = state.found.size() + (state.command ? 1 : 0);
    const Rect box = place_box(ui, rows);
    if (!begin_popup(ui, kId, box)) return result;
    find_popup(ui, kId).takes_text = true;
    Rect rest = box;
    const Rect line = take_top(rest, ui.px(kField));
    search_line(ui, "palette/query", line, state.query, "Find an action, head, word, model\u2026");
    fill(ui, {box.x, line.bottom(), box.w, ui.hairline()}, ui.theme.line);
    draw_foot(ui, state, take_bottom(rest, ui.px(kFoot)));
    const std::optional<PaletteEntry> chosen =
        draw_rows(ui, state, inset(rest, ui.px(kMargin)), rows);
    if (chosen) {
        close_popup(ui, kId);
        // What waits for an argument opens the palette again, with its name written.
        if (chosen->commands.front().action != "command-palette") remember(state, chosen->title);
        result.commands = chosen->commands;
    }
    end_popup(ui);
    return result;
}

}  // namespace heed::app
