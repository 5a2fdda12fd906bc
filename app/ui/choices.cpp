#include "app/ui/choices.h"

#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "app/ui/numbers.h"

namespace heed::app {

namespace {

constexpr float kMark = 16;    // a switch's height, a box's side; design pixels
constexpr float kSwitch = 28;  // a switch's width
constexpr float kMarkGap = 8;
constexpr float kTabPadding = 12;
constexpr float kSplitterStep = 16;

void show_tip(UiContext& ui, std::string_view id, const Rect& rect, const Interaction& state,
              std::string_view tooltip) {
    if (!state.is_hovered) return;
    ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    if (tooltip.empty() || !tooltip_is_due(ui, id)) return;
    const std::array lines{TooltipLine{std::string(tooltip), Type::kNote, ui.theme.ink}};
    draw_tooltip(ui, rect, lines);
}

// The label of a switch or a box, and its item.
void draw_mark_label(UiContext& ui, std::string_view id, const Rect& rect, float mark_width,
                     std::string_view label, bool is_on, bool is_hovered) {
    Rect rest = rect;
    take_left(rest, ui.px(mark_width), ui.px(kMarkGap));
    draw_text(ui, {Type::kNote, is_on || is_hovered ? ui.theme.ink : ui.theme.ink_second}, rest,
              label);
    log_item(ui, id, is_on ? "on" : "off", label, is_on ? 1.0 : 0.0, rect);
}

float snap(float value, const RealRange& range) {
    if (range.step > 0) {
        value = range.low + std::round((value - range.low) / range.step) * range.step;
    }
    return std::clamp(value, range.low, range.high);
}

float step_share(const RealRange& range) {
    const float size = range.high - range.low;
    return range.step > 0 && size > 0 ? range.step / size : 0.01F;
}

float share_of(float value, const RealRange& range) {
    return range.high > range.low ? (value - range.low) / (range.high - range.low) : 0.0F;
}

std::string short_text(float value) {
    return std::string(format_number(static_cast<double>(value), 2).view());
}

// One end of a range: the value after mouse and keys.
float slide_end(UiContext& ui, const std::string& id, const Rect& track, float value,
                const RealRange& range) {
    const float knob = ui.px(8);
    const float at = track.x + share_of(value, range) * track.w;
    const Rect handle{at - knob, track.centre().y - knob, 2 * knob, 2 * knob};
    const Interaction state = interact(ui, id, handle, FocusKind::kValue);
    float share = share_of(value, range);
    if (state.is_held) share = (state.mouse.x - track.x) / std::max(1.0F, track.w);
    share += step_share(range) * static_cast<float>(state.right != 0 ? state.right : -state.down);
    if (state.home) share = 0;
    if (state.end) share = 1;
    const bool is_lit = state.is_hovered || state.is_held;
    fill(ui, handle, is_lit ? ui.theme.accent_soft : ui.theme.surface, knob);
    outline(ui, handle, ui.theme.accent, 2 * ui.hairline(), knob);
    if (state.is_hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    log_item(ui, id, "slider", short_text(value), static_cast<double>(value), handle);
    if (share == share_of(value, range)) return value;
    return snap(range.low + share * (range.high - range.low), range);
}

}  // namespace

std::optional<bool> toggle(UiContext& ui, std::string_view id, const Rect& rect,
                           std::string_view label, bool is_on, std::string_view tooltip) {
    const Unrecorded controls(ui);
    const Interaction state = interact(ui, id, rect);
    const Theme& theme = ui.theme;
    const Rect body{rect.x, rect.centre().y - ui.px(kMark) / 2, ui.px(kSwitch), ui.px(kMark)};
    const float radius = body.h / 2;
    fill(ui, body, is_on ? theme.accent : mix(theme.line, theme.ink_third, 0.5F), radius);
    const float knob = radius - ui.px(2);
    const float x = is_on ? body.right() - radius : body.x + radius;
    fill(ui, {x - knob, body.centre().y - knob, 2 * knob, 2 * knob},
         is_on ? theme.on_accent : theme.surface, knob);
    draw_mark_label(ui, id, rect, kSwitch, label, is_on, state.is_hovered);
    show_tip(ui, id, rect, state, tooltip);
    return state.was_clicked ? std::optional<bool>(!is_on) : std::nullopt;
}

float measure_toggle(const UiContext& ui, std::string_view label) {
    return ui.px(kSwitch) + ui.px(kMarkGap) + measure_text(ui, Type::kNote, label) + ui.px(2);
}

std::optional<bool> check_box(UiContext& ui, std::string_view id, const Rect& rect,
                              std::string_view label, bool is_on, std::string_view tooltip) {
    const Unrecorded controls(ui);
    const Interaction state = interact(ui, id, rect);
    const Theme& theme = ui.theme;
    const Rect box{rect.x, rect.centre().y - ui.px(kMark) / 2, ui.px(kMark), ui.px(kMark)};
    fill(ui, box, is_on ? theme.accent : theme.surface, ui.px(4));
    if (is_on) {
        draw_icon(ui, inset(box, ui.px(1)), Icon::kCheck, theme.on_accent);
    } else {
        outline(ui, box, state.is_hovered ? theme.ink_second : theme.ink_third, ui.hairline(),
                ui.px(4));
    }
    draw_mark_label(ui, id, rect, kMark, label, is_on, state.is_hovered);
    show_tip(ui, id, rect, state, tooltip);
    return state.was_clicked ? std::optional<bool>(!is_on) : std::nullopt;
}

float measure_check_box(const UiContext& ui, std::string_view label) {
    return ui.px(kMark) + ui.px(kMarkGap) + measure_text(ui, Type::kNote, label) + ui.px(2);
}

std::optional<float> real_slider(UiContext& ui, std::string_view id, const Rect& rect, float value,
                                 const RealRange& range) {
    const Unrecorded controls(ui);
    const float share = share_of(value, range);
    const float slid = slide(ui, id, rect, share, step_share(range));
    // A value that nobody moved stays as it is, to the last bit.
    const float wanted = slid == std::clamp(share, 0.0F, 1.0F)
                             ? value
                             : snap(range.low + slid * (range.high - range.low), range);
    log_item(ui, id, "slider", short_text(wanted), static_cast<double>(wanted), rect);
    return wanted == value ? std::nullopt : std::optional<float>(wanted);
}

std::optional<std::pair<float, float>> range_slider(UiContext& ui, std::string_view id,
                                                    const Rect& rect,
                                                    std::pair<float, float> chosen,
                                                    const RealRange& range) {
    const Unrecorded controls(ui);
    const float knob = ui.px(8);
    const Rect track{rect.x + knob, rect.centre().y - ui.px(2), std::max(1.0F, rect.w - 2 * knob),
                     ui.px(4)};
    fill(ui, track, ui.theme.line, ui.px(2));
    const float left = track.x + share_of(chosen.first, range) * track.w;
    const float right = track.x + share_of(chosen.second, range) * track.w;
    fill(ui, {left, track.y, right - left, track.h}, ui.theme.accent, ui.px(2));
    const std::string name(id);
    std::pair<float, float> wanted = chosen;
    wanted.first =
        std::min(slide_end(ui, name + "/low", track, chosen.first, range), chosen.second);
    wanted.second =
        std::max(slide_end(ui, name + "/high", track, chosen.second, range), wanted.first);
    if (wanted == chosen) return std::nullopt;
    return wanted;
}

std::optional<int> tabs(UiContext& ui, std::string_view id, const Rect& rect,
                        std::span<const std::string> labels, int chosen) {
    const Unrecorded controls(ui);
    const Theme& theme = ui.theme;
    const FocusAnswer keys = focus_stop(ui, id, rect, FocusKind::kValue);
    std::optional<int> pressed = step_choice(keys, static_cast<int>(labels.size()), chosen);
    float needed = 0;
    for (const std::string& label : labels) {
        needed += measure_text(ui, Type::kBodyStrong, label) + 2 * ui.px(kTabPadding);
    }
    // Where they do not fit they move together, and are shortened at last.
    const float share = std::min(1.0F, rect.w / std::max(1.0F, needed));
    float left = rect.x;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const float whole = measure_text(ui, Type::kBodyStrong, labels[i]) + 2 * ui.px(kTabPadding);
        const Rect part{left, rect.y, std::floor(whole * share), rect.h};
        left += part.w;
        const std::string part_id = std::string(id) + "/" + labels[i];
        const Interaction state = interact(ui, part_id, part, FocusKind::kMouseOnly);
        const bool is_chosen = static_cast<int>(i) == chosen;
        if (state.is_hovered && !is_chosen) {
            fill(ui, inset(part, ui.px(2), ui.px(4)), theme.sunk, ui.px(6));
            ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
        }
        const Colour ink = is_chosen ? theme.accent : theme.ink_second;
        draw_text(ui, {is_chosen ? Type::kBodyStrong : Type::kBody, ink, Align::kCentre},
                  inset(part, ui.px(2), 0), labels[i]);
        if (is_chosen) {
            const float line = 2 * ui.hairline();
            fill(ui, {part.x + ui.px(8), part.bottom() - line, part.w - 2 * ui.px(8), line},
                 theme.accent);
        }
        log_item(ui, part_id, is_chosen ? "chosen" : "choice", labels[i], std::nullopt, part);
        if (state.was_clicked && !is_chosen) pressed = static_cast<int>(i);
    }
    return pressed;
}

SplitterMove splitter(UiContext& ui, std::string_view id, const Rect& rect, bool is_upright) {
    const Interaction state = interact(ui, id, rect, FocusKind::kValue);
    SplitterMove move;
    const bool is_lit = state.is_hovered || state.is_held || state.is_focused;
    if (is_lit) {
        ImGui::SetMouseCursor(is_upright ? ImGuiMouseCursor_ResizeEW : ImGuiMouseCursor_ResizeNS);
        const Point middle = rect.centre();
        const float width = 2 * ui.hairline();
        const Rect bar = is_upright ? Rect{middle.x - width / 2, rect.y, width, rect.h}
                                    : Rect{rect.x, middle.y - width / 2, rect.w, width};
        fill(ui, bar, state.is_held ? ui.theme.accent : ui.theme.ink_third, width / 2);
    }
    if (state.is_held) {
        const ImVec2 moved = ImGui::GetIO().MouseDelta;
        move.by_px = is_upright ? moved.x : moved.y;
    }
    const int keys = is_upright ? state.right : state.down;
    if (keys != 0) move.by_px = ui.px(kSplitterStep) * static_cast<float>(keys);
    move.is_reset = state.home || (state.is_hovered && ImGui::IsMouseDoubleClicked(0));
    log_item(ui, id, "splitter", "", std::nullopt, rect);
    return move;
}

std::string entry_id(std::string_view id, std::span<const std::string> labels, std::size_t i) {
    const auto alike = std::count(labels.begin(), labels.end(), labels[i]);
    if (alike > 1 || labels[i].empty()) {
        return indexed_id("menu/" + std::string(id), {static_cast<int>(i)});
    }
    return "menu/" + std::string(id) + "/" + labels[i];
}

}  // namespace heed::app
