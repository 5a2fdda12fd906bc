#include "app/window/panel_frame.h"

#include <imgui.h>

#include <cmath>
#include <vector>

#include "app/ui/menu.h"
#include "app/ui/popup.h"
#include "app/ui/widgets.h"
#include "app/window/view_table.h"

namespace heed::app {

namespace {

// Design pixels.
constexpr float kHandle = 16;     // the upper margin of a card
constexpr float kTitleLine = 44;  // where a double click means the panel
constexpr float kKeyStep = 24;    // of a splitter that an arrow moves
constexpr float kTabPadding = 14;
constexpr float kTabArrow = 22;

// Three dots: there is more to be had here.
void draw_dots(UiContext& ui, const Rect& rect, Colour colour) {
    const float side = std::max(2.0F, ui.px(3));
    const Point middle = rect.centre();
    for (const float step : {-1.0F, 0.0F, 1.0F}) {
        fill(ui, {middle.x + step * ui.px(7) - side / 2, middle.y - side / 2, side, side}, colour,
             side / 2);
    }
}

// The menu `id`, once it was opened, hanging from `anchor`.
ViewResult draw_wishes(UiContext& ui, std::string_view id, const Rect& anchor,
                       const std::vector<MenuEntry>& entries) {
    ViewResult result;
    if (const std::optional<MenuEntry> entry = draw_menu(ui, id, anchor, entries)) {
        result.commands.push_back({entry->action, entry->arguments});
    }
    return result;
}

MenuEntry make_entry(std::string_view id, std::string_view label, const char* action,
                     std::vector<std::string> arguments) {
    MenuEntry entry;
    entry.id = id;
    entry.label = label;
    entry.mark = MenuEntry::Mark::kOff;
    entry.action = action;
    entry.arguments = std::move(arguments);
    return entry;
}

std::vector<MenuEntry> list_menu(const UiContext& ui, const Panels& panels, Slot slot) {
    const std::string place(slot_name(slot));
    const std::string shown = shown_views(panels)[static_cast<std::size_t>(slot)];
    std::vector<MenuEntry> entries;
    for (const ViewEntry& view : all_views()) {
        entries.push_back(
            make_entry(view.name, view.title, "panel", {place, std::string(view.name)}));
        entries.back().help = view.tells;
        if (view.name == shown) entries.back().mark = MenuEntry::Mark::kChosen;
    }
    const bool is_alone = panels.arrangement.maximised == slot;
    entries.push_back(
        make_entry("maximise", is_alone ? "Restore" : "Maximise", "maximise", {place}));
    entries.back().chord = ui.actions.shown_chord("maximise");
    entries.back().icon = is_alone ? Icon::kRestore : Icon::kMaximise;
    entries.back().begins_group = true;
    if (slot != Slot::kCentre) {
        entries.push_back(
            make_entry("swap", "Swap with the middle", "swap-panels", {place, "centre"}));
        entries.back().icon = Icon::kSwap;
        entries.push_back(make_entry("hide", "Hide", "show-panel", {place, "off"}));
        entries.back().icon = Icon::kClose;
    }
    entries.push_back(make_entry("reset", "Reset all panels", "reset-panels", {}));
    entries.back().icon = Icon::kReset;
    return entries;
}

void tell(UiContext& ui, std::string_view id, const Rect& anchor, std::string text) {
    if (!tooltip_is_due(ui, id)) return;
    const std::array lines{TooltipLine{std::move(text), Type::kNote, ui.theme.ink}};
    draw_tooltip(ui, anchor, lines);
}

struct Gap {
    const char* id;
    const char* name;  // for resize-panel
    Rect rect;
    bool is_upright = true;
};

// The line in the middle of a gap. `wanted` is what resize-panel is to be given for a place of the
// middle of the gap.
template <class Wanted>
void draw_splitter(UiContext& ui, const Gap& gap, float& grab, ViewResult& result,
                   const Wanted& wanted) {
    if (gap.rect.is_empty()) return;
    const Interaction state = interact(ui, gap.id, gap.rect, FocusKind::kValue);
    const bool was_taken = ImGui::IsItemActivated();
    const float middle = gap.is_upright ? gap.rect.centre().x : gap.rect.centre().y;
    const float mouse = gap.is_upright ? state.mouse.x : state.mouse.y;
    if (was_taken) grab = mouse - middle;
    log_item(ui, gap.id, "splitter", gap.name, std::nullopt, gap.rect);
    const int steps = gap.is_upright ? state.right : state.down;
    if (steps != 0) {
        const float moved = middle + static_cast<float>(steps) * ui.px(kKeyStep);
        result.commands.push_back({"resize-panel", {gap.name, wanted(moved)}});
    }
    if (!state.is_hovered && !state.is_held) return;
    ImGui::SetMouseCursor(gap.is_upright ? ImGuiMouseCursor_ResizeEW : ImGuiMouseCursor_ResizeNS);
    const float width = state.is_held ? ui.px(3) : ui.px(2);
    const Colour colour = state.is_held ? ui.theme.accent : ui.theme.ink_third;
    const Rect& r = gap.rect;
    fill(ui,
         gap.is_upright ? Rect{r.centre().x - width / 2, r.y, width, r.h}
                        : Rect{r.x, r.centre().y - width / 2, r.w, width},
         colour, width / 2);
    if (state.is_hovered && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) {
        result.commands.push_back({"resize-panel", {gap.name, "0"}});
    } else if (state.is_held && std::abs(mouse - grab - middle) >= 1) {
        result.commands.push_back({"resize-panel", {gap.name, wanted(mouse - grab)}});
    } else if (state.is_hovered && !state.is_held) {
        tell(ui, gap.id, gap.rect, "Drag to resize, double-click for the first size");
    }
}

std::string whole(float value) {
    return std::to_string(std::lround(value));
}

// The inspector has a tab where it has no panel of its own.
bool has_tab(const Panels& panels, std::string_view view) {
    if (view != "inspector" || panels.centre() == view) return true;
    const PanelArrangement& wish = panels.arrangement;
    const std::array<std::string, kSlotCount> shown = shown_views(panels);
    const bool is_beside =
        (wish.shows_right_top && shown[1] == view) || (wish.shows_right_bottom && shown[2] == view);
    return wish.maximised.has_value() || !is_beside;
}

}  // namespace

ViewResult draw_panel_handle(UiContext& ui, const Panels& panels, Slot slot, const Rect& rect) {
    ViewResult result;
    const std::string place(slot_name(slot));
    const std::string id = "panel/" + place;
    const std::string& menu = id;
    const Rect bar{rect.x, rect.y, rect.w, ui.px(kHandle)};
    const Rect dots{rect.right() - ui.px(44), rect.y, ui.px(36), bar.h};
    const Interaction press = interact(ui, id + "/more", dots);
    const bool is_open = is_popup_open(ui.controls, menu);
    const ImVec2 mouse = ImGui::GetMousePos();
    const bool is_here =
        rect.contains({mouse.x, mouse.y}) && ImGui::IsWindowHovered(ImGuiHoveredFlags_ChildWindows);
    if (press.is_hovered || is_open) {
        fill(ui, inset(dots, 0, ui.px(2)), ui.theme.sunk, ui.px(6));
        ImGui::SetMouseCursor(press.is_hovered ? ImGuiMouseCursor_Hand : ImGuiMouseCursor_Arrow);
    }
    const bool is_strong = press.is_hovered || is_open;
    draw_dots(ui, dots, is_strong ? ui.theme.ink : (is_here ? ui.theme.ink_second : ui.theme.line));
    log_item(ui, id + "/more", "button", "panel menu", std::nullopt, dots);
    if (press.is_hovered && !is_open) tell(ui, id, dots, "Another view here, alone, or hidden");

    const Rect title{rect.x, rect.y, rect.w, ui.px(kTitleLine)};
    const bool is_free =
        is_here && title.contains({mouse.x, mouse.y}) && !ImGui::IsAnyItemHovered();
    if (is_free && ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) {
        result.commands.push_back({"maximise", {place}});
    }
    if (press.was_clicked) open_popup(ui, menu);
    if (is_open || press.was_clicked) {
        result.add(draw_wishes(ui, menu, dots, list_menu(ui, panels, slot)));
    }
    return result;
}

ViewResult draw_splitters(UiContext& ui, const ShellLayout& layout, float& grab) {
    ViewResult result;
    const float scale = ui.scale;
    draw_splitter(ui, {"splitter/rail", "rail", layout.rail_splitter, true}, grab, result,
                  [&](float middle) {
                      const float left = middle - layout.rail_splitter.w / 2;
                      return whole(std::clamp(left / scale, kRailLeast, kRailMost));
                  });
    const Rect& right = layout.right_splitter;
    const Rect& column = layout.panel(Slot::kRightBottom).is_empty()
                             ? layout.panel(Slot::kRightTop)
                             : layout.panel(Slot::kRightBottom);
    draw_splitter(ui, {"splitter/right", "right", right, true}, grab, result, [&](float middle) {
        const float width = column.right() - middle - right.w / 2;
        return whole(std::clamp(width / scale, kRightLeast, kRightMost));
    });
    const Rect& row = layout.row_splitter;
    draw_splitter(ui, {"splitter/right-top", "right-top", row, false}, grab, result,
                  [&](float middle) {
                      const Rect& above = layout.panel(Slot::kRightTop);
                      const float all = column.bottom() - above.y;
                      const float share = (middle - row.h / 2 - above.y) / all;
                      return whole(100 * std::clamp(share, kTopShareLeast, kTopShareMost));
                  });
    return result;
}

float measure_tabs(const UiContext& ui, const Panels& panels) {
    float width = ui.px(8);
    for (const ViewEntry& view : all_views()) {
        if (!has_tab(panels, view.name)) continue;
        width += measure_text(ui, Type::kNoteStrong, view.title) + 2 * ui.px(kTabPadding);
    }
    return std::ceil(width);
}

float measure_short_tabs(const UiContext& ui) {
    float width = 0;
    for (const ViewEntry& view : all_views()) {
        width = std::max(width, measure_text(ui, Type::kNoteStrong, view.title));
    }
    return std::ceil(width + ui.px(kTabArrow) + 2 * ui.px(kTabPadding));
}

namespace {

ViewResult draw_short_tabs(UiContext& ui, const Panels& panels, const Rect& rect) {
    const Interaction press = interact(ui, "tabs/more", rect);
    const std::string_view title =
        all_views()[static_cast<std::size_t>(find_view(panels.centre()))].title;
    fill(ui, rect, press.is_hovered ? mix(ui.theme.sunk, ui.theme.ink, 0.06F) : ui.theme.sunk,
         ui.px(8));
    Rect inside = inset(rect, ui.px(kTabPadding), 0);
    const Point middle = take_right(inside, ui.px(10), ui.px(8)).centre();
    draw_triangle(ui, {middle.x - ui.px(4), middle.y - ui.px(2)},
                  {middle.x + ui.px(4), middle.y - ui.px(2)}, {middle.x, middle.y + ui.px(3)},
                  ui.theme.ink_second);
    draw_text(ui, {Type::kNoteStrong, ui.theme.ink}, inside, title);
    log_item(ui, "tabs/more", "button", title, std::nullopt, rect);
    std::vector<MenuEntry> entries;
    for (const ViewEntry& view : all_views()) {
        entries.push_back(make_entry(view.name, view.title, "view", {std::string(view.name)}));
        entries.back().chord = ui.actions.shown_chord("view-" + std::string(view.name));
        entries.back().help = view.tells;
        if (view.name == panels.centre()) entries.back().mark = MenuEntry::Mark::kChosen;
    }
    if (press.was_clicked) open_popup(ui, "tabs");
    return draw_wishes(ui, "tabs", rect, entries);
}

ViewResult draw_all_tabs(UiContext& ui, const Panels& panels, const Rect& rect) {
    ViewResult result;
    fill(ui, rect, ui.theme.sunk, ui.px(10));
    Rect rest = inset(rect, ui.px(4));
    begin_focus_group(ui, "tabs", "tabs/" + panels.centre());
    for (const ViewEntry& view : all_views()) {
        if (!has_tab(panels, view.name)) continue;
        const float width =
            measure_text(ui, Type::kNoteStrong, view.title) + 2 * ui.px(kTabPadding);
        const Rect part = take_left(rest, width);
        const std::string id = "tabs/" + std::string(view.name);
        const Interaction state = interact(ui, id, part);
        const bool is_chosen = view.name == panels.centre();
        if (is_chosen) {
            fill(ui, part, ui.theme.surface, ui.px(8));
            outline(ui, part, ui.theme.line, ui.hairline(), ui.px(8));
        }
        const Colour ink = is_chosen || state.is_hovered ? ui.theme.ink : ui.theme.ink_second;
        draw_text(ui, {is_chosen ? Type::kNoteStrong : Type::kNote, ink, Align::kCentre}, part,
                  view.title);
        log_item(ui, id, is_chosen ? "chosen" : "choice", view.title, std::nullopt, part);
        if (state.is_hovered) {
            ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
            const std::string chord = ui.actions.shown_chord("view-" + std::string(view.name));
            tell(ui, id, part, std::string(view.tells) + (chord.empty() ? "" : " (" + chord + ")"));
        }
        if (state.was_clicked && !is_chosen) {
            result.commands.push_back({"view", {std::string(view.name)}});
        }
    }
    end_focus_group(ui);
    return result;
}

}  // namespace

ViewResult draw_tabs(UiContext& ui, const Panels& panels, const ShellLayout& layout) {
    ViewResult result = layout.tabs_are_short ? draw_short_tabs(ui, panels, layout.tabs)
                                              : draw_all_tabs(ui, panels, layout.tabs);
    if (layout.side_tabs.is_empty()) return result;
    const std::array<std::string, kSlotCount> shown = shown_views(panels);
    std::vector<std::string> titles;
    for (const std::size_t slot : {1U, 2U}) {
        titles.emplace_back(all_views()[static_cast<std::size_t>(find_view(shown[slot]))].title);
    }
    const std::optional<int> side =
        segmented(ui, "side", layout.side_tabs, titles, panels.arrangement.prefers_bottom ? 1 : 0);
    if (side) result.commands.push_back({"side", {*side == 0 ? "top" : "bottom"}});
    return result;
}

}  // namespace heed::app
