#include "app/ui/colour_scale.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace heed::app;

TEST_SUITE_BEGIN("app/ui/theme");

TEST_CASE("text that must be read has a contrast of 4.5 or more on every ground") {
    for (const ThemeKind kind : {ThemeKind::kLight, ThemeKind::kDark}) {
        const Theme& t = theme_of(kind);
        CAPTURE(theme_name(kind));
        for (const Colour ground : {t.background, t.surface, t.sunk}) {
            CHECK(compute_contrast(t.ink, ground) >= 4.5F);
            CHECK(compute_contrast(t.ink_second, ground) >= 4.5F);
        }
        for (const Colour ground : {t.background, t.surface}) {
            for (const Colour role : {t.query, t.key, t.value, t.error}) {
                CHECK(compute_contrast(role, ground) >= 4.5F);
            }
        }
        CHECK(compute_contrast(t.accent, t.accent_soft) >= 4.5F);
        CHECK(compute_contrast(t.on_accent, t.accent) >= 4.5F);
    }
}

TEST_CASE("numbers on cells are readable over the whole palette") {
    for (const ThemeKind kind : {ThemeKind::kLight, ThemeKind::kDark}) {
        const Theme& theme = theme_of(kind);
        for (int i = 0; i <= 100; ++i) {
            const float t = static_cast<float>(i) / 100;
            CAPTURE(t);
            const Colour weight = ramp(theme.weights, t);
            CHECK(compute_contrast(ink_on(theme, weight), weight) >= 4.0F);
        }
    }
}

TEST_CASE("a weight palette goes one way from its ground") {
    for (const ThemeKind kind : {ThemeKind::kLight, ThemeKind::kDark}) {
        const Theme& theme = theme_of(kind);
        for (int i = 0; i < 100; ++i) {
            const float a = compute_luminance(ramp(theme.weights, static_cast<float>(i) / 100));
            const float b = compute_luminance(ramp(theme.weights, static_cast<float>(i + 1) / 100));
            CAPTURE(i);
            CHECK((theme.is_dark() ? b - a : a - b) >= -0.001F);
        }
    }
}

TEST_CASE("a colour scale clamps, is symmetric, and has a place for every value") {
    ColourScale scale{ColourScale::Kind::kSigned, ValueScale::kLinear, 2};
    CHECK(scale.place(1) == doctest::Approx(0.5));
    CHECK(scale.place(-1) == doctest::Approx(-0.5));
    CHECK(scale.place(50) == 1);
    CHECK(scale.place(std::numeric_limits<float>::quiet_NaN()) == 0);
    scale = {ColourScale::Kind::kWeights, ValueScale::kSquareRoot, 1};
    CHECK(scale.place(0.25F) == doctest::Approx(0.5));
    CHECK(scale.place(-std::numeric_limits<float>::infinity()) == 0);
    CHECK(scale.place(-0.1F) == 0);
    CHECK(scale.colour(theme_of(ThemeKind::kLight), 1) ==
          theme_of(ThemeKind::kLight).weights.back());
}

TEST_CASE("mixing ends at its ends") {
    const Colour a = rgb(0x102030);
    const Colour b = rgb(0xF0E0D0);
    CHECK(mix(a, b, 0) == a);
    CHECK(mix(a, b, 1) == b);
    CHECK(mix(a, b, 7) == b);
    CHECK(mix(a, b, std::nanf("")) == a);
}

TEST_SUITE_END();
