// The controls of the look. Each takes its id (also its place in the dump), its rectangle and what
// it says, draws itself, notes itself in the item log and tells what the person did with it. None
// keeps anything.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "app/ui/draw.h"

namespace heed::app {

struct Interaction {
    bool is_hovered = false;
    bool is_held = false;
    bool was_clicked = false;
    Point mouse;  // pixels of the picture
};

// An area that takes the mouse, drawing nothing: for pictures whose cells find themselves by
// `mouse`. The id must be unique in the frame.
Interaction interact(UiContext& ui, std::string_view id, const Rect& rect);

enum class ButtonLook {
    kQuiet,    // sunk ground
    kOn,       // accent on its soft ground: what is chosen among several
    kPrimary,  // accent ground: the one thing to press
    kPlain,    // no ground until the mouse is over it
};
struct ButtonOptions {
    ButtonLook look = ButtonLook::kQuiet;
    bool is_enabled = true;
    std::string_view tooltip;
};
// True when pressed. At least 28 design pixels high, please.
bool button(UiContext& ui, std::string_view id, const Rect& rect, std::string_view label,
            const ButtonOptions& options = {});
// The width that button() needs for a label.
float measure_button(const UiContext& ui, std::string_view label);

enum class ChipRole { kPlain, kFaint, kQuery, kKey };
// A token. True when pressed.
bool chip(UiContext& ui, std::string_view id, const Rect& rect, std::string_view label,
          ChipRole role);
float measure_chip(const UiContext& ui, std::string_view label);

// Alternatives side by side; returns the one pressed when it is not `chosen`. The ids of the parts
// are "<id>/<label>".
std::optional<int> segmented(UiContext& ui, std::string_view id, const Rect& rect,
                             std::span<const std::string> labels, int chosen);

// A whole number of [low, high]; returns the new one while it is dragged.
std::optional<int> slider(UiContext& ui, std::string_view id, const Rect& rect, int value, int low,
                          int high);

// The ground of a card: surface, hairline, radius 10. Returns what is inside the margins.
Rect card(UiContext& ui, const Rect& rect);
// A title at the left and a note at the right of `line`, as cards have them; ids "<id>/title",
// "<id>/note".
void card_title(UiContext& ui, std::string_view id, const Rect& line, std::string_view title,
                std::string_view note);
// A small heading in capitals ("LAYER").
void section_label(UiContext& ui, std::string_view id, const Rect& rect, std::string_view text);

// The palette with its numbers below and the scale's name after it. 40 design pixels high.
void legend_bar(UiContext& ui, std::string_view id, const Rect& rect, const ColourScale& scale,
                std::string_view caption);

// What a view says when it has nothing to show, in the middle of `rect`.
void empty_state(UiContext& ui, std::string_view id, const Rect& rect, std::string_view title,
                 std::string_view hint);

// Opens an area that scrolls; everything until end_scroll() is clipped to it. Returns the place of
// the content's top left corner, moved by the scrolling. Always paired with end_scroll().
Point begin_scroll(UiContext& ui, std::string_view id, const Rect& rect, float content_width,
                   float content_height);
void end_scroll();

struct TooltipLine {
    std::string text;
    Type type = Type::kBody;
    Colour colour;
};
// True once the mouse has rested on `target` (a part of the id `id`) for 0.4 s. Call it while the
// target is hovered, in every frame.
bool tooltip_is_due(UiContext& ui, std::string_view id, std::uint64_t target = 0);
// Draws a tooltip beside `anchor`, inside the picture, above everything.
void draw_tooltip(UiContext& ui, const Rect& anchor, std::span<const TooltipLine> lines);

}  // namespace heed::app
