// What surrounds the views: a thin handle over each panel with its menu, the gaps between panels
// that can be dragged, the tabs of the centre.
#pragma once

#include <array>
#include <string>

#include "app/views/view.h"
#include "app/window/shell_layout.h"

namespace heed::app {

// Wishes of the handle over the panel at `rect`, that shows `view`: another view, alone, hidden.
// Draw it after the view.
ViewResult draw_panel_handle(UiContext& ui, const Panels& panels, Slot slot, const Rect& rect);

// `grab` remembers where in the gap the mouse took hold.
ViewResult draw_splitters(UiContext& ui, const ShellLayout& layout, float& grab);

// Width of draw_tabs, in full and as a drop-down.
float measure_tabs(const UiContext& ui, const Panels& panels);
float measure_short_tabs(const UiContext& ui);
ViewResult draw_tabs(UiContext& ui, const Panels& panels, const ShellLayout& layout);

}  // namespace heed::app
