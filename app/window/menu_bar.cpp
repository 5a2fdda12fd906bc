#include "app/window/menu_bar.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "app/ui/widgets.h"

namespace heed::app {

namespace {

constexpr float kEdge = 14;     // design pixels before the first word
constexpr float kPadding = 10;  // at both sides of a word

std::string popup_id(const Menu& menu) {
    return menu.id;
}

// Where the words stand.
std::vector<Rect> layout_titles(const UiContext& ui, const Rect& bar,
                                const std::vector<Menu>& menus) {
    std::vector<Rect> places;
    float left = bar.x + ui.px(kEdge);
    for (const Menu& menu : menus) {
        const float width =
            std::ceil(measure_text(ui, Type::kNoteStrong, menu.title)) + 2 * ui.px(kPadding);
        places.push_back({left, bar.y + ui.px(2), width, bar.h - 2 * ui.px(2)});
        left += width;
    }
    return places;
}

// Alt pressed and let go with nothing between, or Alt with the first letter of a menu: its index.
std::optional<int> read_alt(MenuBarState& state) {
    const ImGuiIO& io = ImGui::GetIO();
    bool has_other = ImGui::IsAnyMouseDown() || io.KeyCtrl || io.KeyShift;
    std::optional<int> wanted;
    for (int key = kKeySpace; key < kKeyCount; ++key) {
        constexpr int kFirstModifier = 340;
        constexpr int kLastModifier = 347;
        if (key >= kFirstModifier && key <= kLastModifier) continue;
        if (!ImGui::IsKeyDown(key)) continue;
        has_other = true;
        if (!io.KeyAlt || !ImGui::IsKeyPressed(key, false)) continue;
        for (std::size_t i = 0; i < state.menus.size(); ++i) {
            if (state.menus[i].title[0] == static_cast<char>(key)) wanted = static_cast<int>(i);
        }
    }
    if (io.KeyAlt && !has_other) {
        state.alt_alone = true;
    } else if (has_other) {
        state.alt_alone = false;
    } else if (std::exchange(state.alt_alone, false)) {
        wanted = 0;
    }
    return wanted;
}

void draw_title(UiContext& ui, const Menu& menu, const Rect& place, bool is_open,
                const Interaction& state) {
    if (is_open || state.is_hovered) {
        fill(ui, place, is_open ? ui.theme.accent_soft : ui.theme.sunk, ui.px(6));
    }
    const Colour ink = is_open ? ui.theme.accent : ui.theme.ink_second;
    const float width = measure_text(ui, Type::kNote, menu.title);
    draw_text(ui, {Type::kNote, ink, Align::kCentre}, place, menu.title);
    if (ImGui::GetIO().KeyAlt) {
        const float letter = measure_text(ui, Type::kNote, menu.title.substr(0, 1));
        const float left = place.centre().x - width / 2;
        const float y = place.centre().y + line_height(ui, Type::kNote) / 2;
        draw_line(ui, {left, y}, {left + letter, y}, ink, ui.hairline());
    }
    log_item(ui, "menu/" + menu.id, is_open ? "open" : "menu", menu.title, std::nullopt, place);
}

void open_menu(UiContext& ui, MenuBarState& state, int number) {
    if (state.open >= 0) {
        close_popup(ui, popup_id(state.menus[static_cast<std::size_t>(state.open)]));
    }
    state.open = std::clamp(number, 0, static_cast<int>(state.menus.size()) - 1);
    const Menu& menu = state.menus[static_cast<std::size_t>(state.open)];
    open_popup(ui, popup_id(menu));
    ui.controls.focus.give("menu/" + menu.id + "/" + menu.entries.front().id, true);
}

// Left and Right lead to the neighbours; so does the mouse over another word.
void walk_menus(UiContext& ui, MenuBarState& state, const std::vector<Rect>& places,
                std::size_t depth_before, std::size_t depth_after) {
    const int count = static_cast<int>(state.menus.size());
    const int right = ui.controls.focus.keys().right;
    if (right > 0 && depth_after == depth_before) open_menu(ui, state, (state.open + 1) % count);
    if (right < 0 && depth_before == 0) open_menu(ui, state, (state.open + count - 1) % count);
    const ImVec2 mouse = ImGui::GetMousePos();
    const ImVec2 moved = ImGui::GetIO().MouseDelta;
    if (moved.x == 0 && moved.y == 0) return;
    for (std::size_t i = 0; i < places.size(); ++i) {
        if (!places[i].contains({mouse.x, mouse.y}) || static_cast<int>(i) == state.open) continue;
        open_menu(ui, state, static_cast<int>(i));
    }
}

// The way to the palette for the mouse, at the right end where there is room after `left`.
ViewResult draw_find_button(UiContext& ui, const Rect& bar, float left) {
    ViewResult result;
    const std::string label = "Find  " + ui.actions.shown_chord("command-palette");
    const float width = measure_button(ui, label) + ui.px(22);
    const Rect place{bar.right() - ui.px(kEdge) - width, bar.y + ui.px(2), width,
                     bar.h - 2 * ui.px(2)};
    if (place.x < left) return result;
    ButtonOptions options{ButtonLook::kPlain, true, "Any action, option, model, head or word"};
    options.icon = Icon::kSearch;
    if (button(ui, "bar/find", place, label, options)) {
        result.commands.push_back({"command-palette", {}});
    }
    return result;
}

std::size_t depth_of(UiContext& ui, const std::string& id) {
    return is_popup_open(ui.controls, id) ? find_popup(ui, id).path.size() : 0;
}

ViewResult draw_open(UiContext& ui, MenuBarState& state, const std::vector<Rect>& places) {
    ViewResult result;
    const auto number = static_cast<std::size_t>(state.open);
    const Menu& menu = state.menus[number];
    const std::string id = popup_id(menu);
    if (!is_popup_open(ui.controls, id)) {
        state.open = -1;
        return result;
    }
    const std::size_t before = depth_of(ui, id);
    const std::optional<MenuEntry> chosen = draw_menu(ui, id, places[number], menu.entries);
    if (chosen) result.commands.push_back({chosen->action, chosen->arguments});
    if (!is_popup_open(ui.controls, id)) {
        state.open = -1;
        return result;
    }
    walk_menus(ui, state, places, before, depth_of(ui, id));
    return result;
}

}  // namespace

ViewResult draw_menu_bar(UiContext& ui, const Rect& bar, MenuBarState& state,
                         const std::function<std::vector<Menu>()>& build) {
    if (state.menus.empty()) state.menus = build();
    fill_ground(ui, bar, ui.theme.surface);
    const std::vector<Rect> places = layout_titles(ui, bar, state.menus);
    std::optional<int> wanted = read_alt(state);
    if (std::exchange(state.is_wanted, false)) wanted = 0;
    begin_focus_group(ui, "menus");
    for (std::size_t i = 0; i < state.menus.size(); ++i) {
        const bool is_open = static_cast<int>(i) == state.open;
        const Interaction press = interact(ui, "menu/" + state.menus[i].id, places[i]);
        draw_title(ui, state.menus[i], places[i], is_open, press);
        if (press.was_clicked) wanted = static_cast<int>(i);
    }
    end_focus_group(ui);
    ViewResult result = draw_find_button(ui, bar, places.empty() ? bar.x : places.back().right());
    if (wanted && state.open < 0) {
        state.menus = build();
        open_menu(ui, state, *wanted);
    }
    if (state.open >= 0) result.add(draw_open(ui, state, places));
    return result;
}

}  // namespace heed::app
