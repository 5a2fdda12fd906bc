// A line of text that a person can write in: any script and emoji, selection by mouse and keys,
// clipboard, its own undo. What is typed comes as whole characters in UiContext::typed, so that
// input methods reach it too.
#pragma once

#include <string_view>

#include "app/text/text_edit.h"
#include "app/ui/widgets.h"

namespace heed::app {

struct TextFieldState {
    TextEdit edit;
    float scroll_px = 0;
    bool has_keys = false;  // in this frame
    bool was_held = false;
    int presses = 0;  // on one place without a pause: one, two, three
    double pressed_s = -1;
    Point pressed_at;
    TextSegment pressed_on;  // the word of a second press, from which dragging goes on
};

struct TextFieldRequest {
    std::string_view id;
    std::string_view hint;    // while there is nothing
    std::string_view note{};  // at the right end, while there is room
    Type type = Type::kSentence;
    bool takes_keys = false;    // the field has the keys from this frame on
    float right_margin_px = 0;  // of the rectangle, for what lies over the field there
    bool is_busy = false;       // what was written is not shown yet: a quiet sign at the note
};

struct TextFieldResult {
    bool was_changed = false;
    bool was_entered = false;  // Enter, which also leaves
};

// Items: "<id>" of kind field with the text, "<id>/selection" with what is selected, "<id>/caret"
// with the byte it stands before as its value.
TextFieldResult draw_text_field(UiContext& ui, const TextFieldRequest& request, const Rect& rect,
                                TextFieldState& state);

}  // namespace heed::app
