#include "app/window/panels.h"

#include <algorithm>
#include <utility>

namespace heed::app {

namespace {

constexpr std::array<std::string_view, kSlotCount> kSlotNames{"centre", "right-top",
                                                              "right-bottom"};
// The views that stand in for one that is shown already, the best first.
constexpr std::array<std::string_view, 3> kStandIns{"attention", "heads", "inspector"};

int index_of(std::string_view view) {
    const auto at = std::find(kViewNames.begin(), kViewNames.end(), view);
    return at == kViewNames.end() ? 0 : static_cast<int>(at - kViewNames.begin());
}

}  // namespace

std::string_view slot_name(Slot slot) {
    return kSlotNames[static_cast<std::size_t>(slot)];
}

std::optional<Slot> find_slot(std::string_view name) {
    const auto at = std::find(kSlotNames.begin(), kSlotNames.end(), name);
    if (at == kSlotNames.end()) return std::nullopt;
    return static_cast<Slot>(at - kSlotNames.begin());
}

void Panels::visit(OptionVisitor& v) {
    for (std::size_t i = 0; i < views.size(); ++i) {
        int index = index_of(views[i]);
        v.choice(kSlotNames[i], "View in a panel", index, kViewNames);
        views[i] = kViewNames[static_cast<std::size_t>(index)];
    }
    PanelArrangement& a = arrangement;
    v.flag("rail", "Layers, heads and stages", a.shows_rail);
    v.flag("shows-right-top", "Upper right panel", a.shows_right_top);
    v.flag("shows-right-bottom", "Lower right panel", a.shows_right_bottom);
    v.flag("bottom", "The step in words", a.shows_bottom);
    v.flag("prefers-bottom", "The lower panel where one has room", a.prefers_bottom);
    v.real("rail-width", "Width at the left", a.rail_width, 0, kRailMost);
    v.real("right-width", "Width at the right", a.right_width, 0, kRightMost);
    v.real("top-share", "Height of the upper right panel", a.top_share, 0, kTopShareMost);
    constexpr std::array<std::string_view, 4> kMaximised{"none", "centre", "right-top",
                                                         "right-bottom"};
    int maximised = a.maximised ? static_cast<int>(*a.maximised) + 1 : 0;
    v.choice("maximised", "One panel alone", maximised, kMaximised);
    a.maximised.reset();
    if (maximised > 0) a.maximised = static_cast<Slot>(maximised - 1);
}

std::array<std::string, kSlotCount> shown_views(const Panels& panels) {
    std::array<std::string, kSlotCount> shown = panels.views;
    for (auto at = shown.begin(); at != shown.end(); ++at) {
        if (std::find(shown.begin(), at, *at) == at) continue;
        // The places after this one keep theirs.
        *at = *std::find_if(kStandIns.begin(), kStandIns.end(), [&](std::string_view view) {
            return std::find(shown.begin(), at, view) == at &&
                   std::find(at, shown.end(), view) == shown.end();
        });
    }
    return shown;
}

void place_view(Panels& panels, Slot slot, std::string_view view) {
    panels.views = shown_views(panels);
    const auto at = std::find(panels.views.begin(), panels.views.end(), view);
    std::string& target = panels.views[static_cast<std::size_t>(slot)];
    if (at != panels.views.end()) {
        std::swap(*at, target);
    } else {
        target = view;
    }
}

}  // namespace heed::app
