#include "app/ui/widgets.h"

#include <imgui.h>

#include <array>
#include <cmath>

namespace heed::app {

namespace {

constexpr float kButtonPadding = 14;  // design pixels left and right of a label
constexpr float kChipPadding = 9;
constexpr float kCardRadius = 10;
constexpr float kCardPadding = 16;

struct ButtonColours {
    Colour ground;
    Colour ink;
    bool is_strong = false;
};

ButtonColours colours_of(const Theme& theme, const ButtonOptions& options, bool is_hovered) {
    ButtonColours colours{theme.sunk, theme.ink_second, false};
    if (options.look == ButtonLook::kOn) colours = {theme.accent_soft, theme.accent, true};
    if (options.look == ButtonLook::kPrimary) colours = {theme.accent, theme.on_accent, true};
    if (options.look == ButtonLook::kPlain) {
        colours = {with_alpha(theme.sunk, is_hovered ? 1.0F : 0.0F), theme.ink_second, false};
    }
    if (!options.is_enabled) {
        return {theme.sunk, theme.ink_third, false};
    }
    if (is_hovered && options.look != ButtonLook::kPlain) {
        colours.ground = mix(colours.ground, theme.ink, 0.06F);
    }
    return colours;
}

}  // namespace

Interaction interact(UiContext&, std::string_view id, const Rect& rect) {
    Interaction result;
    const ImVec2 mouse = ImGui::GetMousePos();
    result.mouse = {mouse.x, mouse.y};
    if (rect.is_empty()) return result;
    ImGui::PushID(id.data(), id.data() + id.size());
    ImGui::SetCursorScreenPos({rect.x, rect.y});
    result.was_clicked = ImGui::InvisibleButton("area", {rect.w, rect.h});
    result.is_hovered = ImGui::IsItemHovered();
    result.is_held = ImGui::IsItemActive();
    ImGui::PopID();
    return result;
}

bool button(UiContext& ui, std::string_view id, const Rect& rect, std::string_view label,
            const ButtonOptions& options) {
    const Interaction state = interact(ui, id, rect);
    const bool is_hovered = state.is_hovered && options.is_enabled;
    const ButtonColours colours = colours_of(ui.theme, options, is_hovered);
    fill(ui, rect, colours.ground, ui.px(8));
    const Type type = colours.is_strong ? Type::kNoteStrong : Type::kNote;
    draw_text(ui, {type, colours.ink, Align::kCentre}, rect, label);
    log_item(ui, id, "button", label, std::nullopt, rect);
    if (is_hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    if (state.is_hovered && !options.tooltip.empty() && tooltip_is_due(ui, id)) {
        const std::array lines{
            TooltipLine{std::string(options.tooltip), Type::kNote, ui.theme.ink}};
        draw_tooltip(ui, rect, lines);
    }
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
    const Theme& theme = ui.theme;
    fill(ui, rect, theme.sunk, ui.px(10));
    std::optional<int> pressed;
    const Rect inside = inset(rect, ui.px(4));
    const float width = inside.w / static_cast<float>(labels.size());
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const Rect part{inside.x + width * static_cast<float>(i), inside.y, width, inside.h};
        const std::string part_id = std::string(id) + "/" + labels[i];
        const Interaction state = interact(ui, part_id, part);
        const bool is_chosen = static_cast<int>(i) == chosen;
        if (is_chosen) {
            fill(ui, part, theme.surface, ui.px(8));
            outline(ui, part, theme.line, ui.hairline(), ui.px(8));
        }
        const Colour ink = is_chosen || state.is_hovered ? theme.ink : theme.ink_second;
        draw_text(ui, {is_chosen ? Type::kNoteStrong : Type::kNote, ink, Align::kCentre}, part,
                  labels[i]);
        log_item(ui, part_id, is_chosen ? "chosen" : "choice", labels[i], std::nullopt, part);
        if (state.was_clicked && !is_chosen) pressed = static_cast<int>(i);
    }
    return pressed;
}

std::optional<int> slider(UiContext& ui, std::string_view id, const Rect& rect, int value, int low,
                          int high) {
    const Theme& theme = ui.theme;
    const Interaction state = interact(ui, id, rect);
    const float knob = ui.px(8);
    const Rect track{rect.x + knob, rect.centre().y - ui.px(2), std::max(1.0F, rect.w - 2 * knob),
                     ui.px(4)};
    std::optional<int> moved;
    if (state.is_held && high > low) {
        const float share = std::clamp((state.mouse.x - track.x) / track.w, 0.0F, 1.0F);
        const int wanted =
            low + static_cast<int>(std::lround(share * static_cast<float>(high - low)));
        if (wanted != value) moved = wanted;
        value = wanted;
    }
    const float share =
        high > low ? static_cast<float>(value - low) / static_cast<float>(high - low) : 0;
    const float at = track.x + share * track.w;
    fill(ui, track, theme.line, ui.px(2));
    fill(ui, {track.x, track.y, at - track.x, track.h}, theme.accent, ui.px(2));
    const Rect handle{at - knob, track.centre().y - knob, 2 * knob, 2 * knob};
    fill(ui, handle, theme.surface, knob);
    outline(ui, handle, theme.accent, 2 * ui.hairline(), knob);
    log_item(ui, id, "slider", std::to_string(value), static_cast<double>(value), rect);
    return moved;
}

Rect card(UiContext& ui, const Rect& rect) {
    fill_ground(ui, rect, ui.theme.surface, ui.px(kCardRadius));
    outline(ui, rect, ui.theme.line, ui.hairline(), ui.px(kCardRadius));
    return inset(rect, ui.px(kCardPadding));
}

void card_title(UiContext& ui, std::string_view id, const Rect& line, std::string_view title,
                std::string_view note) {
    const float note_width = measure_text(ui, Type::kNote, note);
    const float width = measure_text(ui, Type::kLabel, title) + ui.px(16) + note_width <= line.w
                            ? line.w - note_width - ui.px(16)
                            : std::max(line.w / 2, line.w - note_width - ui.px(16));
    const Rect left{line.x, line.y, note.empty() ? line.w : width, line.h};
    draw_label(ui, std::string(id) + "/title", {Type::kLabel, ui.theme.ink}, left, title);
    if (note.empty()) return;
    const Rect right{left.right() + ui.px(16), line.y, line.right() - left.right() - ui.px(16),
                     line.h};
    draw_label(ui, std::string(id) + "/note", {Type::kNote, ui.theme.ink_second, Align::kRight},
               right, note);
}

void section_label(UiContext& ui, std::string_view id, const Rect& rect, std::string_view text) {
    draw_label(ui, id, {Type::kTinyStrong, ui.theme.ink_third}, rect, text);
}

void empty_state(UiContext& ui, std::string_view id, const Rect& rect, std::string_view title,
                 std::string_view hint) {
    const float title_height = line_height(ui, Type::kTitle);
    const float top = rect.y + rect.h / 2 - title_height;
    draw_label(ui, std::string(id) + "/title", {Type::kTitle, ui.theme.ink_second, Align::kCentre},
               {rect.x, top, rect.w, title_height}, title);
    const Rect below{rect.x, top + title_height + ui.px(4), rect.w, line_height(ui, Type::kBody)};
    draw_label(ui, std::string(id) + "/hint", {Type::kBody, ui.theme.ink_second, Align::kCentre},
               below, hint);
}

}  // namespace heed::app
