// The real program offscreen, driven by the text of a scenario.
#pragma once

#include <string>
#include <string_view>

#include "app/window/offscreen.h"
#include "app/window/scenario_runner.h"
#include "core/format/json.h"
#include "tests/support/refusal.h"

namespace heed::app {

struct Play {
    Offscreen screen;
    ScenarioRunner runner{screen, "test.scenario"};

    Program& program() { return screen.program(); }
    Document& document() { return screen.program().document(); }
    void run(std::string_view text) { runner.run(parse_scenario(text, "test.scenario")); }
    Json dump() { return parse_json(runner.dump(), "dump"); }
    std::string refusal(std::string_view text) {
        return heed::test::message_of([&] { run(text); });
    }
};

inline const Json* find_item(const Json& dump, std::string_view id) {
    for (const Json& item : dump.find("items")->array) {
        if (item.find("id")->string == id) return &item;
    }
    return nullptr;
}

}  // namespace heed::app
