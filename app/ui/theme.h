// The tokens of the look: what each colour means. Query, key and value colour words, axes and
// roads; palettes fill cells; one accent marks what is selected or can be pressed.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "app/ui/colour.h"

namespace heed::app {

enum class ThemeKind { kLight, kDark };

struct Theme {
    ThemeKind kind = ThemeKind::kLight;
    Colour background;
    Colour surface;
    Colour sunk;
    Colour line;
    Colour ink;
    Colour ink_second;
    Colour ink_third;  // for what may be missed
    Colour accent;
    Colour accent_soft;
    Colour on_accent;  // text on the accent
    Colour query;
    Colour key;
    Colour value;
    Colour error;
    std::array<Colour, 6> weights;  // 0 to 1
    Colour negative;
    Colour zero;
    Colour positive;

    bool is_dark() const { return kind == ThemeKind::kDark; }
};

const Theme& theme_of(ThemeKind kind);
// "light" and "dark"; nullopt for another word.
std::optional<ThemeKind> find_theme(std::string_view name);
std::string_view theme_name(ThemeKind kind);

// Where a value lies between the ends of a palette before it is coloured.
enum class ValueScale { kLinear, kSquareRoot };

// How the values of a picture become colours; the legend draws the same object, so it is true.
// Weights run from 0 to `high`; signed values from -`high` over 0 to `high`, the same on both
// sides.
struct ColourScale {
    enum class Kind { kWeights, kSigned };

    Kind kind = Kind::kWeights;
    ValueScale scale = ValueScale::kSquareRoot;
    float high = 1;  // > 0

    // Place of `value` on the palette: [0, 1] for weights, [-1, 1] for signed; clamped. -inf and
    // NaN lie at 0.
    float place(float value) const;
    Colour colour(const Theme& theme, float value) const;
};

// Text on a cell of colour `cell`: the theme's ink, or its opposite where that is read better.
Colour ink_on(const Theme& theme, Colour cell);

}  // namespace heed::app
