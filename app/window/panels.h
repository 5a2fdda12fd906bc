// How a person has arranged the screen: which view stands in which place, what is hidden, how large
// the rest is. Values only; where things lie follows from them in shell_layout.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "app/ui/option_visitor.h"

namespace heed::app {

// The places that show a view.
enum class Slot { kCentre, kRightTop, kRightBottom };
constexpr int kSlotCount = 3;
// "centre", "right-top", "right-bottom".
std::string_view slot_name(Slot slot);
std::optional<Slot> find_slot(std::string_view name);

// What can be shown in them, in the order of the table of views.
inline constexpr std::array<std::string_view, 7> kViewNames{
    "attention", "heads", "stages", "neuron", "vectors", "predict", "inspector"};

// What a person did to the panels. A length of 0 is the one that suits the picture's size.
struct PanelArrangement {
    bool shows_rail = true;
    bool shows_right_top = true;
    bool shows_right_bottom = true;
    bool shows_bottom = true;       // the bar with the step
    bool prefers_bottom = false;    // the lower of the right panels, where only one has room
    float rail_width = 0;           // design pixels
    float right_width = 0;          // design pixels
    float top_share = 0;            // of the right column's height
    std::optional<Slot> maximised;  // has all the room; the others wait

    bool operator==(const PanelArrangement&) const = default;
};

// Bounds of what a person can set, 0 besides.
constexpr float kRailLeast = 140;
constexpr float kRailMost = 420;
constexpr float kRightLeast = 220;
constexpr float kRightMost = 1600;
constexpr float kTopShareLeast = 0.1F;
constexpr float kTopShareMost = 0.9F;

struct Panels {
    std::array<std::string, kSlotCount> views{"attention", "heads", "inspector"};
    PanelArrangement arrangement{};

    const std::string& centre() const { return views[0]; }

    void visit(OptionVisitor& v);
    bool operator==(const Panels&) const = default;
};

// What each place shows: the centre comes first; a right panel whose view stands there already
// shows another one meanwhile, so that no view is there twice.
std::array<std::string, kSlotCount> shown_views(const Panels& panels);
// Shows `view` in `slot`; where it stood somewhere else the two change places.
void place_view(Panels& panels, Slot slot, std::string_view view);

}  // namespace heed::app
