#include "app/document/settings.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdlib>

#include "app/document/file_keeper.h"
#include "tests/support/refusal.h"
#include "tests/support/temp_dir.h"

using namespace heed::app;
using heed::test::find_flaw;
using heed::test::message_of;

namespace {

Session make_session() {
    Session session;
    session.inputs.model = "words";
    session.inputs.text = "a \"quoted\"\nline, \u00e9 and \u72ac";
    session.inputs.pair = "";
    session.inputs.other = "another";
    session.selection = {3, 2, 8, 1, "blocks.3.attn.pattern", {2, 8, 1}, ""};
    session.window = WindowPlace{-40, 12, 1280, 720, true};
    session.folder = "/models/\u72ac";
    session.recent = {"Next head", "\u72ac \"x\""};
    return session;
}

const std::vector<OptionValue> kOptions{{"look.theme", "dark"}, {"attention.heads", "1,2"}};

}  // namespace

TEST_SUITE_BEGIN("app/settings");

TEST_CASE("what was saved is what is read") {
    const heed::test::TempDir folder;
    const auto settings = folder / "deep" / "heed" / "settings.json";
    save_kept_file(settings, write_settings(kOptions));
    CHECK(load_settings(settings) == kOptions);
    const auto session = folder / "other" / "session.json";
    save_kept_file(session, write_session(make_session()));
    CHECK(load_session(session) == make_session());
    CHECK(parse_session(write_session({}), "s") == Session{});
    CHECK(parse_settings(write_settings({}), "s").empty());
}

TEST_CASE("no file gives the defaults, and so does an empty object") {
    const heed::test::TempDir folder;
    CHECK(load_settings(folder / "settings.json").empty());
    CHECK(load_session(folder / "session.json") == Session{});
    CHECK(parse_settings("{}", "s").empty());
    CHECK(parse_session("{\"another\": [1]}", "s") == Session{});
}

TEST_CASE("a wrong field is refused with its name and line") {
    struct Case {
        const char* text;
        const char* field;
    };
    for (const Case& wrong :
         {Case{"{\"text\": []}", "text"}, Case{"{\"model\": 3}", "model"},
          Case{"{\"window\": {\"width\": -5}}", "window.width"},
          Case{"{\"window\": {\"height\": 1.5}}", "window.height"},
          Case{"{\"window\": {\"x\": 1e9, \"y\": 0}}", "window.x"},
          Case{"{\"window\": {\"maximised\": 1}}", "window.maximised"},
          Case{"{\"window\": []}", "window"}, Case{"{\"selection\": 3}", "selection"},
          Case{"{\"selection\": {\"head\": -1}}", "selection.head"},
          Case{"{\"selection\": {\"cell\": [-1]}}", "selection.cell"},
          Case{"{\"selection\": {\"cell\": [0,0,0,0,0,0,0,0,0]}}", "selection.cell"},
          Case{"{\"recent\": [3]}", "recent"}, Case{"{\"recent\": {}}", "recent"}, Case{"[]", ""},
          Case{"", ""}}) {
        CAPTURE(wrong.text);
        const std::string message = message_of([&] { parse_session(wrong.text, "session.json"); });
        CHECK(find_flaw(message, {"session.json", wrong.field}) == "");
    }
    for (const char* wrong : {"{\"options\": []}", "{\"options\": {\"a\": 1}}", "[]", "{"}) {
        CAPTURE(wrong);
        const std::string message = message_of([&] { parse_settings(wrong, "settings.json"); });
        CHECK(find_flaw(message, {"settings.json"}) == "");
    }
}

TEST_CASE("a file that cannot be used is kept aside, not overwritten") {
    const heed::test::TempDir folder;
    const auto path = folder.write("settings.json", "{\"options\": ");
    CHECK(message_of([&] { load_settings(path); }) != heed::test::kNotRefused);
    CHECK(load_settings(path).empty());
    save_kept_file(path, write_settings({}));
    CHECK(heed::test::read_file(folder / "settings.json.bad") == "{\"options\": ");
}

TEST_CASE("the folders are XDG's") {
    const auto with = [](const char* name, const char* value, auto path) {
        const char* found = std::getenv(name);
        const std::string before = found == nullptr ? "" : found;
        ::setenv(name, value, 1);
        const std::string result = path().string();
        if (found == nullptr) {
            ::unsetenv(name);
        } else {
            ::setenv(name, before.c_str(), 1);
        }
        return result;
    };
    CHECK(with("XDG_CONFIG_HOME", "/c", settings_path) == "/c/heed/settings.json");
    CHECK(with("XDG_STATE_HOME", "/s", session_path) == "/s/heed/session.json");
    // A relative folder is none.
    CHECK(with("XDG_STATE_HOME", "s", session_path).ends_with("/.local/state/heed/session.json"));
}

TEST_CASE("the keeper writes the newest text, at once for its caller") {
    const heed::test::TempDir folder;
    const auto path = folder / "a" / "kept.json";
    FileKeeper keeper;
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < 2000; ++i) keeper.keep(path, std::string(1000, 'x') + std::to_string(i));
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    CHECK(took.count() < 2.0);
    keeper.finish();
    CHECK(heed::test::read_file(path) == std::string(1000, 'x') + "1999");
    CHECK(keeper.take_problem() == "");
    keeper.keep("/proc/nowhere/kept.json", "x");
    keeper.finish();
    CHECK(keeper.take_problem().find("/proc/nowhere/kept.json") != std::string::npos);
    CHECK(keeper.take_problem() == "");
}

TEST_CASE("a keeper that ends writes what was still waiting") {
    const heed::test::TempDir folder;
    for (int i = 0; i < 20; ++i) {
        FileKeeper().keep(folder / "kept", std::to_string(i));
        CHECK(heed::test::read_file(folder / "kept") == std::to_string(i));
    }
}

TEST_SUITE_END();

TEST_CASE("a session keeps the decoder's text, ids and which attention was chosen") {
    Session session;
    session.inputs.model = "m";
    session.inputs.target = "die \"Katze\"";
    session.inputs.memory = "before";
    session.inputs.ids = {4, 0, 9};
    session.inputs.target_ids = {2, 65535};
    session.selection.site = "cross";
    CHECK(parse_session(write_session(session), "session.json") == session);
    CHECK_THROWS_AS(parse_session("{\"ids\": [-1]}", "session.json"), heed::Error);
}
