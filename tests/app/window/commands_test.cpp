// Menu bar, palette, sheet of keys and context menus, through the real program.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include "app/ui/fuzzy.h"
#include "app/window/commands.h"
#include "app/window/offscreen.h"
#include "app/window/scenario_runner.h"
#include "tests/support/refusal.h"

using namespace heed;
using namespace heed::app;
using heed::test::find_flaw;
using heed::test::message_of;

namespace {

struct Play {
    Offscreen screen;
    ScenarioRunner runner{screen, "test.scenario"};

    void run(std::string_view text) { runner.run(parse_scenario(text, "test.scenario")); }
    const Item* find(std::string_view id) {
        screen.draw_frame(true);
        return screen.program().items().find(id);
    }
    // As `set` writes it.
    std::string option(std::string_view name) {
        Program& program = screen.program();
        for (const OptionEntry& entry :
             list_options([&](OptionVisitor& v) { program.visit_options(v); })) {
            if (entry.name == name) return entry.value;
        }
        return "";
    }
    const Selection& selection() { return screen.program().document().selection(); }
};

void collect_actions(const std::vector<MenuEntry>& entries, std::set<std::string>& names) {
    for (const MenuEntry& entry : entries) {
        if (!entry.action.empty()) names.insert(entry.action);
        collect_actions(entry.children, names);
    }
}

std::vector<PaletteEntry> entries_named(const std::vector<std::string>& titles) {
    std::vector<PaletteEntry> entries;
    for (const std::string& title : titles) {
        PaletteEntry entry;
        entry.title = title;
        entries.push_back(entry);
    }
    return entries;
}

std::string first_found(const std::vector<PaletteEntry>& entries, std::string_view query,
                        const RecentTitles& recent = {}) {
    const std::vector<int> found = rank_entries(entries, query, recent);
    return found.empty() ? "" : entries[static_cast<std::size_t>(found.front())].title;
}

}  // namespace

TEST_SUITE_BEGIN("app/window/commands");

TEST_CASE("letters find what they begin, then what they are in") {
    CHECK(*score_match("head", "Head after") > *score_match("head", "Next head"));
    CHECK(*score_match("head", "Next head") > *score_match("ead", "Next head"));
    CHECK(*score_match("nh", "Next head") > 0);
    CHECK_FALSE(score_match("hn", "Next head"));
    CHECK_FALSE(score_match("xyz", "Next head"));
    CHECK(score_match("", "Next head") == 0);
    CHECK(*score_match("NEXT hea", "next Head") > 0);
    CHECK_FALSE(score_match("next layer", "Next head"));
    CHECK(*score_match("layer", "Head 2.1", "layer 2") <
          *score_match("head", "Head 2.1", "layer 2"));
}

TEST_CASE("the palette puts the best first, and the recent before its equals") {
    const auto entries = entries_named({"Layer after", "Head after", "After all", "Larger text"});
    CHECK(first_found(entries, "after") == "After all");
    CHECK(first_found(entries, "head") == "Head after");
    CHECK(first_found(entries, "la") != "Head after");
    CHECK(first_found(entries, "nothing") == "");
    CHECK(rank_entries(entries, "", {"Larger text", "Head after"}) == std::vector<int>{3, 1, 0, 2});
    CHECK(first_found(entries, "la", {"Larger text"}) == "Larger text");
    CHECK(first_found(entries, "la", {"Layer after"}) == "Layer after");
    CHECK(rank_entries(entries, "", {}, 2).size() == 2);
}

TEST_CASE("an action's name with its argument is a command") {
    Actions actions;
    const auto nothing = [](ActionArguments) {};
    actions.add({"layer", "Choose a layer", "LAYER", {}, {}, {}, nothing});
    actions.add({"set", "Set an option", "OPTION VALUE", {}, {}, {}, nothing});
    actions.add({"quit", "Quit", "", {}, {}, {}, nothing});
    REQUIRE(read_command(actions, "layer 3"));
    CHECK(read_command(actions, "layer 3")->commands.front().arguments ==
          std::vector<std::string>{"3"});
    CHECK(read_command(actions, "set a.b off")->commands.front().arguments ==
          std::vector<std::string>{"a.b", "off"});
    CHECK(read_command(actions, "set \"a b\" off")->commands.front().arguments ==
          std::vector<std::string>{"a b", "off"});
    CHECK_FALSE(read_command(actions, "layer"));
    CHECK_FALSE(read_command(actions, "layer "));
    CHECK_FALSE(read_command(actions, "quit now"));
    CHECK_FALSE(read_command(actions, "nothing 3"));
}

