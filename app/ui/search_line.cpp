#include "app/ui/search_line.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "app/ui/text_keys.h"
#include "app/ui/widgets.h"

namespace heed::app {

namespace {

constexpr float kPadding = 16;  // design pixels
constexpr std::size_t kMostBytes = 1000;

// Keeps the caret in sight: how far the text is moved to the left.
float choose_scroll(float scroll, float caret, float width, float room) {
    const float most = std::max(0.0F, width - room);
    return std::clamp(std::clamp(scroll, caret - room, caret), 0.0F, most);
}

}  // namespace

bool search_line(UiContext& ui, std::string_view id, const Rect& rect, SearchState& state,
                 std::string_view hint) {
    TextEdit& edit = state.edit;
    const auto shape = [&]() -> const ShapedText& {
        return ui.fonts.engine().shape(Type::kTitle, edit.text());
    };
    const bool was_changed = edit_by_keys(ui, edit, shape(), kMostBytes);
    Rect inside = inset(rect, ui.px(kPadding), 0);
    draw_icon(ui, take_left(inside, ui.px(18), ui.px(12)), Icon::kSearch, ui.theme.ink_second);
    const Interaction touch = interact(ui, id, inside, FocusKind::kMouseOnly);
    if (touch.is_hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_TextInput);
    if (touch.is_held) {
        const bool extends = !ImGui::IsItemActivated() || ImGui::GetIO().KeyShift;
        edit.place_caret(caret_near(shape(), touch.mouse.x - inside.x + state.scroll_px),
                         extends ? TextEdit::Extend::kYes : TextEdit::Extend::kNo);
    }
    const float thickness = std::max(1.0F, std::round(1.5F * ui.scale));
    const float caret = caret_x(shape(), edit.caret());
    state.scroll_px = choose_scroll(state.scroll_px, caret, shape().width, inside.w - thickness);
    const float left = std::round(inside.x - state.scroll_px);
    const float height = line_height(ui, Type::kTitle);
    const float top = std::round(inside.centre().y - height / 2);
    ImGui::PushClipRect({inside.x - thickness, rect.y}, {inside.right() + thickness, rect.bottom()},
                        true);
    const TextSegment chosen = edit.selection();
    for (const auto& [from, to] : selected_stretches(shape(), chosen.begin, chosen.end)) {
        fill(ui, {left + from, top, to - from, height}, with_alpha(ui.theme.accent, 0.28F),
             ui.px(2));
    }
    if (edit.text().empty()) {
        draw_text(ui, {Type::kTitle, ui.theme.ink_third}, inside, hint);
    } else {
        draw_text_at(ui, {Type::kTitle, ui.theme.ink}, {left, top}, edit.text());
    }
    const Rect bar{std::round(left + caret - thickness / 2), top, thickness, height};
    fill(ui, bar, ui.theme.accent);
    ImGui::PopClipRect();
    log_item(ui, id, "field", edit.text(), std::nullopt, rect);
    log_item(ui, std::string(id) + "/caret", "caret", "", static_cast<double>(edit.caret().at),
             bar);
    return was_changed;
}

}  // namespace heed::app
