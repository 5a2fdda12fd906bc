// Colours in sRGB, and how to mix and compare them. Pure; it knows no theme and no ImGui.
#pragma once

#include <cstdint>
#include <span>

namespace heed::app {

struct Colour {
    std::uint8_t r = 0;
    std::uint8_t g = 0;
    std::uint8_t b = 0;
    std::uint8_t a = 255;

    bool operator==(const Colour&) const = default;
};

// 0xRRGGBB, opaque.
constexpr Colour rgb(std::uint32_t hex) {
    return {static_cast<std::uint8_t>(hex >> 16U), static_cast<std::uint8_t>(hex >> 8U),
            static_cast<std::uint8_t>(hex), 255};
}

// The same colour with opacity `alpha` in [0, 1].
Colour with_alpha(Colour colour, float alpha);

// From `a` (t = 0) to `b` (t = 1), channel by channel in sRGB; t outside [0, 1] is clamped.
Colour mix(Colour a, Colour b, float t);

// The colour at `t` in [0, 1] of evenly spaced stops (two or more); t outside is clamped, NaN is 0.
Colour ramp(std::span<const Colour> stops, float t);

// Relative luminance in [0, 1] and contrast ratio in [1, 21], as WCAG 2 defines them.
float compute_luminance(Colour colour);
float compute_contrast(Colour a, Colour b);

// The four bytes r, g, b, a in memory order, as an RGBA8 texture takes them.
std::uint32_t pack_rgba(Colour colour);
Colour unpack_rgba(std::uint32_t texel);

}  // namespace heed::app
