#include "app/ui/colour_scale.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

using namespace heed::app;

namespace {

constexpr std::array kThemeKinds{ThemeKind::kLight, ThemeKind::kDark, ThemeKind::kProjector};

// Every theme with every palette.
std::vector<Theme> list_themes() {
    std::vector<Theme> themes;
    for (const ThemeKind kind : kThemeKinds) {
        for (std::size_t i = 0; i < kPaletteWords.size(); ++i) {
            themes.push_back(make_theme(kind, static_cast<PaletteKind>(i)));
        }
    }
    return themes;
}

using Triple = std::array<double, 3>;

// Missing cones of one kind in linear sRGB: Machado, Oliveira and Fernandes, "A Physiologically-
// based Model for Simulation of Color Vision Deficiency", IEEE TVCG 15(6), 2009, severity 1.
using Vision = std::array<Triple, 3>;
constexpr Vision kAllCones{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
constexpr Vision kProtan{{{0.152286, 1.052583, -0.204868},
                          {0.114503, 0.786281, 0.099216},
                          {-0.003882, -0.048116, 1.051998}}};
constexpr Vision kDeutan{{{0.367322, 0.860646, -0.227968},
                          {0.280085, 0.672501, 0.047413},
                          {-0.011820, 0.042940, 0.968881}}};
constexpr Vision kTritan{{{1.255528, -0.076749, -0.178779},
                          {-0.078411, 0.930809, 0.147602},
                          {0.004733, 0.691367, 0.303900}}};
constexpr std::array kVisions{kAllCones, kProtan, kDeutan, kTritan};

double to_linear(std::uint8_t channel) {
    const double c = channel / 255.0;
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

double dot(const Triple& a, const Triple& b) {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

// CIE L*a*b* (D65) of a colour as it is seen with such cones.
Triple see(Colour colour, const Vision& vision) {
    const Triple linear{to_linear(colour.r), to_linear(colour.g), to_linear(colour.b)};
    Triple seen{};
    for (std::size_t i = 0; i < 3; ++i) seen[i] = std::clamp(dot(vision[i], linear), 0.0, 1.0);
    const auto bend = [](double t) {
        return t > 216.0 / 24389 ? std::cbrt(t) : (24389.0 / 27 * t + 16) / 116;
    };
    const double x = bend(dot({0.4124564, 0.3575761, 0.1804375}, seen) / 0.95047);
    const double y = bend(dot({0.2126729, 0.7151522, 0.0721750}, seen));
    const double z = bend(dot({0.0193339, 0.1191920, 0.9503041}, seen) / 1.08883);
    return {116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

// CIE 1976 difference; about 2 can just be told apart side by side.
double tell_apart(Colour a, Colour b, const Vision& vision) {
    const Triple p = see(a, vision);
    const Triple q = see(b, vision);
    return std::hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
}

}  // namespace

TEST_SUITE_BEGIN("app/ui/theme");

TEST_CASE("neighbouring steps of every palette stay apart for every kind of cones") {
    for (const Theme& theme : list_themes()) {
        CAPTURE(theme_name(theme.kind));
        for (const Vision& vision : kVisions) {
            for (std::size_t i = 0; i + 1 < theme.weights.size(); ++i) {
                CAPTURE(i);
                const Colour here = theme.weights[i];
                const Colour next = theme.weights[i + 1];
                CHECK(tell_apart(here, next, vision) >= 10);
                const double step = see(next, vision)[0] - see(here, vision)[0];
                CHECK((theme.is_dark() ? step : -step) >= 4.5);
            }
        }
    }
}

TEST_CASE("minus, nothing and plus stay apart for every kind of cones") {
    for (const Theme& theme : list_themes()) {
        CAPTURE(theme_name(theme.kind));
        for (const Vision& vision : kVisions) {
            CHECK(tell_apart(theme.negative, theme.positive, vision) >= 35);
            CHECK(tell_apart(theme.negative, theme.zero, vision) >= 50);
            CHECK(tell_apart(theme.positive, theme.zero, vision) >= 50);
        }
    }
}

TEST_CASE("the simulation leaves grey grey and takes red from green") {
    for (const Vision& vision : kVisions) {
        const Triple grey = see(rgb(0x808080), vision);
        CHECK(std::abs(grey[1]) < 1);
        CHECK(std::abs(grey[2]) < 1);
    }
    const Colour red = rgb(0xD03030);
    const Colour green = rgb(0x30A030);
    CHECK(tell_apart(red, green, kDeutan) < 0.6 * tell_apart(red, green, kAllCones));
}

TEST_CASE("a projector has the strongest ramp and thicker lines") {
    for (std::size_t i = 0; i < kPaletteWords.size(); ++i) {
        const auto palette = static_cast<PaletteKind>(i);
        const auto range = [&](ThemeKind kind) {
            const Theme theme = make_theme(kind, palette);
            return compute_contrast(theme.weights.front(), theme.weights.back());
        };
        CHECK(range(ThemeKind::kProjector) > range(ThemeKind::kLight));
    }
    CHECK(theme_of(ThemeKind::kProjector).line_width > theme_of(ThemeKind::kLight).line_width);
    CHECK(find_theme("projector") == ThemeKind::kProjector);
    CHECK_FALSE(find_theme("neon"));
}

TEST_CASE("text that must be read has a contrast of 4.5 or more on every ground") {
    for (const ThemeKind kind : kThemeKinds) {
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
    for (const Theme& theme : list_themes()) {
        CAPTURE(theme_name(theme.kind));
        for (int i = 0; i <= 100; ++i) {
            const float t = static_cast<float>(i) / 100;
            CAPTURE(t);
            const Colour weight = ramp(theme.weights, t);
            CHECK(compute_contrast(ink_on(theme, weight), weight) >= 4.0F);
        }
    }
}

TEST_CASE("a weight palette goes one way from its ground") {
    for (const Theme& theme : list_themes()) {
        CAPTURE(theme_name(theme.kind));
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
