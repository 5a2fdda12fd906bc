// One colour for each of any number of heads, told apart by hue and then by lightness. Pure.
#pragma once

#include <vector>

#include "app/ui/colour.h"

namespace heed::app {

// Lightness [0, 1], chroma and hue of Oklab (Ottosson 2020), clamped into sRGB by less chroma.
Colour from_oklch(float lightness, float chroma, float hue_rad);
// Distance of two colours in Oklab; about 0.02 is just seen.
float compute_difference(Colour a, Colour b);

// `count` colours that can be read as lines on a light or dark surface. The first of them are the
// same for any count up to the next step, so that adding a head recolours no other.
std::vector<Colour> make_head_colours(int count, bool is_dark);

}  // namespace heed::app
