// The controls of the look. Each takes its id (also its place in the dump), its rectangle and what
// it says, draws itself, notes itself in the item log and tells what the person did with it. None
// keeps anything.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "app/ui/draw.h"
#include "app/ui/focus.h"
#include "app/ui/icons.h"
#include "app/ui/legend.h"

namespace heed::app {

struct Interaction {
    bool is_hovered = false;
    bool is_held = false;      // by the mouse
    bool was_clicked = false;  // by the mouse, or pressed by Enter or Space
    bool is_focused = false;   // has the keys, and that is to be seen
    bool took_focus = false;   // by keys, in this frame
    int right = 0;             // of kValue: arrows, -1, 0, 1
    int down = 0;
    bool home = false;
    bool end = false;
    Point mouse;  // pixels of the picture; the middle of the rectangle where a key pressed it
};

// An area that takes the mouse and can have the keys, drawing nothing: every control goes through
// it. The id must be unique in the frame. A picture whose cells find themselves by `mouse` is one
// stop, kPicture.
Interaction interact(UiContext& ui, std::string_view id, const Rect& rect,
                     FocusKind kind = FocusKind::kControl);
// The keys' part alone, for what finds the mouse by itself.
FocusAnswer focus_stop(UiContext& ui, std::string_view id, const Rect& rect, FocusKind kind);
// What lies between the two is one stop for Tab; arrows move inside. Tab enters at `chosen`, an id.
void begin_focus_group(UiContext& ui, std::string_view id, std::string_view chosen = {});
void end_focus_group(UiContext& ui);

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
    std::optional<Icon> icon{};  // before the label, or alone where there is none
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

// A button with only a picture on it; `name` is what it does, for the tooltip and the dump.
bool icon_button(UiContext& ui, std::string_view id, const Rect& rect, Icon icon,
                 std::string_view name, const ButtonOptions& options = {});

// Alternatives side by side; returns the one pressed when it is not `chosen`. The ids of the parts
// are "<id>/<label>".
std::optional<int> segmented(UiContext& ui, std::string_view id, const Rect& rect,
                             std::span<const std::string> labels, int chosen);

// A whole number of [low, high]; returns the new one while it is dragged.
std::optional<int> slider(UiContext& ui, std::string_view id, const Rect& rect, int value, int low,
                          int high);

// Parts of the controls above, for others of their kind. The choice after arrows and Home and End.
std::optional<int> step_choice(const FocusAnswer& keys, int count, int chosen);
// The share of its track, 0 to 1, that a slider has after this frame's mouse and arrows.
float slide(UiContext& ui, std::string_view id, const Rect& rect, float share, float step);

// The ground of a card: surface, hairline, radius 10. Returns what is inside the margins.
Rect card(UiContext& ui, const Rect& rect);
// A title at the left and a note at the right of `line`, as cards have them; ids "<id>/title",
// "<id>/note".
void card_title(UiContext& ui, std::string_view id, const Rect& line, std::string_view title,
                std::string_view note);
// A small heading in capitals ("LAYER").
void section_label(UiContext& ui, std::string_view id, const Rect& rect, std::string_view text);

// The palette with its numbers below and the scale's name after it; without a name the palette has
// the whole width. 40 design pixels high.
void legend_bar(UiContext& ui, std::string_view id, const Rect& rect, const ColourScale& scale,
                std::string_view caption, LegendUnit unit = LegendUnit::kValue);

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
// The same for a content of one's own: opens it and returns the room of `width` x `height` inside.
// Always paired with end_tooltip().
Rect begin_tooltip(UiContext& ui, const Rect& anchor, float width, float height);
void end_tooltip();

}  // namespace heed::app
