// Controls that choose or divide: drop-downs, switches, sliders of a range, tabs, splitters.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "app/ui/widgets.h"

namespace heed::app {

struct DropDownOptions {
    bool is_enabled = true;
    std::string_view tooltip;
    std::string_view title;                // before the chosen one: "scale"
    std::span<const std::string> notes{};  // at the right of each label in the list
};
// A button that opens a list of `labels`; returns the one picked when it is not `chosen`. Up, Down,
// Home, End, letters, Enter and Esc work in the list; its entries are "menu/<id>/<label>" in the
// dump ("menu/<id>[i]" where two are alike).
std::optional<int> drop_down(UiContext& ui, std::string_view id, const Rect& rect,
                             std::span<const std::string> labels, int chosen,
                             const DropDownOptions& options = {});
// The width in which every label fits.
float measure_drop_down(const UiContext& ui, std::span<const std::string> labels,
                        std::string_view title = {});

// A switch with its label at the right; the new state when it was pressed.
std::optional<bool> toggle(UiContext& ui, std::string_view id, const Rect& rect,
                           std::string_view label, bool is_on, std::string_view tooltip = {});
float measure_toggle(const UiContext& ui, std::string_view label);
// A box with a check mark and its label.
std::optional<bool> check_box(UiContext& ui, std::string_view id, const Rect& rect,
                              std::string_view label, bool is_on, std::string_view tooltip = {});
float measure_check_box(const UiContext& ui, std::string_view label);

struct RealRange {
    float low = 0;
    float high = 1;
    float step = 0;  // of an arrow key and of what the mouse gives; 0: a hundredth, and any value
};
// A number of [low, high]; the new one while it changes.
std::optional<float> real_slider(UiContext& ui, std::string_view id, const Rect& rect, float value,
                                 const RealRange& range);
// Two numbers, low <= high, each with a knob ("<id>/low", "<id>/high").
std::optional<std::pair<float, float>> range_slider(UiContext& ui, std::string_view id,
                                                    const Rect& rect,
                                                    std::pair<float, float> chosen,
                                                    const RealRange& range);

// Names of views above what they show, a line under the chosen one; returns the one pressed. The
// ids of the parts are "<id>/<label>".
std::optional<int> tabs(UiContext& ui, std::string_view id, const Rect& rect,
                        std::span<const std::string> labels, int chosen);

// A gap between two parts that can be dragged: how far, in pixels, since the frame before; arrows
// move it too. `is_upright`: it divides left from right. The second: pressed twice, to reset it.
struct SplitterMove {
    float by_px = 0;
    bool is_reset = false;
};
SplitterMove splitter(UiContext& ui, std::string_view id, const Rect& rect, bool is_upright);

// The ids of a list's entries in the dump, each different.
std::string entry_id(std::string_view id, std::span<const std::string> labels, std::size_t i);

}  // namespace heed::app
