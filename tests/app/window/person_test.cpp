// Undo, redo and what is kept, in the real program.
#include <doctest/doctest.h>

#include <cstdlib>
#include <random>
#include <vector>

#include "app/window/keeping.h"
#include "tests/app/window/play.h"
#include "tests/support/temp_dir.h"

using namespace heed;
using namespace heed::app;
using heed::test::find_flaw;

namespace {

// One step that a person could take, then a pause, so that it is a step of its own.
void take_step(Play& stage, const std::string& step) {
    stage.run(step + "\nwait");
    stage.screen.pass_time(2);
    stage.screen.draw_frame();
}

std::string random_step(std::mt19937& random, Play& stage) {
    const auto number = [&](int count) {
        return std::to_string(random() % static_cast<unsigned>(count));
    };
    const auto word = [&](std::vector<std::string> words) {
        return words[random() % words.size()];
    };
    switch (random() % 9) {
        case 0:
            return "do text \"" + word({"a dog", "", "he is", "the cat sat on the mat"}) + "\"";
        case 1:
            return "do head " + number(3);
        case 2:
            return "do layer " + number(2);
        case 3:
            return "do view " + word({"heads", "stages", "vectors", "attention"});
        case 4:
            return "do theme " + word({"light", "dark", "system"});
        case 5:
            return "do " + word({"larger", "smaller", "toggle-rail", "toggle-right", "maximise"});
        case 6:
            return "do resize-panel right " + std::to_string(300 + random() % 200);
        case 7:
            return "do open " + word({"words", "stories"});
        default:
            break;
    }
    const std::vector<OptionEntry> options =
        list_options([&](OptionVisitor& v) { stage.program().visit_options(v); });
    const OptionEntry& option = options[random() % options.size()];
    if (option.words.empty()) return "do set attention.numbers off";
    return "do set " + option.name + " " + option.words[random() % option.words.size()];
}

// Sets XDG's folders to `folder` while it lives.
class OwnFolders {
  public:
    explicit OwnFolders(const std::filesystem::path& folder) {
        ::setenv("XDG_CONFIG_HOME", (folder / "config").c_str(), 1);
        ::setenv("XDG_STATE_HOME", (folder / "state").c_str(), 1);
    }
    ~OwnFolders() {
        ::unsetenv("XDG_CONFIG_HOME");
        ::unsetenv("XDG_STATE_HOME");
    }
    OwnFolders(const OwnFolders&) = delete;
    OwnFolders& operator=(const OwnFolders&) = delete;
};

}  // namespace

TEST_SUITE_BEGIN("app/window/person");

TEST_CASE("what a person changed is undone and done again by keys") {
    Play stage;
    stage.run("open words\nwait\ndo head 0\nwait");
    stage.screen.pass_time(2);
    take_step(stage, "do head 3");
    take_step(stage, "do set attention.numbers off");
    take_step(stage, "do text \"a cat\"");
    CHECK(stage.program().actions().find("undo")->shown_title() == "Undo: Sentence");
    stage.run("key Ctrl+Z\nwait");
    CHECK(stage.document().trace()->inputs().text == kDefaultText);
    CHECK(stage.program().actions().find("undo")->shown_title() == "Undo: Numbers in the cells");
    CHECK(stage.program().actions().find("redo")->shown_title() == "Redo: Sentence");
    stage.run("key Ctrl+Z\nkey Ctrl+Z\nwait");
    CHECK(stage.document().views.attention.options.shows_numbers);
    CHECK(stage.document().selection().head == 0);
    stage.run("key Ctrl+Y\nkey Ctrl+Shift+Z\ndo redo\nwait");
    CHECK(stage.document().trace()->inputs().text == "a cat");
    CHECK(stage.document().selection().head == 3);
    CHECK(find_flaw(stage.refusal("do redo"), {"redo", "not possible"}) == "");
}

TEST_CASE("nothing leads back to before the first model, nor do runs make steps") {
    Play stage;
    stage.run("open words\nwait");
    CHECK_FALSE(stage.program().history().can_undo());
    stage.run("text \"a dog\"\nwait\nwait");
    CHECK(stage.program().history().undo_name() == "Sentence");
    stage.run("do undo\nwait");
    CHECK_FALSE(stage.program().history().can_undo());
}

