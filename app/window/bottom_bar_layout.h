// Where the parts of the bottom bar lie. Pure.
#pragma once

#include "app/ui/geometry.h"

namespace heed::app {

struct BottomBarLayout {
    Rect back;  // buttons of walking
    Rect play;
    Rect next;
    Rect track;  // of the slider over the words
    Rect title;
    bool has_small_title = false;  // before the slider, so that the sentence has two lines
    Rect sentence;
    int lines = 1;  // of the sentence
    Rect formula;   // empty where it has no room
    Rect code;      // empty where the stages are not shown
    Rect mode;
};
struct BottomBarRequest {
    Rect bar;
    float scale = 1;
    float text_left = 0;  // where the words begin
    float title_h = 0;    // of one line
    float title_w = 0;    // of the small title
    float line_h = 0;     // of one line of the sentence
    float formula_w = 0;
    float mode_w = 0;  // 0: neither mode nor code is offered
    float code_w = 0;
};
BottomBarLayout layout_bottom_bar(const BottomBarRequest& request);

}  // namespace heed::app
