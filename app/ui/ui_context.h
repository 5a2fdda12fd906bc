// What a view is given besides the data: how things look, how large they are, where to note what it
// draws, and what it may ask for.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/ui/actions.h"
#include "app/ui/fonts.h"
#include "app/ui/geometry.h"
#include "app/ui/item_log.h"
#include "app/ui/jobs.h"
#include "app/ui/pictures.h"
#include "app/ui/popup.h"
#include "app/ui/theme.h"

namespace heed {
class Trace;
struct Atlas;
}  // namespace heed

namespace heed::app {

// Remembers on what the mouse rests and since when, so that tooltips wait.
struct HoverClock {
    std::uint64_t target = 0;
    double since_s = 0;
    bool was_asked = false;  // in this frame
};

// A rectangle that lies under everything else: cleared before the rest is drawn, which costs far
// less than drawing it where software draws.
struct Ground {
    Rect rect;
    Colour colour;
};

struct Drawing;     // app/ui/drawing.h
struct FigureArea;  // app/ui/figures.h

struct UiContext {
    const Theme& theme;
    const Fonts& fonts;
    const Actions& actions;
    ItemLog& items;
    PictureStore& pictures;
    HoverClock& hover;
    JobStore& jobs;
    ControlState& controls;
    std::vector<Ground>* grounds = nullptr;  // of this frame; null: grounds are drawn
    float scale = 1;                         // picture pixels per pixel of the design
    double now_s = 0;                        // time of this frame
    std::uint64_t trace_number = 0;  // counts the traces shown: the key of what views keep of one
    bool is_typing = false;          // the sentence field has the keys
    bool reduces_motion = false;     // nothing glides: it is there at once
    // The trace that is shown now, for jobs, and that of the other sentence where there is one.
    std::shared_ptr<const Trace> trace{};
    std::shared_ptr<const Trace> other_trace{};
    // What is known of the heads of its model; null where nothing is.
    std::shared_ptr<const Atlas> atlas{};
    Drawing* drawing = nullptr;                  // set while a figure is made
    std::vector<FigureArea>* figures = nullptr;  // set while somebody asks where figures are
    // Where each area that scrolls stands; begin_scroll keeps it here. `restores_scrolls`: stand
    // there.
    std::map<std::string, Point, std::less<>>* scrolls = nullptr;
    bool restores_scrolls = false;
    std::u32string_view typed{};  // what was written since the frame before
    double next_frame_s = 1e9;    // seconds until a frame is needed though nothing happens

    // Picture pixels for a length of the design, whole.
    float px(float design_px) const { return std::round(design_px * scale); }
    // A hairline: one design pixel, never less than one of the picture.
    float hairline() const { return std::max(1.0F, std::floor(scale * theme.line_width)); }
    void request_frame_in(double seconds) { next_frame_s = std::min(next_frame_s, seconds); }
};

}  // namespace heed::app
