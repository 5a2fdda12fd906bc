#include "app/document/history.h"

#include <doctest/doctest.h>

#include <random>

using namespace heed::app;

namespace {

PersonState make_state(int number) {
    PersonState state;
    state.inputs.model = "words";
    state.inputs.text = "text " + std::to_string(number);
    return state;
}

}  // namespace

TEST_SUITE_BEGIN("app/document/history");

TEST_CASE("each change can be taken back and done again, with its name") {
    History history;
    history.settle(make_state(0));
    CHECK_FALSE(history.can_undo());
    CHECK(history.undo_name() == "");
    history.note(make_state(1), "Sentence", 10);
    history.note(make_state(2), "Colour scale", 20);
    CHECK(history.undo_name() == "Colour scale");
    CHECK(history.undo() == make_state(1));
    CHECK(history.redo_name() == "Colour scale");
    CHECK(history.undo_name() == "Sentence");
    CHECK(history.redo() == make_state(2));
    CHECK(history.undo() == make_state(1));
    CHECK(history.undo() == make_state(0));
    CHECK_FALSE(history.can_undo());
    // Whoever does something else has chosen another way.
    history.note(make_state(7), "Sentence", 30);
    CHECK_FALSE(history.can_redo());
    CHECK(history.undo() == make_state(0));
}

TEST_CASE("a burst of the same kind is one step; a pause or another kind ends it") {
    History history;
    history.settle(make_state(0));
    for (int i = 1; i <= 20; ++i) history.note(make_state(i), "Sentence", 0.5 * i);
    CHECK(history.undo() == make_state(0));
    CHECK_FALSE(history.can_undo());
    CHECK(history.redo() == make_state(20));
    // After undo and redo no burst goes on.
    history.note(make_state(21), "Sentence", 10.1);
    CHECK(history.undo() == make_state(20));
    history.redo();
    history.note(make_state(22), "Sentence", 12);
    history.note(make_state(23), "Head", 12.1);
    history.note(make_state(24), "Sentence", 12.2);
    CHECK(history.undo() == make_state(23));
    CHECK(history.undo() == make_state(22));
    CHECK(history.undo() == make_state(21));
}

TEST_CASE("what comes back to where it began is no step") {
    History history;
    history.settle(make_state(0));
    history.note(make_state(1), "Head", 1);
    history.note(make_state(0), "Head", 1.2);
    CHECK_FALSE(history.can_undo());
    history.note(make_state(0), "Head", 9);
    CHECK_FALSE(history.can_undo());
}

TEST_CASE("what changes by itself is no step, and steps that became empty go") {
    History history;
    history.settle(make_state(0));
    history.note(make_state(1), "Model", 1);
    history.settle(make_state(0));  // the model could not be opened
    CHECK_FALSE(history.can_undo());
    history.note(make_state(2), "Model", 5);
    history.settle(make_state(3));
    CHECK(history.undo() == make_state(0));
}

TEST_CASE("the oldest steps are forgotten, the newest 500 are not") {
    History history;
    history.settle(make_state(0));
    for (int i = 1; i <= 700; ++i) history.note(make_state(i), "Sentence", 10.0 * i);
    int steps = 0;
    for (; history.can_undo(); ++steps) history.undo();
    CHECK(steps == 500);
    CHECK(history.present() == make_state(200));
}

TEST_CASE("a random walk there and back passes the same states") {
    std::mt19937 random(11);
    History history;
    history.settle(make_state(0));
    std::vector<PersonState> passed{make_state(0)};
    for (int i = 1; i < 200; ++i) {
        history.note(make_state(static_cast<int>(random() % 1000) + 1000 * i), "Head", 5.0 * i);
        passed.push_back(history.present());
    }
    for (int round = 0; round < 20; ++round) {
        std::size_t at = passed.size() - 1;
        while (history.can_redo()) history.redo();
        for (int i = 0; i < 300; ++i) {
            if (random() % 2 == 0 && history.can_undo()) {
                CHECK(history.undo() == passed[--at]);
            } else if (history.can_redo()) {
                CHECK(history.redo() == passed[++at]);
            }
        }
    }
}

TEST_CASE("a change is named after what a person sees of it") {
    PersonState before = make_state(0);
    before.options = {{"attention.scale", "linear"}, {"panels.rail", "on"}};
    const std::vector<OptionEntry> titles{{"attention.scale", "Colour scale", "", {}, ""}};
    const auto name_of = [&](auto change) {
        PersonState after = before;
        change(after);
        return name_change(before, after, titles);
    };
    CHECK(name_of([](PersonState&) {}) == "");
    CHECK(name_of([](PersonState& s) { s.inputs.model = "m"; }) == "Model");
    CHECK(name_of([](PersonState& s) { s.inputs.text = "m"; }) == "Sentence");
    CHECK(name_of([](PersonState& s) { s.inputs.pair = ""; }) == "Second sentence");
    CHECK(name_of([](PersonState& s) { s.selection.head = 2; }) == "Head");
    CHECK(name_of([](PersonState& s) { s.selection.key = 2; }) == "Chosen word");
    CHECK(name_of([](PersonState& s) { s.selection.cell = {1}; }) == "Number asked about");
    CHECK(name_of([](PersonState& s) { s.options[0].value = "log"; }) == "Colour scale");
    CHECK(name_of([](PersonState& s) { s.options[1].value = "off"; }) == "Panels");
}

TEST_SUITE_END();
