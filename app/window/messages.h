// What heed says of itself: what it is doing and how far it is, what went wrong, what there is to
// do where nothing can be shown.
#pragma once

#include <string>

#include "app/document/document.h"
#include "app/views/view.h"

namespace heed::app {

// Work under way, for the status; the program fills it in before each frame.
struct WorkState {
    bool is_busy = false;
    bool is_pass = false;  // of the model; else work of a view
    double since_s = 0;    // time of the frame in which it began
    RunProgress progress;
    std::string backend;  // who computes, and why
};

// Whether work goes on for so long that a person wants to know.
bool is_long(const WorkState& work, double now_s);
// "opening", "73 of 222", "working" where the work knows no number; "" while nothing takes long.
std::string work_text(const WorkState& work, double now_s);

// The pill at the right of the top bar: the last run's time, or how far the work is; a press then
// cancels it.
ViewResult draw_status(const Document& document, const WorkState& work, UiContext& ui,
                       const Rect& rect);

// The one line over the panels: an error, else the notes of the run; "" for nothing.
std::string banner_text(const Document& document);
ViewResult draw_banner(const Document& document, UiContext& ui, const Rect& rect);

// Without a trace there is one card that says why.
ViewResult draw_nothing_yet(const Document& document, const WorkState& work, UiContext& ui,
                            const Rect& rect);

}  // namespace heed::app
