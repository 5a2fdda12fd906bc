// How values become colours: on a palette from nothing to most, or on one with two sides around 0.
// The text in a cell stays readable on its ground too.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "app/ui/theme.h"

namespace heed::app {

// Where a value lies between the ends of a palette before it is coloured.
enum class ValueScale {
    kLinear,
    kSquareRoot,
    kLogarithmic,  // from kLogFloor of the high end on; what is less has the lowest colour
    kQuantile,     // by rank among the values of the picture
};

// The least share of the high end that a logarithmic scale tells from nothing.
constexpr float kLogFloor = 1e-3F;

// Ranks of magnitudes: values that rise, each with its place in [0, 1], which rises too. Between
// two it is a line.
class Quantiles {
  public:
    // Of finite magnitudes >= 0 in any order. Places are the share of values below, the largest
    // value lies at 1. At most a few hundred steps are kept.
    explicit Quantiles(std::vector<float> magnitudes);

    float place(float magnitude) const;
    float value_at(float place) const;
    bool is_empty() const { return values_.empty(); }

  private:
    std::vector<float> values_;
    std::vector<float> places_;
};

// How the values of a picture become colours; the legend draws the same object, so it is true.
// Weights run from 0 to `high`; signed values from -`high` over 0 to `high`, the same on both
// sides.
struct ColourScale {
    enum class Kind { kWeights, kSigned };

    Kind kind = Kind::kWeights;
    ValueScale scale = ValueScale::kSquareRoot;
    float high = 1;                                   // > 0
    std::shared_ptr<const Quantiles> quantiles = {};  // kQuantile; without them it is linear

    // Place of `value` on the palette: [0, 1] for weights, [-1, 1] for signed; clamped. -inf and
    // NaN lie at 0.
    float place(float value) const;
    // The value at a place: place(value_at(p)) is p. The lowest place of a logarithmic scale has
    // the floor.
    float value_at(float place) const;
    Colour colour(const Theme& theme, float value) const;
};

// The colour at a place, [0, 1] or [-1, 1].
Colour colour_at(const Theme& theme, ColourScale::Kind kind, float place);

// What a scale is called under a picture: "square-root scale".
std::string_view scale_name(ValueScale scale);

// Text on a cell of colour `cell`: the theme's ink, or its opposite where that is read better.
Colour ink_on(const Theme& theme, Colour cell);

}  // namespace heed::app
