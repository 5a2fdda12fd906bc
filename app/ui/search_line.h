// The line at the top of the palette and of the sheet of keys: it has the keys while it is there.
#pragma once

#include <string>
#include <string_view>

#include "app/ui/ui_context.h"

namespace heed::app {

// True when `query` changed. Backspace takes the last character, Ctrl+Backspace all, Ctrl+V pastes.
bool search_line(UiContext& ui, std::string_view id, const Rect& rect, std::string& query,
                 std::string_view hint);

}  // namespace heed::app
