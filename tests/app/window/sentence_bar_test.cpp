// The fields of the sentences in the real program, offscreen: what is typed, pressed and dragged
// reaches the document.
#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "app/window/examples.h"
#include "app/window/offscreen.h"
#include "app/window/scenario_runner.h"
#include "tests/support/oracle.h"
#include "tests/support/refusal.h"
#include "tests/support/temp_dir.h"

using namespace heed;
using namespace heed::app;
using heed::test::find_flaw;
using heed::test::message_of;

namespace {

struct Play {
    Offscreen screen;
    ScenarioRunner runner{screen, "test.scenario"};

    void run(std::string_view text) { runner.run(parse_scenario(text, "test.scenario")); }
    const std::string& text() { return screen.program().document().text(); }
    const Document& document() { return screen.program().document(); }
};

}  // namespace

TEST_SUITE_BEGIN("app/window/sentence");

TEST_CASE("every script and emoji can be typed, and keys work on what a person sees") {
    Play stage;
    stage.run("open words\ntext \"\"\nwait\nclick bar/text");
    const std::string family = "\U0001F468\u200D\U0001F469\u200D\U0001F467";
    stage.run("type \"\u72ac \u0643\u0644\u0628 e\u0301 " + family + "\"");
    CHECK(stage.text() == "\u72ac \u0643\u0644\u0628 e\u0301 " + family);
    stage.run("expect bar/text text = \"\u72ac \u0643\u0644\u0628 e\u0301 " + family + "\"");
    stage.run("key Backspace\nkey Backspace\nkey Backspace");
    CHECK(stage.text() == "\u72ac \u0643\u0644\u0628 ");
    stage.run("key Home\nkey Delete\ntype \"\U0001F600\"");
    CHECK(stage.text() == "\U0001F600 \u0643\u0644\u0628 ");
}

TEST_CASE("selection, clipboard and undo of the field leave the actions alone") {
    Play stage;
    stage.run("open words\ntext \"a small dog\"\nwait\nclick bar/text\nkey End");
    stage.run("key Ctrl+Shift+Left\nexpect bar/text/selection text = dog");
    stage.run("key Ctrl+C\nkey Ctrl+Left\nkey Ctrl+V");
    CHECK(stage.text() == "a dogsmall dog");
    stage.run("key Ctrl+Z");
    CHECK(stage.text() == "a small dog");
    stage.run("key Ctrl+Shift+Z");
    CHECK(stage.text() == "a dogsmall dog");
    stage.run("key Ctrl+Z\nkey Ctrl+Y\nkey Ctrl+Z\nkey Ctrl+A\nkey Ctrl+X");
    CHECK(stage.text().empty());
    stage.run("key Ctrl+V\nkey Ctrl+Backspace");
    CHECK(stage.text() == "a small ");
    // Letters and arrows are the field's own.
    stage.run("wait");
    const Selection before = stage.document().selection();
    stage.run("key ]\nkey Up\nkey PageUp");
    CHECK(stage.document().selection() == before);
}

TEST_CASE("the mouse selects: a drag, a word, everything") {
    Play stage;
    stage.run("open words\ntext \"a small dog\"\nwait");
    // From the middle of the long field, which is the end of the text, beyond its beginning.
    stage.run("drag bar/text -900 0\nexpect bar/text/selection text = \"a small dog\"");
    stage.run("type \"x\"");
    CHECK(stage.text() == "x");
    stage.run("text \"one two\"\nwait");
    stage.screen.pass_time(1);
    stage.run("click bar/text\nclick bar/text\nexpect bar/text/selection text = two");
    stage.run("click bar/text\nexpect bar/text/selection text = \"one two\"");
}

TEST_CASE("a caret stays in sight in a text that is longer than the field") {
    Play stage;
    stage.run("size 1280x720\nopen words\ntext \"" + std::string(200, 'm') + " end\"\nwait");
    stage.run("click bar/text\nkey End");
    const auto caret = [&] {
        stage.screen.draw_frame(true);
        const Item* item = stage.screen.program().items().find("bar/text/caret");
        REQUIRE(item != nullptr);
        const Item* field = stage.screen.program().items().find("bar/text");
        REQUIRE(item->rect);
        CHECK(field->rect->contains(item->rect->centre()));
        return *item->value;
    };
    CHECK(caret() == 204);
    stage.run("key Home");
    CHECK(caret() == 0);
    // Dragging beyond the edge goes on scrolling while the mouse rests there.
    stage.run("drag bar/text 2000 0");
    CHECK(caret() > 100);
}

TEST_CASE("Ctrl+T writes in place of what is there; Tab, Enter and Esc leave the field") {
    Play stage;
    stage.run("open words\ntext \"a dog\"\nwait\nkey Ctrl+T\ntype \"cats\"");
    CHECK(stage.text() == "cats");
    for (const char* key : {"Esc", "Enter", "Tab"}) {
        CAPTURE(key);
        stage.run("key Ctrl+T");
        CHECK(stage.screen.program().is_typing());
        stage.run(std::string("key ") + key);
        CHECK(!stage.screen.program().is_typing());
        CHECK(stage.text() == "cats");
    }
    stage.run("click bar/text\nclick rail/head[1]");
    CHECK(!stage.screen.program().is_typing());
}

