// A square to draw on with the mouse (or with arrows, Enter putting the pen down and lifting it),
// with brush, eraser, thickness, undo and clear. It changes nothing itself: it hands back the
// sketch as it is to be.
//
// Items: canvas/surface (value: strokes), canvas/brush, canvas/eraser, canvas/width, canvas/undo,
// canvas/clear.
#pragma once

#include <optional>

#include "app/ui/widgets.h"
#include "app/views/state/canvas_state.h"

namespace heed::app {

struct CanvasLayout {
    Rect surface;  // square
    Rect brush;
    Rect eraser;
    Rect undo;
    Rect clear;
    Rect width_label;
    Rect width;  // slider
};

// From the top left of `room`, the tools below the surface.
CanvasLayout layout_canvas(const UiContext& ui, const Rect& room);
// What layout_canvas needs for a surface of this side, in pixels.
float canvas_height(const UiContext& ui, float side);

// The point of the sketch at `at`; it may lie beside the surface, the nearest edge then counts.
SketchPoint sketch_point(const Rect& surface, Point at);

// The changed sketch, once a stroke is finished, taken back, or all are cleared.
std::optional<Sketch> draw_canvas(UiContext& ui, const CanvasLayout& layout, const Sketch& sketch,
                                  CanvasState& state);

}  // namespace heed::app
