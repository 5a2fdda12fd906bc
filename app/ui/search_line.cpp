#include "app/ui/search_line.h"

#include <imgui.h>

#include <cmath>

#include "app/ui/widgets.h"
#include "core/base/utf8.h"

namespace heed::app {

namespace {

constexpr float kPadding = 16;  // design pixels

void take_last_character(std::string& text) {
    while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xC0U) == 0x80U) {
        text.pop_back();
    }
    if (!text.empty()) text.pop_back();
}

bool read_typing(const UiContext& ui, std::string& query) {
    const ImGuiIO& io = ImGui::GetIO();
    const std::string before = query;
    if (ImGui::IsKeyPressed(kKeyBackspace, true)) {
        if (io.KeyCtrl) {
            query.clear();
        } else {
            take_last_character(query);
        }
    }
    if (io.KeyCtrl && ImGui::IsKeyPressed('V', false)) {
        const char* pasted = ImGui::GetClipboardText();
        if (pasted != nullptr) query += replace_invalid_utf8(pasted);
    }
    for (const char32_t c : ui.typed) {
        if (c >= ' ' && c != 0x7F && !io.KeyCtrl) append_utf8(query, c);
    }
    for (char& c : query) {
        if (c == '\n' || c == '\t' || c == '\r') c = ' ';
    }
    return query != before;
}

}  // namespace

bool search_line(UiContext& ui, std::string_view id, const Rect& rect, std::string& query,
                 std::string_view hint) {
    const bool was_changed = read_typing(ui, query);
    Rect inside = inset(rect, ui.px(kPadding), 0);
    draw_icon(ui, take_left(inside, ui.px(18), ui.px(12)), Icon::kSearch, ui.theme.ink_second);
    float used = 0;
    if (query.empty()) {
        draw_text(ui, {Type::kTitle, ui.theme.ink_third}, inside, hint);
    } else {
        used = draw_text(ui, {Type::kTitle, ui.theme.ink}, inside, query);
    }
    const float height = line_height(ui, Type::kTitle);
    const Rect caret{inside.x + std::ceil(used) + ui.hairline(), inside.centre().y - height / 2,
                     std::max(1.0F, 1.5F * ui.hairline()), height};
    fill(ui, caret, ui.theme.accent);
    log_item(ui, id, "field", query, std::nullopt, rect);
    return was_changed;
}

}  // namespace heed::app