TEST_CASE("the palette runs what it finds: actions, heads, words, options, arguments") {
    Play play;
    play.run("open words\ndo layer 1\ndo head 2\nkey Ctrl+K\ntype \"after hea\"");
    CHECK(play.find("palette/entry[0]") != nullptr);
    play.run("key Enter");
    CHECK(play.find("palette/entry[0]") == nullptr);
    CHECK(play.selection().head == 3);
    play.run("key Ctrl+K\ntype \"2.4\"\nkey Enter");
    CHECK(play.selection().layer == 2);
    CHECK(play.selection().head == 4);
    play.run("key Ctrl+K\ntype \"cute\"\nkey Enter");
    CHECK(play.selection().query == 4);
    play.run("key Ctrl+K\ntype \"layer 0\"\nkey Enter");
    CHECK(play.selection().layer == 0);
    play.run("key Ctrl+K\ntype \"numbers in off\"\nkey Enter");
    CHECK(play.option("attention.numbers") == "off");
    play.run("key Ctrl+K\ntype \"stories\"\nkey Enter\nwait");
    CHECK(play.screen.program().document().model_name().find("stories") != std::string::npos);
    play.run("key Ctrl+K\ntype \"text zqxv\"\nkey Enter\nwait");
    CHECK(play.find("palette/entry[0]") == nullptr);
    CHECK(play.screen.program().document().text() == "zqxv");
}

TEST_CASE("while the palette is open its letters do nothing else, and Esc leaves it") {
    Play play;
    play.run("open words\ndo head 2\nkey Ctrl+K\nkey ]\nkey Down\nkey Esc");
    CHECK(play.find("palette/entry[0]") == nullptr);
    CHECK(play.selection().head == 2);
    play.run("key Ctrl+K\nkey Ctrl+K");
    CHECK(play.find("palette/entry[0]") == nullptr);
}

TEST_CASE("the menu bar opens by F10 and Alt, walks by arrows, and runs") {
    Play play;
    play.run("open words\ndo head 2\nkey F10");
    CHECK(play.find("menu/file/quit") != nullptr);
    play.run("key Left");
    CHECK(play.find("menu/file/quit") == nullptr);
    CHECK(play.find("menu/help/keys") != nullptr);
    play.run("key Left\nkey Left");
    play.run("key Esc");
    play.run("key Alt+G");
    CHECK(play.find("menu/go/next-head") != nullptr);
    play.run("click menu/go/next-head");
    CHECK(play.selection().head == 3);
    CHECK(play.find("menu/go/next-head") == nullptr);
    play.run("click menu/view\nclick menu/view/options");
    CHECK(play.find("menu/view/options/attention") != nullptr);
    play.run("click menu/view/options/attention\nclick menu/view/options/attention/numbers");
    CHECK(play.option("attention.numbers") == "off");
}

TEST_CASE("every action is in a menu, or the palette leads to it, and says what it does") {
    Play play;
    play.run("open words\nwait");
    const Program& program = play.screen.program();
    CommandState state;
    load_commands(state);
    const MenuSources sources{program.actions(), {}, {}};
    std::set<std::string> in_menus;
    for (const Menu& menu : build_menus(state.menus.plans, sources)) {
        CHECK_FALSE(menu.entries.empty());
        collect_actions(menu.entries, in_menus);
    }
    for (const Action& action : program.actions().all()) {
        CAPTURE(action.name);
        CHECK_MESSAGE(!action.help.empty(), "assets/help/actions.json has no sentence for it");
        if (action.arguments.empty()) CHECK(in_menus.count(action.name) == 1);
        PaletteSources palette{program.actions(), play.selection(), nullptr, {}, {}};
        const bool is_enabled = !action.is_enabled || action.is_enabled();
        const std::vector<PaletteEntry> entries = list_entries(palette);
        const bool is_there =
            std::any_of(entries.begin(), entries.end(),
                        [&](const PaletteEntry& entry) { return entry.words == action.name; });
        CHECK(is_there == is_enabled);
    }
}

