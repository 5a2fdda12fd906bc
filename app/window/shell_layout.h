// Where the parts of the screen lie, for any size and scale. Pure.
#pragma once

#include <array>

#include "app/ui/geometry.h"
#include "app/window/panels.h"

namespace heed::app {

// A part that is hidden or has no room is empty.
struct ShellLayout {
    Rect menu_bar;
    Rect top_bar;
    Rect tokens;  // the row of chips
    Rect tabs;    // choice of the view in the centre
    Rect banner;  // notes and errors
    Rect rail;    // layer, head, stages
    std::array<Rect, kSlotCount> panels;
    Rect side_tabs;  // choice between the right panels, where there is no room for both
    Rect bottom_bar;
    // The gaps that can be dragged.
    Rect rail_splitter;
    Rect right_splitter;
    Rect row_splitter;            // between the two right panels
    bool tabs_have_line = false;  // below the chips, not beside them
    bool tabs_are_short = false;  // a drop-down instead

    const Rect& panel(Slot slot) const { return panels[static_cast<std::size_t>(slot)]; }
    const Rect& centre() const { return panel(Slot::kCentre); }
    // From the first to the last pixel of what lies between the bars.
    Rect work_area() const;
};

struct ShellRequest {
    float width = 0;  // pixels of the picture
    float height = 0;
    float scale = 1;
    float menu_bar_height = 0;  // pixels
    bool has_banner = false;
    PanelArrangement arrangement{};
    // Pixels that the chips, the tabs and the drop-down in their place need.
    float tokens_width = 0;
    float tabs_width = 0;
    float short_tabs_width = 0;
    bool tabs_had_line = false;  // in the frame before; they do not jump to and fro while typing
};

ShellLayout layout_shell(const ShellRequest& request);

// The parts of the top bar, from the left.
struct TopBarLayout {
    Rect name;
    Rect model;
    Rect text;
    Rect pair;         // empty (w 0) where there is no second sentence
    Rect pair_button;  // empty (w 0) where the model takes no pair, or there is no room
    Rect status;       // empty where there is no room, as is the next
    Rect theme;
};

struct TopBarRequest {
    Rect bar;
    float scale = 1;
    float name_width = 0;
    float model_width = 0;
    float status_width = 0;
    float theme_width = 0;
    float pair_button_width = 0;  // 0: the model takes no pair
    bool has_pair = false;
};

TopBarLayout layout_top_bar(const TopBarRequest& request);

}  // namespace heed::app
