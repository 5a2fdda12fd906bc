// The tokens of the look: what each colour means. Query, key and value colour words, axes and
// roads; palettes fill cells; one accent marks what is selected or can be pressed.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "app/ui/colour.h"

namespace heed::app {

enum class ThemeKind { kLight, kDark, kProjector };

// The colours of values: from nothing to much, and from minus to plus.
enum class PaletteKind { kIndigo, kViridis, kGrey, kAmber };
inline constexpr std::array<std::string_view, 4> kPaletteWords{"indigo", "viridis", "grey",
                                                               "amber"};

struct Theme {
    ThemeKind kind = ThemeKind::kLight;
    PaletteKind palette = PaletteKind::kIndigo;
    Colour background;
    Colour surface;
    Colour sunk;
    Colour line;
    Colour ink;
    Colour ink_second;
    Colour ink_third;  // for what may be missed
    Colour accent;
    Colour accent_soft;
    Colour on_accent;  // text on the accent
    Colour query;
    Colour key;
    Colour value;
    Colour error;
    std::array<Colour, 6> weights;  // 0 to 1
    Colour negative;
    Colour zero;
    Colour positive;
    float line_width = 1;  // of hairlines, design pixels

    // Differs where any colour differs: the key of what is painted once and kept.
    std::uint64_t look() const {
        return static_cast<std::uint64_t>(kind) * kPaletteWords.size() +
               static_cast<std::uint64_t>(palette);
    }
    bool is_dark() const { return kind == ThemeKind::kDark; }
};

// With the palette of the look, indigo.
const Theme& theme_of(ThemeKind kind);
Theme make_theme(ThemeKind kind, PaletteKind palette);
// "light", "dark", "projector"; nullopt for another word.
std::optional<ThemeKind> find_theme(std::string_view name);
std::string_view theme_name(ThemeKind kind);

}  // namespace heed::app
