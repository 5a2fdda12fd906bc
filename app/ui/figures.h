// Every picture in a view tells where it is and what its numbers are, so that a right click can
// copy it or save it. Views call mark_figure; the program asks them to only in frames in which
// somebody wants to know.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "app/ui/geometry.h"
#include "app/ui/ui_context.h"

namespace heed::app {

// The numbers of a picture, with names for rows and columns; row-major.
struct NumberTable {
    std::vector<std::string> row_labels;  // one for each row
    std::vector<std::string> column_labels;
    std::vector<float> values;
    std::string node;  // "blocks.5.attn.pattern[11]" where they come from one; for the file's head
};

struct FigureArea {
    std::string id;                        // "view/attention/heatmap": what `heed figure` calls it
    std::string title;                     // "Layer 5, head 11"
    Rect rect;                             // with labels, axes and legend
    std::function<NumberTable()> numbers;  // empty where a picture has none; called in this frame
};

inline void mark_figure(UiContext& ui, std::string id, std::string title, const Rect& rect,
                        std::function<NumberTable()> numbers = {}) {
    if (ui.figures == nullptr) return;
    ui.figures->push_back({std::move(id), std::move(title), rect, std::move(numbers)});
}

}  // namespace heed::app
