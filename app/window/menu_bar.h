// The menu bar: a slim row of words, opened by the mouse, by Alt or F10, and by Alt with a letter.
#pragma once

#include <vector>

#include "app/views/view.h"
#include "app/window/menu_book.h"

namespace heed::app {

constexpr float kMenuBarHeight = 30;  // design pixels

struct MenuBarState {
    std::vector<MenuPlan> plans;
    std::vector<Menu> menus;  // built when one opens
    int open = -1;            // index in `menus`
    bool is_wanted = false;   // opens in the next frame
    bool alt_alone = false;   // Alt is down and nothing else was pressed since
};

// `build` makes the menus anew; called in the frame in which one opens.
ViewResult draw_menu_bar(UiContext& ui, const Rect& bar, MenuBarState& state,
                         const std::function<std::vector<Menu>()>& build);

}  // namespace heed::app
