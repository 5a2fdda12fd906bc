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

}  // namespace

const Theme& theme_of(ThemeKind kind) {
    return kind == ThemeKind::kDark ? kDarkTheme : kLightTheme;
}

std::optional<ThemeKind> find_theme(std::string_view name) {
    if (name == "light") return ThemeKind::kLight;
    if (name == "dark") return ThemeKind::kDark;
    return std::nullopt;
}

std::string_view theme_name(ThemeKind kind) {
    return kind == ThemeKind::kDark ? "dark" : "light";
}

}  // namespace heed::app
