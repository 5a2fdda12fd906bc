// What the canvas remembers while somebody draws.
#pragma once

#include <optional>

#include "app/document/sketch.h"

namespace heed::app {

struct CanvasState {
    bool erases = false;
    int width = 80;              // of the next stroke, thousandths of the side
    std::optional<Stroke> open;  // the stroke that is being drawn
    bool has_mouse = false;      // the mouse draws it, not the keys
    SketchPoint pen{kSketchSide / 2, kSketchSide / 2};  // where the keys draw
    bool shows_pen = false;
};

}  // namespace heed::app
