// Where the parts of the screen lie, for any size and scale. Pure.
#pragma once

#include "app/ui/geometry.h"

namespace heed::app {

struct ShellLayout {
    Rect top_bar;
    Rect tokens;     // the row of chips
    Rect tabs;       // choice of the view in the middle, at the right of the tokens
    Rect banner;     // notes and errors; empty (h 0) where there is nothing to say
    Rect rail;       // layer, head, stages
    Rect centre;     // the one large thing
    Rect heads;      // empty where the right column shows the inspector alone
    Rect inspector;  // empty where the right column shows the heads alone
    Rect side_tabs;  // choice between the two, where there is no room for both; else empty
    Rect bottom_bar;
};

struct ShellRequest {
    float width = 0;  // pixels of the picture
    float height = 0;
    float scale = 1;
    bool has_banner = false;
    bool prefers_inspector = false;  // where only one of heads and inspector has room
    float tabs_width = 0;
};

ShellLayout layout_shell(const ShellRequest& request);

// The parts of the top bar, from the left.
struct TopBarLayout {
    Rect name;
    Rect model;
    Rect text;
    Rect pair;         // empty (w 0) where there is no second sentence
    Rect pair_button;  // empty (w 0) where the model takes no pair
    Rect status;
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
