#include "app/ui/colour_scale.h"

#include <algorithm>
#include <cmath>

namespace heed::app {

namespace {

constexpr Colour kDarkInk = rgb(0x101218);
constexpr Colour kLightInk = rgb(0xFFFFFF);

}  // namespace

float ColourScale::place(float value) const {
    if (!std::isfinite(value) || !(high > 0)) return 0;
    const float share = std::min(std::abs(value) / high, 1.0F);
    const float scaled = scale == ValueScale::kSquareRoot ? std::sqrt(share) : share;
    if (kind == Kind::kSigned) return value < 0 ? -scaled : scaled;
    return value < 0 ? 0 : scaled;
}

Colour ColourScale::colour(const Theme& theme, float value) const {
    const float t = place(value);
    if (kind == Kind::kWeights) return ramp(theme.weights, t);
    return mix(theme.zero, t < 0 ? theme.negative : theme.positive, std::abs(t));
}

Colour ink_on(const Theme& theme, Colour cell) {
    const Colour other = theme.is_dark() ? kDarkInk : kLightInk;
    return compute_contrast(theme.ink, cell) >= compute_contrast(other, cell) ? theme.ink : other;
}

}  // namespace heed::app
