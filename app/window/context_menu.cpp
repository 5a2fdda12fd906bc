#include "app/window/context_menu.h"

#include <imgui.h>

#include <cmath>
#include <utility>

#include "app/window/menu_book.h"

namespace heed::app {

namespace {

constexpr std::string_view kId = "context";
constexpr int kRightButton = 1;
constexpr float kMostMoved_px = 4;

float area(const Rect& rect) {
    return rect.w * rect.h;
}

std::vector<MenuEntry> list_entries_of(UiContext& ui, const ContextMenuState& state,
                                       const std::vector<OptionEntry>& options) {
    std::vector<MenuEntry> entries;
    for (const ContextProvider& provider : state.providers) provider(state.place, entries);
    MenuEntry of_view;
    of_view.id = "options";
    of_view.label = "Options";
    of_view.begins_group = !entries.empty();
    of_view.children = make_entries(options, state.place.view);
    if (!of_view.children.empty()) entries.push_back(std::move(of_view));
    bool begins_group = !entries.empty();
    for (const char* name : {"back", "maximise", "command-palette", "keys"}) {
        const Action* action = ui.actions.find(name);
        if (action == nullptr) continue;
        MenuEntry entry = make_entry(*action);
        entry.begins_group = std::exchange(begins_group, false);
        entries.push_back(std::move(entry));
    }
    return entries;
}

// Whether the menu was asked for in this frame; by the mouse when its button is let go.
bool is_asked(ContextMenuState& state) {
    if (std::exchange(state.is_wanted, false)) return true;
    if (ImGui::IsMouseClicked(kRightButton)) state.is_pressed = true;
    if (!state.is_pressed || !ImGui::IsMouseReleased(kRightButton)) return false;
    state.is_pressed = false;
    const ImVec2 moved = ImGui::GetMouseDragDelta(kRightButton, 0);
    return std::abs(moved.x) + std::abs(moved.y) <= kMostMoved_px;
}

}  // namespace

bool wants_figures(const ContextMenuState& state) {
    return state.is_wanted || (state.is_pressed && ImGui::IsMouseReleased(kRightButton));
}

ContextPlace find_place(const ContextMenuState& state, Point mouse) {
    ContextPlace place;
    place.mouse = mouse;
    for (const ShownView& view : state.views) {
        if (view.rect.contains(mouse)) place.view = view.view;
    }
    const FigureArea* best = nullptr;
    for (const FigureArea& figure : state.figures) {
        if (!figure.rect.contains(mouse)) continue;
        if (best == nullptr || area(figure.rect) < area(best->rect)) best = &figure;
    }
    if (best == nullptr) {
        // Else the whole view is the picture.
        if (!place.view.empty()) place.figure = "view/" + place.view;
        return place;
    }
    place.figure = best->id;
    place.title = best->title;
    place.has_numbers = static_cast<bool>(best->numbers);
    return place;
}

ViewResult draw_context_menu(UiContext& ui, ContextMenuState& state,
                             const std::function<std::vector<OptionEntry>()>& options) {
    ViewResult result;
    if (ui.controls.popups.open.empty() && is_asked(state)) {
        const ImVec2 mouse = ImGui::GetMousePos();
        const std::optional<Rect> ring = ui.controls.focus.ring();
        const bool by_keys = !ImGui::IsMouseReleased(kRightButton) && ring.has_value();
        state.place = find_place(state, by_keys ? ring->centre() : Point{mouse.x, mouse.y});
        state.entries = list_entries_of(ui, state, options());
        open_popup(ui, kId);
    }
    const Rect anchor{state.place.mouse.x, state.place.mouse.y - ui.px(4), 1, 1};
    const std::optional<MenuEntry> chosen = draw_menu(ui, kId, anchor, state.entries);
    if (chosen) result.commands.push_back({chosen->action, chosen->arguments});
    return result;
}

}  // namespace heed::app
