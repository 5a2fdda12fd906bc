#include "app/ui/head_colours.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace heed::app {

namespace {

constexpr float kTurn_rad = 6.2831853F;
constexpr float kFirstHue_rad = 0.85F;  // the orange of queries
constexpr float kChroma = 0.15F;
constexpr float kLeastChroma = 0.005F;
// Lightnesses of the circles of hues, the first used first.
constexpr std::array kOnLight{0.56F, 0.72F, 0.42F};
constexpr std::array kOnDark{0.74F, 0.6F, 0.86F};

struct Lab {
    float l = 0;
    float a = 0;
    float b = 0;
};

float to_linear(std::uint8_t channel) {
    const float c = static_cast<float>(channel) / 255.0F;
    return c <= 0.04045F ? c / 12.92F : std::pow((c + 0.055F) / 1.055F, 2.4F);
}

float to_channel(float linear) {
    return linear <= 0.0031308F ? 12.92F * linear : 1.055F * std::pow(linear, 1 / 2.4F) - 0.055F;
}

// Linear sRGB; channels outside [0, 1] where the screen has no such colour.
std::array<float, 3> to_rgb(const Lab& lab) {
    const float l = std::pow(lab.l + 0.3963377774F * lab.a + 0.2158037573F * lab.b, 3.0F);
    const float m = std::pow(lab.l - 0.1055613458F * lab.a - 0.0638541728F * lab.b, 3.0F);
    const float s = std::pow(lab.l - 0.0894841775F * lab.a - 1.2914855480F * lab.b, 3.0F);
    return {4.0767416621F * l - 3.3077115913F * m + 0.2309699292F * s,
            -1.2684380046F * l + 2.6097574011F * m - 0.3413193965F * s,
            -0.0041960863F * l - 0.7034186147F * m + 1.7076147010F * s};
}

Lab to_lab(Colour colour) {
    const float r = to_linear(colour.r);
    const float g = to_linear(colour.g);
    const float b = to_linear(colour.b);
    const float l = std::cbrt(0.4122214708F * r + 0.5363325363F * g + 0.0514459929F * b);
    const float m = std::cbrt(0.2119034982F * r + 0.6806995451F * g + 0.1073969566F * b);
    const float s = std::cbrt(0.0883024619F * r + 0.2817188376F * g + 0.6299787005F * b);
    return {0.2104542553F * l + 0.7936177850F * m - 0.0040720468F * s,
            1.9779984951F * l - 2.4285922050F * m + 0.4505937099F * s,
            0.0259040371F * l + 0.7827717662F * m - 0.8086757660F * s};
}

}  // namespace

Colour from_oklch(float lightness, float chroma, float hue_rad) {
    std::array<float, 3> linear{};
    for (float c = chroma;; c *= 0.9F) {
        if (c < kLeastChroma) c = 0;
        linear = to_rgb({lightness, c * std::cos(hue_rad), c * std::sin(hue_rad)});
        const bool is_shown = std::all_of(linear.begin(), linear.end(),
                                          [](float x) { return x >= -0.0005F && x <= 1.0005F; });
        if (is_shown || c == 0) break;
    }
    const auto channel = [](float x) {
        return static_cast<std::uint8_t>(std::lround(255 * to_channel(std::clamp(x, 0.0F, 1.0F))));
    };
    return {channel(linear[0]), channel(linear[1]), channel(linear[2]), 255};
}

float compute_difference(Colour a, Colour b) {
    const Lab x = to_lab(a);
    const Lab y = to_lab(b);
    return std::sqrt((x.l - y.l) * (x.l - y.l) + (x.a - y.a) * (x.a - y.a) +
                     (x.b - y.b) * (x.b - y.b));
}

std::vector<Colour> make_head_colours(int count, bool is_dark) {
    // Hues go round in halves of the gaps: 4, then 8, 16, ... to a circle.
    int hues = 4;
    while (hues < 16 && hues < count) hues *= 2;
    const int circles = static_cast<int>(kOnLight.size());
    while (hues * circles < count) hues *= 2;
    std::vector<Colour> colours;
    for (int i = 0; i < count; ++i) {
        const int circle = i / hues;
        int reversed = 0;
        for (int bit = 1, from = i % hues; bit < hues; bit *= 2, from /= 2) {
            reversed = reversed * 2 + from % 2;
        }
        const float along = static_cast<float>(reversed) / static_cast<float>(hues);
        // Circles are turned by a part of a gap, so that no two hues meet.
        const float turned =
            along + static_cast<float>(circle) / static_cast<float>(circles * hues);
        const auto at = static_cast<std::size_t>(circle);
        colours.push_back(from_oklch(is_dark ? kOnDark[at] : kOnLight[at], kChroma,
                                     kFirstHue_rad + kTurn_rad * turned));
    }
    return colours;
}

}  // namespace heed::app
