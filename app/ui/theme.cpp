#include "app/ui/theme.h"

namespace heed::app {

namespace {

constexpr Theme kLightTheme{
    .kind = ThemeKind::kLight,
    .background = rgb(0xF6F5F1),
    .surface = rgb(0xFFFFFF),
    .sunk = rgb(0xEFEDE7),
    .line = rgb(0xE2DFD7),
    .ink = rgb(0x1D2027),
    .ink_second = rgb(0x5B616D),
    .ink_third = rgb(0x9A9FA8),
    .accent = rgb(0x4353B8),
    .accent_soft = rgb(0xE7EAFA),
    .on_accent = rgb(0xFFFFFF),
    .query = rgb(0xAE5405),
    .key = rgb(0x2468B0),
    .value = rgb(0x147A5E),
    .error = rgb(0xB3261E),
    .weights = {rgb(0xFFFFFF), rgb(0xDDE3F7), rgb(0xA9B7EA), rgb(0x6A7FD6), rgb(0x3A4BA8),
                rgb(0x1B2466)},
    .negative = rgb(0xB5502B),
    .zero = rgb(0xFFFFFF),
    .positive = rgb(0x2468B0),
};

constexpr Theme kDarkTheme{
    .kind = ThemeKind::kDark,
    .background = rgb(0x121419),
    .surface = rgb(0x1A1D24),
    .sunk = rgb(0x15171D),
    .line = rgb(0x2B2F39),
    .ink = rgb(0xECEEF2),
    .ink_second = rgb(0xA6ADBA),
    .ink_third = rgb(0x6B7280),
    .accent = rgb(0x93A2FF),
    .accent_soft = rgb(0x262C4A),
    .on_accent = rgb(0x121419),
    .query = rgb(0xF2A250),
    .key = rgb(0x74B3F0),
    .value = rgb(0x57C9A5),
    .error = rgb(0xFF8A80),
    .weights = {rgb(0x1A1D24), rgb(0x232A52), rgb(0x35428C), rgb(0x5C70CE), rgb(0xA3B2F2),
                rgb(0xEEF1FF)},
    .negative = rgb(0xE08A63),
    .zero = rgb(0x1A1D24),
    .positive = rgb(0x74B3F0),
};

// For a hall: black on white, roles dark enough for a faint lamp, lines twice as thick.
constexpr Theme kProjectorTheme{
    .kind = ThemeKind::kProjector,
    .background = rgb(0xFFFFFF),
    .surface = rgb(0xFFFFFF),
    .sunk = rgb(0xF2F2F2),
    .line = rgb(0x8C8C8C),
    .ink = rgb(0x000000),
    .ink_second = rgb(0x262626),
    .ink_third = rgb(0x595959),
    .accent = rgb(0x1B2FA0),
    .accent_soft = rgb(0xDDE2FF),
    .on_accent = rgb(0xFFFFFF),
    .query = rgb(0x8A3D00),
    .key = rgb(0x0A4A90),
    .value = rgb(0x00583F),
    .error = rgb(0xA00010),
    .weights = {rgb(0xFFFFFF), rgb(0xC9D0F6), rgb(0x8A99EC), rgb(0x4A5BD0), rgb(0x232C8C),
                rgb(0x05082E)},
    .negative = rgb(0xA83A10),
    .zero = rgb(0xFFFFFF),
    .positive = rgb(0x0A4FA0),
    .line_width = 2,
};

struct Palette {
    std::array<Colour, 6> weights;
    Colour negative;
    Colour positive;
};

// Lightness (CIE L*) goes one way, also as people with missing cones see it.
constexpr std::array<Palette, 4> kLightPalettes{{
    {kLightTheme.weights, kLightTheme.negative, kLightTheme.positive},
    {{rgb(0xFFFFFF), rgb(0xDDEB7A), rgb(0x6CC47C), rgb(0x2A8F8C), rgb(0x355C8D), rgb(0x3A1254)},
     rgb(0x7B3294),
     rgb(0x1B7A3E)},
    {{rgb(0xFFFFFF), rgb(0xDEDEDE), rgb(0xB4B4B4), rgb(0x828282), rgb(0x4E4E4E), rgb(0x1A1A1A)},
     rgb(0x8C510A),
     rgb(0x01756A)},
    {{rgb(0xFFFFFF), rgb(0xFBE3BE), rgb(0xF4B560), rgb(0xD97E22), rgb(0xA04A12), rgb(0x541C08)},
     rgb(0xB35806),
     rgb(0x5E4FA2)},
}};
constexpr std::array<Palette, 4> kDarkPalettes{{
    {kDarkTheme.weights, kDarkTheme.negative, kDarkTheme.positive},
    {{rgb(0x1A1D24), rgb(0x3F2A6E), rgb(0x3A5A90), rgb(0x2A8C8C), rgb(0x7CCB58), rgb(0xFDE725)},
     rgb(0xC48BDB),
     rgb(0x5DBF74)},
    {{rgb(0x1A1D24), rgb(0x36393F), rgb(0x5E6167), rgb(0x8F9297), rgb(0xC2C4C8), rgb(0xF6F6F6)},
     rgb(0xD9A55B),
     rgb(0x4FBFB2)},
    {{rgb(0x1A1D24), rgb(0x43240F), rgb(0x7E3F12), rgb(0xC06F1E), rgb(0xEDAE57), rgb(0xFFF2D8)},
     rgb(0xF0A04B),
     rgb(0xA99BEA)},
}};
constexpr std::array<Palette, 4> kProjectorPalettes{{
    {kProjectorTheme.weights, kProjectorTheme.negative, kProjectorTheme.positive},
    {{rgb(0xFFFFFF), rgb(0xD6E85C), rgb(0x55B870), rgb(0x1F8086), rgb(0x30457E), rgb(0x22043A)},
     rgb(0x6A1B8A),
     rgb(0x006428)},
    {{rgb(0xFFFFFF), rgb(0xD0D0D0), rgb(0x9A9A9A), rgb(0x646464), rgb(0x303030), rgb(0x000000)},
     rgb(0x7A4000),
     rgb(0x005A52)},
    {{rgb(0xFFFFFF), rgb(0xF8D59A), rgb(0xEB9A30), rgb(0xC05F0C), rgb(0x7C3006), rgb(0x300A00)},
     rgb(0xA04A00),
     rgb(0x40308C)},
}};

const Palette& palette_of(ThemeKind kind, PaletteKind palette) {
    const auto number = static_cast<std::size_t>(palette);
    if (kind == ThemeKind::kDark) return kDarkPalettes[number];
    if (kind == ThemeKind::kProjector) return kProjectorPalettes[number];
    return kLightPalettes[number];
}

}  // namespace

const Theme& theme_of(ThemeKind kind) {
    if (kind == ThemeKind::kDark) return kDarkTheme;
    return kind == ThemeKind::kProjector ? kProjectorTheme : kLightTheme;
}

Theme make_theme(ThemeKind kind, PaletteKind palette) {
    Theme theme = theme_of(kind);
    const Palette& colours = palette_of(kind, palette);
    theme.palette = palette;
    theme.weights = colours.weights;
    theme.negative = colours.negative;
    theme.positive = colours.positive;
    return theme;
}

std::optional<ThemeKind> find_theme(std::string_view name) {
    if (name == "light") return ThemeKind::kLight;
    if (name == "dark") return ThemeKind::kDark;
    if (name == "projector") return ThemeKind::kProjector;
    return std::nullopt;
}

std::string_view theme_name(ThemeKind kind) {
    if (kind == ThemeKind::kProjector) return "projector";
    return kind == ThemeKind::kDark ? "dark" : "light";
}

}  // namespace heed::app
