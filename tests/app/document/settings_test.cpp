#include "app/document/settings.h"

#include <doctest/doctest.h>

#include "tests/support/refusal.h"
#include "tests/support/temp_dir.h"

using heed::app::load_settings;
using heed::app::parse_settings;
using heed::app::save_settings;
using heed::app::Settings;
using heed::test::find_flaw;
using heed::test::message_of;

TEST_SUITE_BEGIN("app/settings");

TEST_CASE("what was saved is what is read") {
    const heed::test::TempDir folder;
    const auto path = folder / "deep";
    Settings settings;
    settings.theme = "dark";
    settings.scale = 1.25;
    settings.model = "words";
    settings.text = "a \"quoted\"\nline, é and 犬";
    settings.width = 1280;
    settings.height = 720;
    save_settings(settings, path / "heed" / "settings.json");
    CHECK(load_settings(path / "heed" / "settings.json") == settings);
}

TEST_CASE("no file gives the defaults, and so does an empty object") {
    const heed::test::TempDir folder;
    CHECK(load_settings(folder / "settings.json") == Settings{});
    CHECK(parse_settings("{}", "s") == Settings{});
    CHECK(parse_settings("{\"another\": [1]}", "s") == Settings{});
}

TEST_CASE("a wrong field is refused with its name and line") {
    struct Case {
        const char* text;
        const char* field;
    };
    for (const Case& wrong :
         {Case{"{\"theme\": \"pink\"}", "theme"}, Case{"{\"theme\": 1}", "theme"},
          Case{"{\"scale\": 9}", "scale"}, Case{"{\"scale\": 1e999}", ""},
          Case{"{\"width\": -5}", "width"}, Case{"{\"height\": 1.5}", "height"},
          Case{"{\"text\": []}", "text"}, Case{"[]", ""}, Case{"", ""}}) {
        CAPTURE(wrong.text);
        const std::string message =
            message_of([&] { parse_settings(wrong.text, "settings.json"); });
        CHECK(find_flaw(message, {"settings.json", wrong.field}) == "");
    }
}

TEST_CASE("a file that cannot be used is kept aside, not overwritten") {
    const heed::test::TempDir folder;
    const auto path = folder.write("settings.json", "{\"theme\": ");
    CHECK(message_of([&] { load_settings(path); }) != heed::test::kNotRefused);
    CHECK(load_settings(path) == Settings{});
    save_settings({}, path);
    CHECK(heed::test::read_file(folder / "settings.json.bad") == "{\"theme\": ");
}

TEST_SUITE_END();
