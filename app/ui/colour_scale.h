// How values become colours: palette, scale and range in one object, drawn by the legend too.
#pragma once

#include "app/ui/theme.h"

namespace heed::app {

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
