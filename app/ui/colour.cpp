#include "app/ui/colour.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/base/check.h"

namespace heed::app {

namespace {

std::uint8_t mix_channel(std::uint8_t a, std::uint8_t b, float t) {
    const auto from = static_cast<float>(a);
    const auto to = static_cast<float>(b);
    return static_cast<std::uint8_t>(std::lround(from + (to - from) * t));
}

float to_linear(std::uint8_t channel) {
    const float c = static_cast<float>(channel) / 255.0F;
    return c <= 0.04045F ? c / 12.92F : std::pow((c + 0.055F) / 1.055F, 2.4F);
}

// NaN compares false with everything and becomes 0.
float clamp_unit(float t) {
    return t > 0.0F ? std::min(t, 1.0F) : 0.0F;
}

}  // namespace

Colour with_alpha(Colour colour, float alpha) {
    colour.a = static_cast<std::uint8_t>(std::lround(clamp_unit(alpha) * 255.0F));
    return colour;
}

Colour mix(Colour a, Colour b, float t) {
    const float u = clamp_unit(t);
    return {mix_channel(a.r, b.r, u), mix_channel(a.g, b.g, u), mix_channel(a.b, b.b, u),
            mix_channel(a.a, b.a, u)};
}

Colour ramp(std::span<const Colour> stops, float t) {
    HEED_CHECK_LE(std::size_t{2}, stops.size());
    const float along = clamp_unit(t) * static_cast<float>(stops.size() - 1);
    const auto first = std::min(static_cast<std::size_t>(along), stops.size() - 2);
    return mix(stops[first], stops[first + 1], along - static_cast<float>(first));
}

float compute_luminance(Colour colour) {
    return 0.2126F * to_linear(colour.r) + 0.7152F * to_linear(colour.g) +
           0.0722F * to_linear(colour.b);
}

float compute_contrast(Colour a, Colour b) {
    const float first = compute_luminance(a) + 0.05F;
    const float second = compute_luminance(b) + 0.05F;
    return std::max(first, second) / std::min(first, second);
}

std::uint32_t pack_rgba(Colour colour) {
    const std::uint8_t bytes[4] = {colour.r, colour.g, colour.b, colour.a};
    std::uint32_t packed = 0;
    std::memcpy(&packed, bytes, sizeof packed);
    return packed;
}

Colour unpack_rgba(std::uint32_t texel) {
    std::uint8_t bytes[4];
    std::memcpy(bytes, &texel, sizeof bytes);
    return {bytes[0], bytes[1], bytes[2], bytes[3]};
}

}  // namespace heed::app
