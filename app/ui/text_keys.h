// What the keyboard does to a line of text that is being edited: the same in every field. Reads
// ImGui's keys and clipboard.
#pragma once

#include <cstddef>

#include "app/text/text_edit.h"
#include "app/ui/ui_context.h"

namespace heed::app {

constexpr std::size_t kAnyLength = static_cast<std::size_t>(-1);

// What was written, and the keys that move the caret, select, copy, paste, erase, undo. `shaped` is
// the text as it is drawn. What would make it longer than `most_bytes` does not come in. True where
// the text changed.
bool edit_by_keys(UiContext& ui, TextEdit& edit, const ShapedText& shaped,
                  std::size_t most_bytes = kAnyLength);

}  // namespace heed::app
