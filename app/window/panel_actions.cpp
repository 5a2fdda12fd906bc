// The actions that arrange the panels.
#include <charconv>
#include <cmath>

#include "app/window/program.h"
#include "app/window/view_table.h"
#include "core/base/error.h"

namespace heed::app {

namespace {

constexpr const char* kSlotWords = "centre, right-top or right-bottom";
constexpr const char* kPanelWords = "rail, right, right-top, right-bottom or bottom";

const std::string& argument(std::string_view action, ActionArguments arguments, std::size_t at,
                            std::string_view expected) {
    if (at >= arguments.size()) throw Error("do", action, expected, "nothing");
    return arguments[at];
}

void expect_count(std::string_view action, ActionArguments arguments, std::size_t least,
                  std::size_t most, std::string_view expected) {
    if (arguments.size() >= least && arguments.size() <= most) return;
    const std::string found =
        arguments.empty() ? "nothing" : std::to_string(arguments.size()) + " words";
    throw Error("do", action, expected, found);
}

Slot slot_argument(std::string_view action, ActionArguments arguments, std::size_t at) {
    const std::string& name = argument(action, arguments, at, kSlotWords);
    const std::optional<Slot> slot = find_slot(name);
    if (!slot) throw Error("do", action, kSlotWords, in_quotes(name));
    return *slot;
}

// The switches that `name` stands for.
std::vector<bool PanelArrangement::*> find_switches(std::string_view action,
                                                    const std::string& name) {
    using A = PanelArrangement;
    if (name == "rail") return {&A::shows_rail};
    if (name == "right") return {&A::shows_right_top, &A::shows_right_bottom};
    if (name == "right-top") return {&A::shows_right_top};
    if (name == "right-bottom") return {&A::shows_right_bottom};
    if (name == "bottom") return {&A::shows_bottom};
    throw Error("do", action, kPanelWords, in_quotes(name));
}

void show_panel(PanelArrangement& arrangement, const std::string& name, bool is_on) {
    for (bool PanelArrangement::*part : find_switches("show-panel", name)) {
        arrangement.*part = is_on;
    }
    arrangement.maximised.reset();
}

bool is_shown(const PanelArrangement& arrangement, const std::string& name) {
    if (arrangement.maximised && name != "bottom") return false;
    bool is_on = false;
    for (bool PanelArrangement::*part : find_switches("show-panel", name)) {
        is_on = is_on || arrangement.*part;
    }
    return is_on;
}

void resize_panel(PanelArrangement& arrangement, const std::string& name, const std::string& text) {
    struct Size {
        const char* name;
        float PanelArrangement::*value;
        float unit;  // of the number that is written
        float least;
        float most;
        const char* expected;
    };
    constexpr Size kSizes[] = {
        {"rail", &PanelArrangement::rail_width, 1, kRailLeast, kRailMost, "0 or 140 to 420 pixels"},
        {"right", &PanelArrangement::right_width, 1, kRightLeast, kRightMost,
         "0 or 220 to 1600 pixels"},
        {"right-top", &PanelArrangement::top_share, 0.01F, kTopShareLeast, kTopShareMost,
         "0 or 10 to 90 per cent"}};
    for (const Size& size : kSizes) {
        if (name != size.name) continue;
        float value = 0;
        const char* end = text.data() + text.size();
        const auto [at, failure] = std::from_chars(text.data(), end, value);
        value *= size.unit;
        const bool is_fine = failure == std::errc() && at == end &&
                             (value == 0 || (value >= size.least && value <= size.most));
        if (!is_fine) throw Error("do", "resize-panel", size.expected, in_quotes(text));
        arrangement.*size.value = value;
        return;
    }
    throw Error("do", "resize-panel", "rail, right or right-top", in_quotes(name));
}

}  // namespace

void Program::add_panel_actions() {
    Panels& panels = shell_.panels;
    actions_.add({"panel",
                  "Show a view in a panel",
                  "centre|right-top|right-bottom VIEW",
                  {},
                  {},
                  {},
                  [&panels](ActionArguments arguments) {
                      expect_count("panel", arguments, 2, 2, "a panel and a view");
                      const Slot slot = slot_argument("panel", arguments, 0);
                      if (find_view(arguments[1]) < 0) {
                          throw Error("do", "panel", "the name of a view", in_quotes(arguments[1]));
                      }
                      place_view(panels, slot, arguments[1]);
                      if (slot == Slot::kRightTop) panels.arrangement.shows_right_top = true;
                      if (slot == Slot::kRightBottom) panels.arrangement.shows_right_bottom = true;
                  }});
    actions_.add({"swap-panels",
                  "Swap two panels",
                  "PANEL PANEL",
                  {},
                  {},
                  {},
                  [&panels](ActionArguments arguments) {
                      expect_count("swap-panels", arguments, 2, 2, "two panels");
                      const Slot one = slot_argument("swap-panels", arguments, 0);
                      const Slot other = slot_argument("swap-panels", arguments, 1);
                      const std::string view = shown_views(panels)[static_cast<std::size_t>(one)];
                      place_view(panels, other, view);
                  }});
    actions_.add({"show-panel",
                  "Show or hide a panel",
                  "rail|right|right-top|right-bottom|bottom on|off",
                  {},
                  {},
                  {},
                  [&panels](ActionArguments arguments) {
                      expect_count("show-panel", arguments, 2, 2, "a panel and on or off");
                      find_switches("show-panel", arguments[0]);
                      if (arguments[1] != "on" && arguments[1] != "off") {
                          throw Error("do", "show-panel", "on or off", in_quotes(arguments[1]));
                      }
                      show_panel(panels.arrangement, arguments[0], arguments[1] == "on");
                  }});
    actions_.add({"resize-panel",
                  "Resize a panel",
                  "rail|right|right-top SIZE",
                  {},
                  {},
                  {},
                  [&panels](ActionArguments arguments) {
                      expect_count("resize-panel", arguments, 2, 2, "a panel and its size");
                      resize_panel(panels.arrangement, arguments[0], arguments[1]);
                  }});
    add_panel_switches();
}

void Program::add_panel_switches() {
    Panels& panels = shell_.panels;
    const auto add_switch = [&](const char* name, const char* title, const char* panel, int key) {
        actions_.add({name,
                      title,
                      "",
                      {{true, false, false, key}},
                      {},
                      {},
                      [&panels, panel](ActionArguments) {
                          show_panel(panels.arrangement, panel,
                                     !is_shown(panels.arrangement, panel));
                      }});
    };
    add_switch("toggle-rail", "Show or hide the left side", "rail", 'B');
    add_switch("toggle-right", "Show or hide the right side", "right", 'R');
    add_switch("toggle-bottom", "Show or hide the step in words", "bottom", 'J');
    actions_.add({"maximise",
                  "One panel alone, and back",
                  "[centre|right-top|right-bottom]",
                  {{true, false, false, 'M'}},
                  {},
                  {},
                  [&panels](ActionArguments arguments) {
                      expect_count("maximise", arguments, 0, 1, kSlotWords);
                      const Slot slot = arguments.empty() ? Slot::kCentre
                                                          : slot_argument("maximise", arguments, 0);
                      std::optional<Slot>& alone = panels.arrangement.maximised;
                      const bool is_over = alone && (arguments.empty() || alone == slot);
                      alone = is_over ? std::nullopt : std::optional(slot);
                  }});
    actions_.add({"reset-panels", "Reset the panels", "", {}, {}, {}, [&panels](ActionArguments) {
                      panels.views = Panels{}.views;
                      panels.arrangement = {};
                  }});
    actions_.add({"side",
                  "Upper or lower right panel, where one has room",
                  "top|bottom",
                  {},
                  {},
                  {},
                  [&panels](ActionArguments arguments) {
                      expect_count("side", arguments, 1, 1, "top or bottom");
                      if (arguments[0] != "top" && arguments[0] != "bottom") {
                          throw Error("do", "side", "top or bottom", in_quotes(arguments[0]));
                      }
                      panels.arrangement.prefers_bottom = arguments[0] == "bottom";
                  }});
}

}  // namespace heed::app
