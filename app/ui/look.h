// How everything looks, as a person has set it, and what the system says where they left it to it.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "app/ui/option_visitor.h"
#include "app/ui/theme.h"

namespace heed::app {

enum class ThemeChoice { kSystem, kLight, kDark, kProjector };
inline constexpr std::array<std::string_view, 4> kThemeWords{"system", "light", "dark",
                                                             "projector"};
enum class MotionChoice { kSystem, kFull, kReduced };
inline constexpr std::array<std::string_view, 3> kMotionWords{"system", "full", "reduced"};

constexpr float kSmallestScale = 0.5F;
constexpr float kLargestScale = 3;

struct LookOptions {
    ThemeChoice theme = ThemeChoice::kSystem;
    PaletteKind palette = PaletteKind::kIndigo;
    float scale = 1;  // of text and all else, on top of the screen's
    MotionChoice motion = MotionChoice::kSystem;

    void visit(OptionVisitor& v) {
        visit_choice(v, "theme", "Theme", theme, kThemeWords);
        visit_choice(v, "palette", "Colours of values", palette, kPaletteWords);
        v.real("scale", "Text size", scale, kSmallestScale, kLargestScale);
        visit_choice(v, "motion", "Motion", motion, kMotionWords);
    }
    bool operator==(const LookOptions&) const = default;
};

// What the desktop prefers, where it says so.
struct SystemLook {
    std::optional<bool> is_dark;
    std::optional<bool> reduces_motion;

    bool operator==(const SystemLook&) const = default;
};

// Light where neither the person nor the system says anything.
Theme make_theme(const LookOptions& look, const SystemLook& system);
bool reduces_motion(const LookOptions& look, const SystemLook& system);

}  // namespace heed::app
