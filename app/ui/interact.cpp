// Where every control meets the mouse and the keys.
#include <imgui.h>

#include "app/ui/widgets.h"

namespace heed::app {

namespace {

// Moves the area that scrolls around the control, so that it comes in sight.
void bring_in_sight(const Rect& rect) {
    const ImVec2 at = ImGui::GetWindowPos();
    const ImVec2 size = ImGui::GetWindowSize();
    if (ImGui::GetScrollMaxY() > 0 && (rect.y < at.y || rect.bottom() > at.y + size.y)) {
        ImGui::SetScrollFromPosY(rect.centre().y - at.y, 0.5F);
    }
    if (ImGui::GetScrollMaxX() > 0 && (rect.x < at.x || rect.right() > at.x + size.x)) {
        ImGui::SetScrollFromPosX(rect.centre().x - at.x, 0.5F);
    }
}

}  // namespace

FocusAnswer focus_stop(UiContext& ui, std::string_view id, const Rect& rect, FocusKind kind) {
    FocusState& focus = ui.controls.focus;
    const FocusAnswer answer = focus.add(id, rect, kind);
    if (!answer.is_focused) return answer;
    const ImDrawList* list = ImGui::GetWindowDrawList();
    const ImVec2 low = list->GetClipRectMin();
    const ImVec2 high = list->GetClipRectMax();
    focus.ring_clip = {low.x, low.y, high.x - low.x, high.y - low.y};
    if (answer.has_arrived) {
        bring_in_sight(rect);
        ui.request_frame_in(0);
    }
    return answer;
}

Interaction interact(UiContext& ui, std::string_view id, const Rect& rect, FocusKind kind) {
    Interaction result;
    const ImVec2 mouse = ImGui::GetMousePos();
    result.mouse = {mouse.x, mouse.y};
    if (rect.is_empty()) return result;
    const FocusAnswer keys = focus_stop(ui, id, rect, kind);
    result.is_focused = keys.shows;
    result.took_focus = keys.has_arrived;
    result.right = keys.right;
    result.down = keys.down;
    result.home = keys.home;
    result.end = keys.end;
    ImGui::PushID(id.data(), id.data() + id.size());
    ImGui::SetCursorScreenPos({rect.x, rect.y});
    result.was_clicked = ImGui::InvisibleButton("area", {rect.w, rect.h});
    result.is_hovered = ImGui::IsItemHovered();
    result.is_held = ImGui::IsItemActive();
    if (ImGui::IsItemActivated() && kind != FocusKind::kMouseOnly) {
        ui.controls.focus.give(id, false);
    }
    ImGui::PopID();
    const ImVec2 moved = ImGui::GetIO().MouseDelta;
    if (kind == FocusKind::kItem && result.is_hovered && (moved.x != 0 || moved.y != 0) &&
        ui.controls.focus.focused() != focus_key(id)) {
        ui.controls.focus.give(id, false);
        ui.request_frame_in(0);
    }
    if (keys.was_pressed) {
        result.was_clicked = true;
        result.mouse = rect.centre();
    }
    return result;
}

void begin_focus_group(UiContext& ui, std::string_view id, std::string_view chosen) {
    ui.controls.focus.begin_group(id, chosen);
}

void end_focus_group(UiContext& ui) {
    ui.controls.focus.end_group();
}

}  // namespace heed::app
