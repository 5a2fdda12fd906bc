#include "app/ui/popup.h"

#include <imgui.h>

#include <algorithm>
#include <array>
#include <utility>

#include "app/ui/draw.h"
#include "app/ui/keys.h"
#include "core/base/check.h"

namespace heed::app {

namespace {

constexpr float kRadius = 10;
constexpr float kMargin = 8;  // to the edge of the picture, design pixels
constexpr int kMostUnseen = 2;

bool is_down(int key, bool repeats) {
    return ImGui::IsKeyPressed(key, repeats);
}

FocusKeys read_keys(bool is_typing) {
    const ImGuiIO& io = ImGui::GetIO();
    FocusKeys keys;
    keys.is_typing = is_typing;
    keys.mouse = ImGui::IsMouseClicked(0) || ImGui::IsMouseClicked(1);
    if (io.KeyCtrl || io.KeyAlt || io.KeySuper) return keys;
    const bool is_tab = is_down(kKeyTab, true);
    keys.tab = is_tab && !io.KeyShift;
    keys.back_tab = is_tab && io.KeyShift;
    if (is_typing) return keys;
    keys.press =
        is_down(kKeyEnter, false) || is_down(kKeyKeypadEnter, false) || is_down(kKeySpace, false);
    keys.escape = is_down(kKeyEscape, false);
    keys.right = (is_down(kKeyRight, true) ? 1 : 0) - (is_down(kKeyLeft, true) ? 1 : 0);
    keys.down = (is_down(kKeyDown, true) ? 1 : 0) - (is_down(kKeyUp, true) ? 1 : 0);
    keys.home = is_down(kKeyHome, false);
    keys.end = is_down(kKeyEnd, false);
    return keys;
}

// Closes the popup at `place` and all within it.
void close_from(ControlState& controls, std::size_t place) {
    std::vector<OpenPopup>& open = controls.popups.open;
    const OpenPopup closed = open[place];
    open.resize(place);
    controls.focus.give(closed.returns_to, closed.returns_ring);
}

std::size_t place_of(const ControlState& controls, std::string_view id) {
    const std::vector<OpenPopup>& open = controls.popups.open;
    const auto at = std::find_if(open.begin(), open.end(),
                                 [id](const OpenPopup& popup) { return popup.id == id; });
    return static_cast<std::size_t>(at - open.begin());
}

// A soft edge, so that the box lies above what is below.
void draw_box(UiContext& ui, const Rect& box) {
    const float step = ui.px(2);
    for (int i = 4; i >= 1; --i) {
        const float out = step * static_cast<float>(i);
        const Rect around{box.x - out, box.y - out + step, box.w + 2 * out, box.h + 2 * out};
        fill(ui, around, with_alpha(rgb(0x000000), ui.theme.is_dark() ? 0.12F : 0.025F),
             ui.px(kRadius) + out);
    }
    fill(ui, box, ui.theme.surface, ui.px(kRadius));
    outline(ui, box, ui.theme.line, ui.hairline(), ui.px(kRadius));
}

}  // namespace

void begin_controls(ControlState& controls, bool is_typing) {
    FocusKeys keys = read_keys(is_typing);
    const bool closes = !controls.popups.open.empty() && is_down(kKeyEscape, false);
    if (closes) {
        OpenPopup& top = controls.popups.open.back();
        if (top.path.empty()) {
            close_from(controls, controls.popups.open.size() - 1);
        } else {
            top.path.pop_back();
        }
        keys.escape = false;
    }
    if (!controls.popups.open.empty() && controls.popups.open.back().takes_text) {
        keys.press = is_down(kKeyEnter, false) || is_down(kKeyKeypadEnter, false);
        keys.right = 0;
        keys.home = false;
        keys.end = false;
    }
    for (OpenPopup& popup : controls.popups.open) popup.boxes.clear();
    controls.focus.begin_frame(keys);
}

void end_controls(UiContext& ui) {
    ControlState& controls = ui.controls;
    std::vector<OpenPopup>& open = controls.popups.open;
    for (std::size_t i = 0; i < open.size(); ++i) {
        if (++open[i].frames_unseen <= kMostUnseen) continue;
        close_from(controls, i);
        break;
    }
    const std::optional<Rect> ring = controls.focus.ring();
    if (!ring) return;
    const float out = ui.px(2) + ui.hairline();
    const Rect& clip = controls.focus.ring_clip;
    // What reaches to the edge of the picture has its ring inside.
    const ImVec2 screen = ImGui::GetIO().DisplaySize;
    const Rect picture{0, 0, screen.x, screen.y};
    const Rect around =
        intersect({ring->x - out, ring->y - out, ring->w + 2 * out, ring->h + 2 * out}, picture);
    const Rect seen =
        intersect(around, {clip.x - out, clip.y - out, clip.w + 2 * out, clip.h + 2 * out});
    if (seen.is_empty()) return;
    const Colour c = ui.theme.accent;
    ImDrawList* list = ImGui::GetForegroundDrawList();
    list->PushClipRect({seen.x, seen.y}, {seen.right(), seen.bottom()});
    const float width = 2 * ui.hairline();
    list->AddRect({around.x + width / 2, around.y + width / 2},
                  {around.right() - width / 2, around.bottom() - width / 2},
                  IM_COL32(c.r, c.g, c.b, c.a), ui.px(9), 0, width);
    list->PopClipRect();
    if (ui.items.is_recording()) {
        ui.items.add("focus", "focus", controls.focus.focused_id(), std::nullopt, around, seen);
    }
}

bool takes_key(const ControlState& controls, int key) {
    return !controls.popups.open.empty() || controls.focus.takes(key);
}

void open_popup(UiContext& ui, std::string_view id) {
    ControlState& controls = ui.controls;
    if (is_popup_open(controls, id)) return;
    OpenPopup popup;
    popup.id = std::string(id);
    popup.returns_to = controls.focus.focused();
    popup.returns_ring = controls.focus.shows_ring();
    controls.popups.open.push_back(std::move(popup));
    controls.focus.give(FocusKey{0}, false);
    ui.request_frame_in(0);
}

void close_popup(UiContext& ui, std::string_view id) {
    if (!is_popup_open(ui.controls, id)) return;
    close_from(ui.controls, place_of(ui.controls, id));
    ui.request_frame_in(0);
}

void close_all_popups(ControlState& controls) {
    if (!controls.popups.open.empty()) close_from(controls, 0);
}

bool is_popup_open(const ControlState& controls, std::string_view id) {
    return place_of(controls, id) < controls.popups.open.size();
}

OpenPopup& find_popup(UiContext& ui, std::string_view id) {
    const std::size_t place = place_of(ui.controls, id);
    HEED_CHECK_LT(place, ui.controls.popups.open.size());
    return ui.controls.popups.open[place];
}

bool begin_popup(UiContext& ui, std::string_view id, const Rect& box) {
    const std::size_t place = place_of(ui.controls, id);
    if (place >= ui.controls.popups.open.size()) return false;
    OpenPopup& popup = ui.controls.popups.open[place];
    popup.frames_unseen = 0;
    popup.boxes.push_back(box);
    // A window of the whole picture: nothing below it feels the mouse.
    const std::string name = "##popup" + std::to_string(place);
    ImGui::SetNextWindowPos({0, 0});
    ImGui::SetNextWindowSize(ImGui::GetIO().DisplaySize);
    if (popup.is_new) ImGui::SetNextWindowFocus();
    ImGui::Begin(name.c_str(), nullptr,
                 ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                     ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoSavedSettings |
                     ImGuiWindowFlags_NoNav | ImGuiWindowFlags_NoScrollWithMouse);
    draw_box(ui, box);
    ui.controls.focus.begin_layer();
    return true;
}

void begin_popup_part(UiContext& ui, std::string_view id, const Rect& box) {
    ui.controls.popups.open.back().boxes.push_back(box);
    draw_box(ui, box);
    ImGui::SetCursorScreenPos({box.x, box.y});
    ImGui::PushID(id.data(), id.data() + id.size());
    ImGui::BeginChild(
        "part", {box.w, box.h}, false,
        ImGuiWindowFlags_NoBackground | ImGuiWindowFlags_NoNav | ImGuiWindowFlags_NoDecoration);
    ui.controls.focus.begin_layer();
}

void end_popup_part(UiContext& ui) {
    ui.controls.focus.end_layer();
    ImGui::EndChild();
    ImGui::PopID();
}

void end_popup(UiContext& ui) {
    ui.controls.focus.end_layer();
    ImGui::End();
    // The owner may have closed it already.
    std::vector<OpenPopup>& open = ui.controls.popups.open;
    if (open.empty() || open.back().boxes.empty()) return;
    OpenPopup& popup = open.back();
    if (!std::exchange(popup.is_new, false) &&
        (ImGui::IsMouseClicked(0) || ImGui::IsMouseClicked(1))) {
        const ImVec2 mouse = ImGui::GetMousePos();
        const bool is_inside =
            std::any_of(popup.boxes.begin(), popup.boxes.end(), [&](const Rect& box) {
                return box.contains({mouse.x, mouse.y});
            });
        if (!is_inside) close_from(ui.controls, open.size() - 1);
    }
}

Rect place_below(const UiContext& ui, const Rect& anchor, float width, float height) {
    const ImVec2 screen = ImGui::GetIO().DisplaySize;
    const float margin = ui.px(kMargin);
    const float gap = ui.px(4);
    const float below = screen.y - margin - anchor.bottom() - gap;
    const float above = anchor.y - gap - margin;
    Rect box{anchor.x, anchor.bottom() + gap, width, height};
    if (height > below && above > below) {
        box.h = std::min(height, above);
        box.y = anchor.y - gap - box.h;
    } else {
        box.h = std::min(height, std::max(below, ui.px(40)));
    }
    box.w = std::min(width, screen.x - 2 * margin);
    box.x = std::clamp(anchor.x, margin, std::max(margin, screen.x - margin - box.w));
    return box;
}

Rect place_beside(const UiContext& ui, const Rect& anchor, float width, float height) {
    const ImVec2 screen = ImGui::GetIO().DisplaySize;
    const float margin = ui.px(kMargin);
    Rect box{anchor.right() + ui.px(2), anchor.y - ui.px(6), std::min(width, screen.x - 2 * margin),
             std::min(height, screen.y - 2 * margin)};
    if (box.right() > screen.x - margin) box.x = anchor.x - ui.px(2) - box.w;
    box.x = std::clamp(box.x, margin, std::max(margin, screen.x - margin - box.w));
    box.y = std::clamp(box.y, margin, std::max(margin, screen.y - margin - box.h));
    return box;
}

}  // namespace heed::app
