// What the right button of the mouse opens: what can be done with the picture under it, and the
// options of its view.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "app/ui/figures.h"
#include "app/ui/menu.h"
#include "app/ui/options.h"
#include "app/views/view.h"
#include "app/window/view_table.h"

namespace heed::app {

// Where the menu was asked for.
struct ContextPlace {
    Point mouse;
    std::string view;    // "attention"; "" outside of all views
    std::string figure;  // "view/attention/heatmap"; "" where there is none
    std::string title;   // of the figure
    bool has_numbers = false;
};
// Adds entries for a place.
using ContextProvider = std::function<void(const ContextPlace&, std::vector<MenuEntry>&)>;

struct ContextMenuState {
    std::vector<ContextProvider> providers;  // in the order of their entries
    std::vector<ShownView> views;            // of this frame
    std::vector<FigureArea> figures;         // of a frame in which somebody asks
    bool is_wanted = false;                  // opens by the keys
    bool is_pressed = false;                 // the right button is down and has not moved
    ContextPlace place;
    std::vector<MenuEntry> entries;  // of the open menu
};

// Whether this frame's views are to say where their figures are.
bool wants_figures(const ContextMenuState& state);
ViewResult draw_context_menu(UiContext& ui, ContextMenuState& state,
                             const std::function<std::vector<OptionEntry>()>& options);
// The innermost figure at `mouse` and the view there.
ContextPlace find_place(const ContextMenuState& state, Point mouse);

}  // namespace heed::app