TEST_CASE("no two actions of one place share a key") {
    Play play;
    std::set<std::string> chords;
    for (const Action& action : play.screen.program().actions().all()) {
        if (action.chord_applies) continue;
        for (const KeyChord& chord : action.chords) {
            CAPTURE(action.name);
            CAPTURE(to_string(chord));
            CHECK(chords.insert(to_string(chord)).second);
        }
    }
}

TEST_CASE("the right button opens the menu of what is there, and so does Shift+F10") {
    Play play;
    play.run("open words\nwait\nclick view/attention/cell[2,2] right");
    play.run("click menu/context/options");
    REQUIRE(play.find("menu/context/options/numbers") != nullptr);
    CHECK(play.find("menu/context/options/numbers")->value == 1);
    REQUIRE(play.find("menu/context/copy-figure") != nullptr);
    play.run("click menu/context/options/numbers");
    CHECK(play.option("attention.numbers") == "off");
    play.run("key Shift+F10");
    CHECK(play.find("menu/context/keys") != nullptr);
}

TEST_CASE("F1 shows the keys, and letters narrow them") {
    Play play;
    play.run("open words\nkey F1");
    REQUIRE(play.find("keys/line[0,0]") != nullptr);
    play.run("type \"next head\"");
    play.run("key F1");
    CHECK(play.find("keys/line[0,0]") == nullptr);
    const std::vector<KeySection> sections{{"Go", {{"]", "Head after"}, {"[", "Head before"}}}};
    CHECK(filter_sections(sections, "after").front().lines.size() == 1);
    CHECK(filter_sections(sections, "nothing").empty());
    CHECK(filter_sections(sections, "").front().lines.size() == 2);
}

TEST_CASE("Tab reaches everything that can be pressed in every view, each once") {
    Play play;
    play.run("open words\nwait");
    for (const ViewEntry& view : all_views()) {
        CAPTURE(view.name);
        play.run("do view " + std::string(view.name) + "\nwait\nkey Esc\nkey Esc");
        const FocusState& focus = play.screen.program().controls().focus;
        std::set<FocusKey> seen;
        std::string first;
        // A list may show further rows as it scrolls: round once, however many there are.
        for (int i = 0; i < 500; ++i) {
            play.run("key Tab");
            const Item* ring = play.find("focus");
            REQUIRE(ring != nullptr);
            if (ring->text == first) break;
            if (i == 0) first = ring->text;
            CAPTURE(ring->text);
            CHECK(ring->rect.has_value());
            const auto stop =
                std::find_if(focus.stops().begin(), focus.stops().end(),
                             [&](const FocusState::Stop& s) { return s.key == focus.focused(); });
            REQUIRE(stop != focus.stops().end());
            CHECK(seen.insert(stop->group != 0 ? stop->group : stop->key).second);
        }
        CHECK(seen.size() > 20);
        for (const FocusState::Stop& stop : focus.stops()) {
            CHECK(seen.count(stop.group != 0 ? stop.group : stop.key) == 1);
        }
    }
}

TEST_CASE("menus, tabs and lists are reached and used by keys alone") {
    Play play;
    play.run("open words\nwait");
    const auto walk_to = [&](std::string_view id) {
        for (int i = 0; i < 100; ++i) {
            play.run("key Tab");
            const Item* ring = play.find("focus");
            if (ring != nullptr && ring->text.rfind(id, 0) == 0) return true;
        }
        return false;
    };
    const auto centre = [&] { return play.option("panels.centre"); };

    REQUIRE(walk_to("bar/model"));
    const std::string before = play.screen.program().document().model_name();
    play.run("key Enter\nwait");
    REQUIRE(play.find("menu/picker/model[0]") != nullptr);
    play.run("key s\nkey t\nkey o\nkey Enter\nwait");
    play.run("key Esc");
    CHECK(play.find("menu/picker/model[0]") == nullptr);

    REQUIRE(walk_to("tabs/"));
    CHECK(centre() == "attention");
    play.run("key Right\nkey Enter");
    CHECK(centre() == "heads");
    play.run("key Home\nkey Enter");
    CHECK(centre() == "attention");

    REQUIRE(walk_to("panel/right-top/more"));
    play.run("key Enter");
    REQUIRE(play.find("menu/panel/right-top/neuron") != nullptr);
    play.run("type \"neu\"\nkey Enter");
    CHECK(play.option("panels.right-top") == "neuron");

    REQUIRE(walk_to("view/attention/options"));
    play.run("key Enter\ntype \"hid\"");
    play.run("key Down\nkey Down\nkey Esc");
    CHECK(play.option("attention.hidden") == "");
    play.run("key Enter\ntype \"hidden\"\nkey Right\nkey Down\nkey Enter");
    CHECK(play.option("attention.hidden") == "1");
    play.run("key Enter\ntype \"hidden\"\nkey Right\nkey Enter");
    CHECK(play.option("attention.hidden") == "");
}

