#include "app/ui/actions.h"

#include <doctest/doctest.h>

#include <set>

#include "app/ui/item_log.h"
#include "core/base/check.h"
#include "tests/support/refusal.h"

using namespace heed::app;
using heed::test::find_flaw;
using heed::test::message_of;

namespace {

KeyState pressing(std::set<int> keys) {
    KeyState state;
    state.was_pressed = [keys](int key) { return keys.count(key) > 0; };
    return state;
}

}  // namespace

TEST_SUITE_BEGIN("app/ui/actions");

TEST_CASE("chords are read and written the same way") {
    for (const char* text : {"Ctrl+Z", "Ctrl+Alt+Shift+Left", "F12", "Ctrl++", "Ctrl+-", "Esc",
                             "PageDown", "A", "0", "Alt+["}) {
        CAPTURE(text);
        const std::optional<KeyChord> chord = parse_key_chord(text);
        REQUIRE(chord);
        CHECK(parse_key_chord(to_string(*chord)) == chord);
    }
    CHECK(parse_key_chord("ctrl+shift+z") == KeyChord{true, true, false, 'Z'});
    for (const char* text :
         {"", "Ctrl+", "Ctrl+Ctrl+Z", "Hyper+Z", "F13", "F0", "+Z", "Ctrl+ZZ", "\u00e9"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_key_chord(text));
    }
}

TEST_CASE("a key runs its action once, and not what is disabled or elsewhere") {
    int runs = 0;
    bool is_enabled = true;
    bool applies = true;
    Actions actions;
    actions.add({"go",
                 "Go",
                 "",
                 {{false, false, false, kKeyLeft}},
                 [&] { return is_enabled; },
                 [&] { return applies; },
                 [&](ActionArguments) { ++runs; }});
    actions.run_pressed(pressing({kKeyLeft}));
    CHECK(runs == 1);
    is_enabled = false;
    actions.run_pressed(pressing({kKeyLeft}));
    is_enabled = true;
    applies = false;
    actions.run_pressed(pressing({kKeyLeft}));
    applies = true;
    KeyState held = pressing({kKeyLeft});
    held.ctrl = true;
    actions.run_pressed(held);
    KeyState typing = pressing({kKeyLeft});
    typing.typing = true;
    actions.run_pressed(typing);
    CHECK(runs == 1);
    actions.run("go", {});
    CHECK(runs == 2);
}

TEST_CASE("plus answers to the = key with and without shift") {
    int runs = 0;
    Actions actions;
    actions.add({"larger", "", "", {{true, false, false, kKeyPlus}}, {}, {}, [&](ActionArguments) {
                     ++runs;
                 }});
    for (const bool shift : {false, true}) {
        KeyState keys = pressing({kKeyEqual});
        keys.ctrl = true;
        keys.shift = shift;
        actions.run_pressed(keys);
    }
    CHECK(runs == 2);
}

TEST_CASE("what cannot be done is refused in one line") {
    Actions actions;
    actions.add({"layer", "", "LAYER", {}, {}, {}, [](ActionArguments arguments) {
                     parse_action_number("layer", arguments, 0, 0, 5);
                 }});
    actions.add({"quit", "", "", {}, [] { return false; }, {}, [](ActionArguments) {}});
    const std::vector<std::string> six{"6"};
    const std::vector<std::string> word{"1x"};
    CHECK(find_flaw(message_of([&] { actions.run("nothing", {}); }),
                    {"layer, quit", "\"nothing\""}) == "");
    CHECK(find_flaw(message_of([&] { actions.run("layer", six); }), {"from 0 to 5", "\"6\""}) ==
          "");
    CHECK(find_flaw(message_of([&] { actions.run("layer", word); }), {"\"1x\""}) == "");
    CHECK(find_flaw(message_of([&] { actions.run("layer", {}); }), {"nothing"}) == "");
    CHECK(find_flaw(message_of([&] { actions.run("quit", six); }), {"no arguments"}) == "");
    CHECK(find_flaw(message_of([&] { actions.run("quit", {}); }), {"not possible"}) == "");
}

TEST_SUITE_END();

TEST_SUITE_BEGIN("app/ui/item_log");

TEST_CASE("an item keeps the part of it that is in sight") {
    ItemLog log;
    log.begin_frame(true);
    const Rect clip{0, 0, 100, 100};
    log.add("a[1,2]", "cell", "x", 0.5, {90, 10, 20, 20}, clip);
    log.add("b", "cell", "", std::nullopt, {200, 10, 20, 20}, clip);
    REQUIRE(log.find("a[1,2]") != nullptr);
    CHECK(log.find("a[1,2]")->rect == Rect{90, 10, 10, 20});
    CHECK_FALSE(log.find("b")->rect);
    CHECK(log.find("c") == nullptr);
    CHECK(log.find_nearest("a[1,3]") == "a[1,2]");
    log.begin_frame(false);
    CHECK(log.items().empty());
}

TEST_CASE("two items of one name, or one outside a recorded frame, are bugs") {
    ItemLog log;
    CHECK_THROWS_AS(log.add("a", "", "", {}, {}, {}), heed::Bug);
    log.begin_frame(true);
    log.add("a", "", "", {}, {}, {});
    CHECK_THROWS_AS(log.add("a", "", "", {}, {}, {}), heed::Bug);
    CHECK(indexed_id("v/cell", {3, 5}) == "v/cell[3,5]");
}

TEST_SUITE_END();