TEST_CASE("a second sentence is read together or apart") {
    Play stage;
    stage.run(
        "open words\ntext \"a dog\"\nwait\nclick bar/reading\n"
        "click \"menu/bar/reading/two, together\"\nclick bar/pair\ntype \"it barks\"\nwait");
    CHECK(stage.document().pair() == "it barks");
    CHECK(!stage.document().other());
    stage.run("click bar/reading\nclick \"menu/bar/reading/two, apart\"\nwait");
    CHECK(stage.document().other() == "it barks");
    CHECK(!stage.document().pair());
    REQUIRE(stage.document().other_trace() != nullptr);
    stage.run("expect view/sentence/other[1] text = it");
    stage.run("click bar/reading\nclick \"menu/bar/reading/one sentence\"\nwait");
    CHECK(!stage.document().other());
    // A model that reads one sentence only can still compare.
    stage.run("open stories\nwait\nclick bar/reading");
    CHECK(find_flaw(message_of([&] { stage.run("click \"menu/bar/reading/two, together\""); }),
                    {"none"}) == "");
}

TEST_CASE("an example sets the sentence, by action, by mouse and by keys") {
    // Of a model without a list of its own: the general one.
    const heed::test::TempDir folder;
    const std::filesystem::path model = folder / "words";
    std::filesystem::copy(heed::test::source_dir() / "assets/models/words", model);
    std::filesystem::remove(model / "examples.json");
    Play stage;
    stage.run("open " + model.string() + "\nwait\ndo example 4\nwait");
    CHECK(stage.text() == "Money Bank Grows");
    CHECK(stage.document().other() == "Bank River Flows");
    stage.run("click bar/examples\nclick menu/examples/1\nwait");
    CHECK(stage.text() == "The cat sat on the mat because it was warm");
    CHECK(!stage.document().other());
    stage.run("key Ctrl+T\nkey Tab\nkey Enter\nkey Home\nkey Down\nkey Down\nkey Enter\nwait");
    CHECK(stage.text() == "Your journey starts with one step");
    CHECK(find_flaw(message_of([&] { stage.run("do example 9"); }), {"example", "0 to 4"}) == "");
}

TEST_CASE("a model brings its own examples, and the list goes with it") {
    const heed::test::TempDir folder;
    const std::filesystem::path model = folder / "words";
    std::filesystem::copy(heed::test::source_dir() / "assets/models/words", model);
    folder.write("words/examples.json",
                 R"({"examples": [{"text": "he ran", "pair": "she sat", "note": "two"},
                                  {"text": "a dog", "other": "a cat"}]})");
    Play stage;
    stage.run("open " + model.string() + "\nwait\ndo example 0\nwait");
    CHECK(stage.text() == "he ran");
    CHECK(stage.document().pair() == "she sat");
    stage.run("click bar/examples\nclick menu/examples/1\nwait");
    CHECK(stage.text() == "a dog");
    CHECK(stage.document().other() == "a cat");
    CHECK(!stage.document().pair());
    CHECK(find_flaw(message_of([&] { stage.run("do example 2"); }), {"example", "0 to 1"}) == "");
    // A bad list is told of; the general one stays.
    folder.write("words/examples.json", R"({"examples": [{"text": 3}]})");
    stage.run("open stories\nwait\nopen " + model.string() + "\nwait");
    REQUIRE(!stage.document().notes().empty());
    CHECK(stage.document().notes().back().find("examples[0].text") != std::string::npos);
    stage.run("do example 0\nwait");
    CHECK(stage.text() == kDefaultText);
}

TEST_CASE("every example of the shipped models runs") {
    for (const auto& entry :
         std::filesystem::directory_iterator(heed::test::source_dir() / "assets/models")) {
        if (!entry.is_directory()) continue;
        CAPTURE(entry.path().string());
        const std::vector<Example> examples = load_model_examples(entry.path());
        CHECK(examples.size() >= 5);
        Play stage;
        stage.run("open " + entry.path().string() + "\nwait");
        for (std::size_t i = 0; i < examples.size(); ++i) {
            CAPTURE(i);
            stage.run("do example " + std::to_string(i) + "\nwait");
            CHECK(stage.document().error().empty());
            CHECK(stage.document().notes().empty());
            CHECK(stage.document().other_trace().operator bool() == examples[i].other.has_value());
        }
    }
}

TEST_CASE("examples may be pictures and translations") {
    const std::vector<Example> examples = parse_examples(
        R"({"examples": [{"image": "seven.png", "note": "a seven"}, {"text": "a", "target": "b"}]})",
        "x", "/models/digits");
    CHECK(examples[0].image == "/models/digits/seven.png");
    CHECK(examples[0].title() == "a seven");
    CHECK(examples[1].target == "b");
    CHECK(examples[1].title() == "a \u2192 b");
}

TEST_CASE("a list of examples that is none is refused") {
    CHECK(parse_examples(R"({"examples": [{"text": "a", "other": "b"}]})", "x", "").size() == 1);
    CHECK(find_flaw(message_of([] { parse_examples("{}", "x.json", ""); }),
                    {"x.json", "examples", "a list"}) == "");
    CHECK(find_flaw(message_of([] { parse_examples(R"({"examples": [{}]})", "x.json", ""); }),
                    {"examples[0].text"}) == "");
    CHECK(find_flaw(message_of([] {
                        parse_examples(R"({"examples": [{"text": "a", "other": 3}]})", "x.json",
                                       "");
                    }),
                    {"examples[0].other"}) == "");
}

TEST_SUITE_END();
