// The line at the top of the palette and of the sheet of keys: it has the keys while it is there,
// but for those that walk the list below.
#pragma once

#include <string_view>

#include "app/text/text_edit.h"
#include "app/ui/ui_context.h"

namespace heed::app {

struct SearchState {
    TextEdit edit;
    float scroll_px = 0;

    const std::string& text() const { return edit.text(); }
    void reset(std::string text) {
        edit.reset(std::move(text));
        scroll_px = 0;
    }
};

// True when the text changed. Items: `id` of kind field, "<id>/caret" with the byte it stands
// before as its value.
bool search_line(UiContext& ui, std::string_view id, const Rect& rect, SearchState& state,
                 std::string_view hint);

}  // namespace heed::app
