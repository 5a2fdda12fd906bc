#include "app/ui/menu.h"

#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "app/ui/widgets.h"

namespace heed::app {

namespace {

constexpr float kRow = 30;  // design pixels
constexpr float kMargin = 6;
constexpr float kLead = 28;  // column of marks and icons
constexpr float kMostWidth = 620;
constexpr float kTrail = 30;  // between label and keys, and for the arrow of a submenu
constexpr float kLineRoom = 9;
constexpr float kLeastWidth = 180;
constexpr double kSubmenuDelay_s = 0.15;

struct Level {
    std::string id;  // "menu/file"
    Rect box;
    std::span<const MenuEntry> entries;
    int depth = 0;
};

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string entry_path(const Level& level, const MenuEntry& entry) {
    return level.id + "/" + entry.id;
}

int open_entry(const OpenPopup& popup, int depth) {
    return depth < static_cast<int>(popup.path.size()) ? popup.path[static_cast<std::size_t>(depth)]
                                                       : -1;
}

void open_submenu(OpenPopup& popup, int depth, int entry) {
    popup.path.resize(static_cast<std::size_t>(depth));
    popup.path.push_back(entry);
}

void draw_entry_marks(UiContext& ui, const MenuEntry& entry, Rect& inside, Colour ink) {
    const Rect lead = take_left(inside, ui.px(kLead - 8), ui.px(4));
    const Rect at{lead.x, lead.centre().y - ui.px(8), ui.px(16), ui.px(16)};
    if (entry.mark == MenuEntry::Mark::kOn) draw_icon(ui, at, Icon::kCheck, ui.theme.accent);
    if (entry.mark == MenuEntry::Mark::kChosen) draw_icon(ui, at, Icon::kDot, ui.theme.accent);
    if (entry.icon && entry.mark == MenuEntry::Mark::kNone) draw_icon(ui, at, *entry.icon, ink);
}

void show_help(UiContext& ui, const std::string& id, const MenuEntry& entry, const Rect& row,
               const Interaction& state) {
    if (!state.is_hovered || entry.help.empty() || !entry.children.empty()) return;
    if (!tooltip_is_due(ui, id)) return;
    const std::array lines{TooltipLine{entry.help, Type::kNote, ui.theme.ink}};
    draw_tooltip(ui, row, lines);
}

// Opens what the mouse rests on, closes what it has left.
void follow_mouse(UiContext& ui, OpenPopup& popup, const Level& level, int number,
                  const Interaction& state) {
    if (!state.is_hovered) return;
    const MenuEntry& entry = level.entries[static_cast<std::size_t>(number)];
    if (open_entry(popup, level.depth) == number) return;
    const FocusKey key = focus_key(entry_path(level, entry));
    if (popup.rests_on != key) {
        popup.rests_on = key;
        popup.rests_since_s = ui.now_s;
    }
    const double rest = kSubmenuDelay_s - (ui.now_s - popup.rests_since_s);
    if (rest > 0) {
        ui.request_frame_in(rest);
        return;
    }
    if (static_cast<int>(popup.path.size()) > level.depth) {
        popup.path.resize(static_cast<std::size_t>(level.depth));
        ui.request_frame_in(0);
    }
    if (!entry.children.empty() && entry.is_enabled) {
        open_submenu(popup, level.depth, number);
        ui.request_frame_in(0);
    }
}

void draw_entry(UiContext& ui, OpenPopup& popup, const Level& level, int number, const Rect& row,
                std::optional<MenuEntry>& chosen) {
    const MenuEntry& entry = level.entries[static_cast<std::size_t>(number)];
    const std::string id = entry_path(level, entry);
    const Interaction state = interact(ui, id, row, FocusKind::kItem);
    const bool is_open = open_entry(popup, level.depth) == number;
    const Colour ink = entry.is_enabled ? ui.theme.ink : ui.theme.ink_third;
    if (state.is_focused || is_open) fill(ui, row, ui.theme.accent_soft, ui.px(6));
    Rect inside = inset(row, ui.px(6), 0);
    draw_entry_marks(ui, entry, inside, entry.is_enabled ? ui.theme.ink_second : ink);
    if (!entry.children.empty()) {
        const Rect arrow = take_right(inside, ui.px(14), ui.px(4));
        draw_icon(ui, arrow, Icon::kChevronRight, ui.theme.ink_second);
    }
    if (!entry.chord.empty()) {
        const float width = measure_text(ui, Type::kNote, entry.chord);
        const Rect right = take_right(inside, std::min(width, inside.w * 0.6F), ui.px(12));
        draw_text(ui, {Type::kNote, ui.theme.ink_second, Align::kRight}, right, entry.chord);
    }
    draw_text(ui, {Type::kBody, ink}, inside, entry.label);
    const bool is_on = entry.mark == MenuEntry::Mark::kOn || entry.mark == MenuEntry::Mark::kChosen;
    log_item(
        ui, id, entry.is_enabled ? "entry" : "disabled", entry.label,
        entry.mark == MenuEntry::Mark::kNone ? std::nullopt : std::optional<double>(is_on ? 1 : 0),
        row);
    show_help(ui, id, entry, row, state);
    follow_mouse(ui, popup, level, number, state);
    const bool opens =
        state.was_clicked || (state.is_focused && ui.controls.focus.keys().right > 0 &&
                              ui.controls.focus.focused() == focus_key(id) && !state.took_focus);
    if (!entry.is_enabled || !opens) return;
    if (entry.children.empty()) {
        if (state.was_clicked) chosen = entry;
    } else if (!is_open) {
        open_submenu(popup, level.depth, number);
        // The keys go into it.
        const Level next{id, {}, entry.children, level.depth + 1};
        ui.controls.focus.give(entry_path(next, entry.children.front()), true);
        ui.request_frame_in(0);
    }
}

void draw_level(UiContext& ui, OpenPopup& popup, const Level& level, const MenuLayout& layout,
                std::optional<MenuEntry>& chosen) {
    const auto jumped =
        level.depth == static_cast<int>(popup.path.size())
            ? type_ahead(
                  ui, popup, static_cast<int>(level.entries.size()),
                  [&](int i) {
                      const std::string& label = level.entries[static_cast<std::size_t>(i)].label;
                      return label.size() >= popup.typed.size() &&
                             std::equal(popup.typed.begin(), popup.typed.end(), label.begin(),
                                        [](char a, char b) { return lower(a) == lower(b); });
                  })
            : std::nullopt;
    if (jumped) {
        const MenuEntry& entry = level.entries[static_cast<std::size_t>(*jumped)];
        ui.controls.focus.give(entry_path(level, entry), true);
    }
    begin_focus_group(ui, level.id);
    const float height = layout.rows.empty() ? 0 : layout.rows.back().bottom();
    const Rect inside = inset(level.box, ui.px(kMargin));
    const Point top = begin_scroll(ui, level.id, inside, 1, height);
    const float width = inside.w - (height > inside.h ? ui.px(12) : 0);
    for (const float y : layout.separators) {
        fill(ui, {top.x + ui.px(6), top.y + y, width - ui.px(12), ui.hairline()}, ui.theme.line);
    }
    for (std::size_t i = 0; i < layout.rows.size(); ++i) {
        const Rect row{top.x, top.y + layout.rows[i].y, width, layout.rows[i].h};
        draw_entry(ui, popup, level, static_cast<int>(i), row, chosen);
    }
    end_scroll();
    end_focus_group(ui);
}

// Left leaves a submenu for the entry that it belongs to.
void leave_by_key(UiContext& ui, OpenPopup& popup, const Level& parent) {
    if (ui.controls.focus.keys().right >= 0) return;
    const int entry = open_entry(popup, parent.depth);
    popup.path.resize(static_cast<std::size_t>(parent.depth));
    ui.controls.focus.give(entry_path(parent, parent.entries[static_cast<std::size_t>(entry)]),
                           true);
    ui.request_frame_in(0);
}

// The submenus that are open, each beside its entry.
void draw_submenus(UiContext& ui, OpenPopup& popup, Level level, const MenuLayout& first,
                   std::optional<MenuEntry>& chosen) {
    MenuLayout layout = first;
    const std::size_t depth_before = popup.path.size();
    for (std::size_t d = 0; d < popup.path.size() && popup.path.size() == depth_before; ++d) {
        const auto number = static_cast<std::size_t>(popup.path[d]);
        if (number >= level.entries.size()) {
            popup.path.resize(d);
            return;
        }
        const MenuEntry& entry = level.entries[number];
        const MenuLayout inner = layout_menu(ui, entry.children);
        const Rect row{level.box.x, level.box.y + ui.px(kMargin) + layout.rows[number].y,
                       level.box.w, layout.rows[number].h};
        const Level next{entry_path(level, entry), place_beside(ui, row, inner.box.w, inner.box.h),
                         entry.children, static_cast<int>(d) + 1};
        begin_popup_part(ui, next.id, next.box);
        draw_level(ui, popup, next, inner, chosen);
        if (d + 1 == popup.path.size()) leave_by_key(ui, popup, level);
        end_popup_part(ui);
        level = next;
        layout = inner;
    }
}

}  // namespace

MenuLayout layout_menu(const UiContext& ui, std::span<const MenuEntry> entries) {
    MenuLayout layout;
    float width = ui.px(kLeastWidth);
    float y = 0;
    for (const MenuEntry& entry : entries) {
        if (entry.begins_group && y > 0) {
            layout.separators.push_back(y + std::floor(ui.px(kLineRoom) / 2));
            y += ui.px(kLineRoom);
        }
        const float needed = ui.px(kLead + kTrail) + measure_text(ui, Type::kBody, entry.label) +
                             measure_text(ui, Type::kNote, entry.chord);
        width = std::max(width, std::min(needed + ui.px(12), ui.px(kMostWidth)));
        layout.rows.push_back({0, y, 0, ui.px(kRow)});
        y += ui.px(kRow);
    }
    layout.box = {0, 0, std::ceil(width) + 2 * ui.px(kMargin), y + 2 * ui.px(kMargin)};
    return layout;
}

namespace {

// Who opens a menu by keys stands on its chosen or first entry; who opens it by mouse comes there
// with the first arrow.
void enter_by_keys(UiContext& ui, const OpenPopup& popup, const Level& level) {
    FocusState& focus = ui.controls.focus;
    const bool is_entered = (popup.is_new && popup.returns_ring) || focus.keys().down != 0;
    if (focus.focused() != 0 || !is_entered) return;
    const auto is_chosen = [](const MenuEntry& e) { return e.mark == MenuEntry::Mark::kChosen; };
    auto entry = std::find_if(level.entries.begin(), level.entries.end(), is_chosen);
    if (entry == level.entries.end()) {
        entry = focus.keys().down < 0 ? level.entries.end() - 1 : level.entries.begin();
    }
    focus.give(entry_path(level, *entry), true);
    ui.request_frame_in(0);
}

}  // namespace

std::optional<MenuEntry> draw_menu(UiContext& ui, std::string_view id, const Rect& anchor,
                                   std::span<const MenuEntry> entries) {
    std::optional<MenuEntry> chosen;
    if (entries.empty() || !is_popup_open(ui.controls, id)) return chosen;
    const MenuLayout layout = layout_menu(ui, entries);
    const Level level{"menu/" + std::string(id),
                      place_below(ui, anchor, layout.box.w, layout.box.h), entries, 0};
    if (!begin_popup(ui, id, level.box)) return chosen;
    OpenPopup& popup = find_popup(ui, id);
    enter_by_keys(ui, popup, level);
    draw_level(ui, popup, level, layout, chosen);
    draw_submenus(ui, popup, level, layout, chosen);
    if (chosen) close_popup(ui, id);
    end_popup(ui);
    return chosen;
}

}  // namespace heed::app
