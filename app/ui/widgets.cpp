#include "app/ui/widgets.h"

#include <imgui.h>

#include <array>
#include <cmath>

namespace heed::app {

namespace {

constexpr float kButtonPadding = 14;  // design pixels left and right of a label
constexpr float kChipPadding = 9;
constexpr float kIconSide = 16;

struct ButtonColours {
    Colour ground;
    Colour ink;
    bool is_strong = false;
};

ButtonColours colours_of(const Theme& theme, const ButtonOptions& options,
                         const Interaction& state) {
    ButtonColours colours{theme.sunk, theme.ink_second, false};
    if (options.look == ButtonLook::kOn) colours = {theme.accent_soft, theme.accent, true};
    if (options.look == ButtonLook::kPrimary) colours = {theme.accent, theme.on_accent, true};
    const bool is_plain = options.look == ButtonLook::kPlain;
    if (!options.is_enabled) {
        return {is_plain ? with_alpha(theme.sunk, 0) : theme.sunk, theme.ink_third, false};
    }
    const bool is_hovered = state.is_hovered;
    if (is_plain) {
        colours = {with_alpha(theme.sunk, is_hovered ? 1.0F : 0.0F), theme.ink_second, false};
    }
    if (is_hovered && !is_plain) colours.ground = mix(colours.ground, theme.ink, 0.06F);
    if (state.is_held) colours.ground = mix(theme.sunk, theme.ink, is_plain ? 0.06F : 0.12F);
    if (state.is_held && options.look == ButtonLook::kPrimary) {
        colours.ground = mix(theme.accent, theme.ink, 0.2F);
    }
    return colours;
}

void finish_button(UiContext& ui, std::string_view id, const Rect& rect, const Interaction& state,
                   const ButtonOptions& options) {
    if (!state.is_hovered) return;
    if (options.is_enabled) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    if (options.tooltip.empty() || !tooltip_is_due(ui, id)) return;
    const std::array lines{TooltipLine{std::string(options.tooltip), Type::kNote, ui.theme.ink}};
    draw_tooltip(ui, rect, lines);
}

}  // namespace

bool button(UiContext& ui, std::string_view id, const Rect& rect, std::string_view label,
            const ButtonOptions& options) {
    const Unrecorded controls(ui);
    const Interaction state =
        interact(ui, id, rect, options.is_enabled ? FocusKind::kControl : FocusKind::kMouseOnly);
    const ButtonColours colours = colours_of(ui.theme, options, state);
    fill(ui, rect, colours.ground, ui.px(8));
    const Type type = colours.is_strong ? Type::kNoteStrong : Type::kNote;
    Rect inside = rect;
    if (options.icon) {
        const float side = ui.px(kIconSide);
        const float used = label.empty() ? side : side + ui.px(6) + measure_text(ui, type, label);
        inside = {std::max(rect.x, rect.centre().x - used / 2), rect.y, std::min(used, rect.w),
                  rect.h};
        draw_icon(ui, take_left(inside, side, ui.px(6)), *options.icon, colours.ink);
    }
    draw_text(ui, {type, colours.ink, Align::kCentre}, inside, label);
    log_item(ui, id, "button", label, std::nullopt, rect);
    finish_button(ui, id, rect, state, options);
    return state.was_clicked && options.is_enabled;
}

bool icon_button(UiContext& ui, std::string_view id, const Rect& rect, Icon icon,
                 std::string_view name, const ButtonOptions& options) {
    const Unrecorded controls(ui);
    const Interaction state =
        interact(ui, id, rect, options.is_enabled ? FocusKind::kControl : FocusKind::kMouseOnly);
    const ButtonColours colours = colours_of(ui.theme, options, state);
    fill(ui, rect, colours.ground, ui.px(8));
    const float side = std::min({ui.px(kIconSide), rect.w, rect.h});
    draw_icon(ui, {rect.centre().x - side / 2, rect.centre().y - side / 2, side, side}, icon,
              colours.ink);
    log_item(ui, id, "button", name, std::nullopt, rect);
    ButtonOptions told = options;
    if (told.tooltip.empty()) told.tooltip = name;
    finish_button(ui, id, rect, state, told);
    return state.was_clicked && options.is_enabled;
}

float measure_button(const UiContext& ui, std::string_view label) {
    return measure_text(ui, Type::kNoteStrong, label) + 2 * ui.px(kButtonPadding);
}

bool chip(UiContext& ui, std::string_view id, const Rect& rect, std::string_view label,
          ChipRole role) {
    const Interaction state = interact(ui, id, rect);
    const Theme& theme = ui.theme;
    const bool is_chosen = role == ChipRole::kQuery || role == ChipRole::kKey;
    Colour ink = role == ChipRole::kFaint ? theme.ink_third : theme.ink;
    if (role == ChipRole::kQuery) ink = theme.query;
    if (role == ChipRole::kKey) ink = theme.key;
    if (role != ChipRole::kFaint) fill(ui, rect, theme.surface, ui.px(7));
    const Colour edge = is_chosen ? ink : (state.is_hovered ? theme.ink_third : theme.line);
    outline(ui, rect, edge, is_chosen ? 2 * ui.hairline() : ui.hairline(), ui.px(7));
    const Type type = is_chosen ? Type::kBodyStrong : Type::kBody;
    draw_text(ui, {type, ink, Align::kCentre}, inset(rect, ui.px(2), 0), label);
    log_item(ui, id, "chip", label, std::nullopt, rect);
    if (state.is_hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    return state.was_clicked;
}

float measure_chip(const UiContext& ui, std::string_view label) {
    // As wide as the label is when it is chosen, so that choosing moves nothing.
    return std::max(ui.px(28),
                    measure_text(ui, Type::kBodyStrong, label) + 2 * ui.px(kChipPadding));
}

std::optional<int> segmented(UiContext& ui, std::string_view id, const Rect& rect,
                             std::span<const std::string> labels, int chosen) {
    const Unrecorded controls(ui);
    const Theme& theme = ui.theme;
    fill(ui, rect, theme.sunk, ui.px(10));
    const FocusAnswer keys = focus_stop(ui, id, rect, FocusKind::kValue);
    std::optional<int> pressed = step_choice(keys, static_cast<int>(labels.size()), chosen);
    const Rect inside = inset(rect, ui.px(4));
    const float width = inside.w / static_cast<float>(labels.size());
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const Rect part{inside.x + width * static_cast<float>(i), inside.y, width, inside.h};
        const std::string part_id = std::string(id) + "/" + labels[i];
        const Interaction state = interact(ui, part_id, part, FocusKind::kMouseOnly);
        const bool is_chosen = static_cast<int>(i) == chosen;
        if (is_chosen) {
            fill(ui, part, theme.surface, ui.px(8));
            outline(ui, part, theme.line, ui.hairline(), ui.px(8));
        } else if (state.is_hovered) {
            fill(ui, part, mix(theme.sunk, theme.ink, state.is_held ? 0.1F : 0.05F), ui.px(8));
        }
        const Colour ink = is_chosen || state.is_hovered ? theme.ink : theme.ink_second;
        draw_text(ui, {is_chosen ? Type::kNoteStrong : Type::kNote, ink, Align::kCentre}, part,
                  labels[i]);
        log_item(ui, part_id, is_chosen ? "chosen" : "choice", labels[i], std::nullopt, part);
        if (state.is_hovered && !is_chosen) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
        if (state.was_clicked && !is_chosen) pressed = static_cast<int>(i);
    }
    return pressed;
}

std::optional<int> step_choice(const FocusAnswer& keys, int count, int chosen) {
    int wanted = chosen + (keys.right != 0 ? keys.right : keys.down);
    if (keys.home) wanted = 0;
    if (keys.end) wanted = count - 1;
    wanted = std::clamp(wanted, 0, std::max(0, count - 1));
    return wanted == chosen ? std::nullopt : std::optional<int>(wanted);
}

float slide(UiContext& ui, std::string_view id, const Rect& rect, float share, float step) {
    const Theme& theme = ui.theme;
    const Interaction state = interact(ui, id, rect, FocusKind::kValue);
    const float knob = ui.px(state.is_held ? 9 : 8);
    const Rect track{rect.x + knob, rect.centre().y - ui.px(2), std::max(1.0F, rect.w - 2 * knob),
                     ui.px(4)};
    if (state.is_held) share = (state.mouse.x - track.x) / track.w;
    share += step * static_cast<float>(state.right != 0 ? state.right : -state.down);
    if (state.home) share = 0;
    if (state.end) share = 1;
    share = std::clamp(share, 0.0F, 1.0F);
    const float at = track.x + share * track.w;
    fill(ui, track, theme.line, ui.px(2));
    fill(ui, {track.x, track.y, at - track.x, track.h}, theme.accent, ui.px(2));
    const Rect handle{at - knob, track.centre().y - knob, 2 * knob, 2 * knob};
    const bool is_lit = state.is_hovered || state.is_held;
    fill(ui, handle, is_lit ? theme.accent_soft : theme.surface, knob);
    outline(ui, handle, theme.accent, 2 * ui.hairline(), knob);
    if (state.is_hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    return share;
}

std::optional<int> slider(UiContext& ui, std::string_view id, const Rect& rect, int value, int low,
                          int high) {
    const Unrecorded controls(ui);
    const auto range = static_cast<float>(std::max(1, high - low));
    const float share = static_cast<float>(value - low) / range;
    const float slid = slide(ui, id, rect, share, 1 / range);
    const int wanted = high > low ? low + static_cast<int>(std::lround(slid * range)) : value;
    log_item(ui, id, "slider", std::to_string(wanted), static_cast<double>(wanted), rect);
    return wanted == value ? std::nullopt : std::optional<int>(wanted);
}

}  // namespace heed::app