TEST_CASE("a random walk is undone to every state it passed, and done again") {
    std::mt19937 random(1);
    Play stage;
    stage.run("size 640x480\nopen words\nwait");
    stage.program().settle();
    std::vector<PersonState> passed{stage.program().person()};
    for (int i = 0; i < 30; ++i) {
        const std::string step = random_step(random, stage);
        CAPTURE(step);
        take_step(stage, step);
        const PersonState state = stage.program().person();
        if (!(state == passed.back())) passed.push_back(state);
    }
    for (std::size_t i = passed.size() - 1; i > 0; --i) {
        CAPTURE(i);
        CHECK(stage.program().person() == passed[i]);
        stage.run("do undo\nwait");
    }
    CHECK(stage.program().person() == passed.front());
    CHECK_FALSE(stage.program().history().can_undo());
    for (std::size_t i = 1; i < passed.size(); ++i) {
        CAPTURE(i);
        stage.run("do redo\nwait");
        CHECK(stage.program().person() == passed[i]);
    }
}

TEST_CASE("what is kept comes back in the next start") {
    const test::TempDir folder;
    const OwnFolders own(folder / "xdg");
    PersonState left;
    const WindowPlace place{10, 20, 1234, 777, false};
    {
        Play stage;
        prepare_document(stage.program(), {}, recall_kept());
        Keeping keeping;
        CHECK(keeping.note(stage.program(), {}, 0) > 1000);
        stage.run("open words\nwait\ntext \"a small dog\"\ndo theme dark\ndo head 4\nwait");
        stage.run("key Ctrl+K\ntype \"next head\"\nkey Enter\ndo head 4");
        stage.run("do set attention.numbers off\ndo resize-panel right 300\ndo view vectors\nwait");
        // Written a second after the last change, not before.
        CHECK(keeping.note(stage.program(), place, 10) == doctest::Approx(1));
        CHECK_FALSE(std::filesystem::exists(settings_path()));
        CHECK(keeping.note(stage.program(), place, 11.1) > 1000);
        keeping.finish(stage.program(), place);
        left = stage.program().person();
    }
    CHECK(test::read_file(settings_path()).find("\"attention.numbers\": \"off\"") !=
          std::string::npos);
    // What was never touched is not written: it may come otherwise in a later heed.
    CHECK(test::read_file(settings_path()).find("look.scale") == std::string::npos);
    Play stage;
    const Kept kept = recall_kept();
    CHECK(kept.session.window == place);
    prepare_document(stage.program(), {}, kept);
    stage.run("wait");
    CHECK(stage.program().person().options == left.options);
    CHECK(stage.program().person().selection == left.selection);
    CHECK(stage.document().text() == "a small dog");
    CHECK(stage.program().theme().is_dark());
    REQUIRE(stage.program().recent_titles().size() == 1);
    const std::string latest = stage.program().recent_titles().front();
    stage.run("key Ctrl+K");
    CHECK(find_item(stage.dump(), "palette/entry[0]")->find("text")->string == latest);
    stage.run("key Esc");
    CHECK_FALSE(stage.program().history().can_undo());
}

TEST_CASE("what the command line asks for wins, and a choice for another sentence is forgotten") {
    const test::TempDir folder;
    const OwnFolders own(folder / "xdg");
    Kept kept;
    kept.session.inputs.model = "words";
    kept.session.inputs.other = "another";
    kept.session.selection = {3, 1, 2, 1, "blocks.3.attn.pattern", {1, 2, 1}, "self"};
    WindowOptions options;
    options.text = "a cat";
    {
        Play stage;
        prepare_document(stage.program(), options, kept);
        stage.run("wait");
        CHECK(stage.document().text() == "a cat");
        CHECK_FALSE(stage.document().other());
        CHECK(stage.document().model()->summary().name == "words");
    }
    Play other;
    prepare_document(other.program(), {}, kept);
    other.run("wait");
    CHECK(other.document().selection() == kept.session.selection);
    CHECK(other.document().other() == "another");
}

TEST_CASE("kept files that cannot be used are told of and lie aside") {
    const test::TempDir folder;
    const OwnFolders own(folder / "xdg");
    save_kept_file(settings_path(), write_settings({{"attention.numbers", "maybe"}}));
    save_kept_file(session_path(), "{");
    {
        Play stage;
        prepare_document(stage.program(), {}, recall_kept());
        CHECK(stage.document().error().find("attention.numbers") != std::string::npos);
    }
    CHECK(std::filesystem::exists(settings_path().string() + ".bad"));
    CHECK(std::filesystem::exists(session_path().string() + ".bad"));
    CHECK_FALSE(std::filesystem::exists(settings_path()));
    // An option of another version is no fault.
    save_kept_file(settings_path(), write_settings({{"nothing.known", "on"}}));
    Play later;
    prepare_document(later.program(), {}, recall_kept());
    CHECK(later.document().error() == "");
}

TEST_SUITE_END();
