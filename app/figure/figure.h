// A picture that leaves the window: the shapes of one area, moved to its own corner. What writes it
// into a file stands on this; it knows no view and no ImGui.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/ui/drawing.h"
#include "app/ui/figures.h"

namespace heed::app {

struct Figure {
    std::string title;        // "Layer 5, head 11"
    std::string description;  // one sentence for those who do not see it; may be empty
    float width = 0;          // pixels
    float height = 0;
    float scale =
        1;  // pixels for one of the design: the em of a type is face_of(type).em_px * scale
    Colour ground{0, 0, 0, 0};  // under everything; alpha 0 for none
    std::vector<DrawnItem> items;
};

// The rectangle that a shape cannot leave; `scale` as in Figure.
Rect bounds_of(const DrawnShape& shape, float scale);

struct CutOptions {
    float scale = 1;
    float margin = 0;  // added on all sides, pixels
    Colour ground{0, 0, 0, 0};
    // Leaves out what only fills the whole area: the ground of the card that it was cut from.
    bool drops_grounds = true;
};

// What `drawing` shows within `area`, which becomes the whole figure. The clip of an item is the
// area itself where it would clip nothing.
Figure cut_figure(const Drawing& drawing, const Rect& area, const CutOptions& options);

// Puts `title` above everything, in a band of `band` pixels and `left` from the edge. `title_width`
// is its width as drawn; the figure becomes wider where it must.
void add_title(Figure& figure, const std::string& title, Type type, Colour colour,
               float title_width, float band, float left);

}  // namespace heed::app
