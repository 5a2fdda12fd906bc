// Pictures on buttons and in menus, made of lines and shapes: the same at any scale, in figures
// too.
#pragma once

#include <span>

#include "app/ui/colour.h"
#include "app/ui/geometry.h"

namespace heed::app {

struct UiContext;

enum class Icon {
    kPlay,
    kPause,
    kStop,
    kStepBack,  // to the step before
    kStepForward,
    kToStart,
    kToEnd,
    kBack,  // an arrow to the left
    kForward,
    kChevronDown,
    kChevronUp,
    kChevronLeft,
    kChevronRight,
    kClose,
    kCheck,
    kDot,  // the chosen one of several
    kMore,
    kMaximise,
    kRestore,
    kSearch,
    kGear,
    kMoon,
    kSun,
    kDisplay,  // the system's theme
    kSwap,
    kCopy,
    kSave,
    kOpen,
    kPlus,
    kMinus,
    kHelp,
    kPin,
    kEye,
    kUndo,
    kRedo,
    kReset,
    kMenu,
    kSplit,  // panels
    kWarning,
};
std::span<const Icon> all_icons();

// In the middle of `rect`, as large as its shorter side.
void draw_icon(UiContext& ui, const Rect& rect, Icon icon, Colour colour);

}  // namespace heed::app
