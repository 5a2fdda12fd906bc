#include "app/ui/look.h"

namespace heed::app {

Theme make_theme(const LookOptions& look, const SystemLook& system) {
    if (look.theme == ThemeChoice::kProjector) {
        return make_theme(ThemeKind::kProjector, look.palette);
    }
    const bool is_dark = look.theme == ThemeChoice::kSystem ? system.is_dark.value_or(false)
                                                            : look.theme == ThemeChoice::kDark;
    return make_theme(is_dark ? ThemeKind::kDark : ThemeKind::kLight, look.palette);
}

bool reduces_motion(const LookOptions& look, const SystemLook& system) {
    return look.motion == MotionChoice::kSystem ? system.reduces_motion.value_or(false)
                                                : look.motion == MotionChoice::kReduced;
}

}  // namespace heed::app
