#include "app/ui/text_keys.h"

#include <imgui.h>

#include <string>
#include <string_view>

#include "app/ui/keys.h"
#include "core/base/utf8.h"

namespace heed::app {

namespace {

using Extend = TextEdit::Extend;

bool is_pressed(int key) {
    return ImGui::IsKeyPressed(key, true);
}

// As much of `typed` as there is room for, in whole characters.
bool insert_some(TextEdit& edit, std::string_view typed, std::size_t most_bytes) {
    const TextSegment chosen = edit.selection();
    const std::size_t kept = edit.text().size() - (chosen.end - chosen.begin);
    const std::size_t room = most_bytes > kept ? most_bytes - kept : 0;
    if (typed.size() > room) {
        std::size_t end = room;
        while (end > 0 && (static_cast<unsigned char>(typed[end]) & 0xC0U) == 0x80U) --end;
        typed = typed.substr(0, end);
    }
    if (typed.empty()) return false;
    edit.insert(typed);
    return true;
}

// Keys with Ctrl. True where the text changed.
bool edit_with_ctrl(TextEdit& edit, Extend extend, std::size_t most_bytes) {
    if (is_pressed(kKeyA)) edit.select_all();
    const bool cuts = is_pressed('X');
    if ((cuts || is_pressed('C') || is_pressed(kKeyInsert)) && edit.has_selection()) {
        ImGui::SetClipboardText(edit.selected_text().c_str());
    }
    const bool is_shifted = extend == Extend::kYes;
    bool was_changed = cuts && edit.has_selection() && edit.erase_back();
    if (is_pressed('V')) {
        const char* pasted = ImGui::GetClipboardText();
        if (pasted != nullptr && *pasted != '\0') {
            was_changed = insert_some(edit, pasted, most_bytes) || was_changed;
        }
    }
    if (is_pressed('Z')) was_changed = (is_shifted ? edit.redo() : edit.undo()) || was_changed;
    if (is_pressed('Y')) was_changed = edit.redo() || was_changed;
    if (is_pressed(kKeyBackspace)) was_changed = edit.erase_word_back() || was_changed;
    if (is_pressed(kKeyDelete)) was_changed = edit.erase_word_forward() || was_changed;
    return was_changed;
}

// Words lie in the order of the line: in a line from the right, Ctrl+Right goes back.
void go_by_keys(TextEdit& edit, const ShapedText& shaped, bool by_words, Extend extend) {
    for (const bool to_right : {false, true}) {
        if (!is_pressed(to_right ? kKeyRight : kKeyLeft)) continue;
        if (!by_words) {
            edit.go_beside(shaped, to_right, extend);
        } else if (to_right != shaped.is_rtl) {
            edit.go_word_forward(extend);
        } else {
            edit.go_word_back(extend);
        }
    }
    if (is_pressed(kKeyHome)) edit.go_home(extend);
    if (is_pressed(kKeyEnd)) edit.go_end(extend);
}

}  // namespace

bool edit_by_keys(UiContext& ui, TextEdit& edit, const ShapedText& shaped, std::size_t most_bytes) {
    const ImGuiIO& io = ImGui::GetIO();
    std::string typed;
    for (const char32_t c : ui.typed) append_utf8(typed, c);
    bool was_changed = insert_some(edit, typed, most_bytes);
    if (io.KeyAlt || io.KeySuper) return was_changed;
    const Extend extend = io.KeyShift ? Extend::kYes : Extend::kNo;
    // The places of `shaped` are those of the text before; what was typed moves the caret itself.
    if (!was_changed) go_by_keys(edit, shaped, io.KeyCtrl, extend);
    if (io.KeyCtrl) return edit_with_ctrl(edit, extend, most_bytes) || was_changed;
    if (is_pressed(kKeyBackspace)) was_changed |= edit.erase_back();
    if (is_pressed(kKeyDelete)) was_changed |= edit.erase_forward();
    return was_changed;
}

}  // namespace heed::app
