// What a legend names, worked out from the scale itself; drawn by legend_bar (widgets.h). Pure.
#pragma once

#include <string>
#include <vector>

#include "app/ui/colour_scale.h"

namespace heed::app {

// What the numbers under the bar are.
enum class LegendUnit {
    kValue,
    kShare,  // of the largest in each row or column: the scale's high is 1
    kRank,   // among the values of each row or column
};

struct LegendTick {
    float along = 0;  // of the bar, 0 to 1
    float value = 0;
    std::string text;
    bool is_end = false;
};
// From left to right; the ends are among them.
std::vector<LegendTick> list_ticks(const ColourScale& scale, LegendUnit unit = LegendUnit::kValue);

// A value in as few digits as tell it apart: "0.05", "1", "−2.5", "3e−6".
std::string tick_text(float value);

}  // namespace heed::app
