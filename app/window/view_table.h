// THE table of views: whatever offers, names or draws a view walks it.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "app/document/document.h"
#include "app/views/view.h"

namespace heed::app {

struct ViewEntry {
    std::string_view name;   // "attention": in actions, scenarios and settings
    std::string_view title;  // "Attention": on tabs and in menus
    std::string_view tells;  // what it shows, in a few words, for tooltips
    ViewResult (*draw)(Document& document, const Rect& rect, UiContext& ui);  // there is a trace
};

// Where a view stands in a frame.
struct ShownView {
    std::string view;
    Rect rect;
};

std::span<const ViewEntry> all_views();
// Index in all_views(); -1 for another word.
int find_view(std::string_view name);

}  // namespace heed::app