TEST_CASE("the palette's line has a caret that goes, selects and takes back") {
    Play play;
    play.run("open words\nkey Ctrl+K\ntype \"nxt\"\nkey Left\nkey Left\ntype \"e\"");
    CHECK(play.find("palette/query")->text == "next");
    CHECK(play.find("palette/query/caret")->value == 2);
    play.run("key Shift+Home\nkey Delete");
    CHECK(play.find("palette/query")->text == "xt");
    play.run("key Ctrl+Z");
    CHECK(play.find("palette/query")->text == "next");
    play.run("key Ctrl+A\ntype \"layer\"\nkey Down");
    CHECK(play.find("palette/query")->text == "layer");
    play.run("key Esc\nkey F1\ntype \"" + std::string(2000, 'x') + "\"");
    CHECK(play.find("keys/query")->text.size() == 1000);
    CHECK(play.find("keys/query/caret")->rect.has_value());
}

TEST_CASE("the menu bar leads to the palette") {
    Play play;
    play.run("open words\nclick bar/find");
    CHECK(play.find("palette/entry[0]") != nullptr);
}

TEST_CASE("a palette colours the pictures that are kept, too") {
    Play play;
    play.run("open words\ndo theme dark\nwait");
    const heed::app::Image before = play.screen.read();
    play.run("do palette amber\nwait");
    CHECK(play.option("look.palette") == "amber");
    const heed::app::Image after = play.screen.read();
    // A thumbnail of the heads, a texture.
    play.screen.draw_frame(true);
    const Item* head = play.screen.program().items().find("view/heads/head[1,1]");
    REQUIRE(head != nullptr);
    int changed = 0;
    for (int y = static_cast<int>(head->rect->y); y < static_cast<int>(head->rect->bottom()); ++y) {
        for (int x = static_cast<int>(head->rect->x); x < static_cast<int>(head->rect->right());
             ++x) {
            const auto at = (static_cast<std::size_t>(y) * static_cast<std::size_t>(after.width) +
                             static_cast<std::size_t>(x)) *
                            4;
            if (before.rgba[at] != after.rgba[at]) ++changed;
        }
    }
    CHECK(changed > 200);
    CHECK(find_flaw(message_of([&] { play.run("do palette neon"); }),
                    {"indigo, viridis", "neon"}) == "");
}

TEST_CASE("help files that are no help are refused by name") {
    CHECK(find_flaw(message_of([] { parse_menus("{}", "menus.json"); }), {"menus.json", "menus"}) ==
          "");
    CHECK(find_flaw(message_of([] { parse_menus(R"({"menus": [3]})", "menus.json"); }),
                    {"menus.json"}) == "");
    CHECK(find_flaw(message_of([] { parse_mouse_help("{}", "mouse.json"); }),
                    {"mouse.json", "sections"}) == "");
}

TEST_CASE("docs/keys.md is what the registry says") {
    Play play;
    CommandState state;
    load_commands(state);
    const std::string page =
        write_keys_page(play.screen.program().actions(), state.menus.plans, state.keys.mouse);
    const std::string path = std::string(HEED_SOURCE_DIR) + "/docs/keys.md";
    if (std::getenv("HEED_WRITE_DOCS") != nullptr) std::ofstream(path) << page;
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    CHECK_MESSAGE(text.str() == page, "HEED_WRITE_DOCS=1 makes it anew");
}

TEST_SUITE_END();
