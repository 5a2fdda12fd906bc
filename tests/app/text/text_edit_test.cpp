#include "app/text/text_edit.h"

#include <doctest/doctest.h>

#include <random>
#include <string>

#include "app/text/text_engine.h"
#include "core/base/utf8.h"

using namespace heed::app;
using Extend = TextEdit::Extend;

namespace {

constexpr const char* kFamily = "\U0001F468\u200D\U0001F469\u200D\U0001F467";

TextEdit edit_of(std::string text) {
    TextEdit edit;
    edit.reset(std::move(text));
    return edit;
}

void type(TextEdit& edit, std::string_view text) {
    for (const TextSegment& piece : split_graphemes(text)) {
        edit.insert(text.substr(piece.begin, piece.end - piece.begin));
    }
}

// A line of characters 10 pixels wide; the bytes in [rtl_begin, rtl_end) stand the other way
// round.
ShapedText make_line(std::size_t count, std::size_t rtl_begin, std::size_t rtl_end) {
    ShapedText shaped;
    for (std::size_t i = 0; i < count; ++i) {
        const bool is_rtl = i >= rtl_begin && i < rtl_end;
        const std::size_t place = is_rtl ? rtl_begin + rtl_end - 1 - i : i;
        const float left = 10 * static_cast<float>(place);
        shaped.clusters.push_back({i, i + 1, left, left + 10, is_rtl});
    }
    shaped.width = 10 * static_cast<float>(count);
    return shaped;
}

}  // namespace

TEST_SUITE_BEGIN("app/text/edit");

TEST_CASE("what is typed stands before the caret and takes the place of the selection") {
    TextEdit edit = edit_of("a dog");
    type(edit, " barks");
    CHECK(edit.text() == "a dog barks");
    CHECK(edit.caret().at == edit.text().size());
    edit.select({2, 5});
    edit.insert("cat");
    CHECK(edit.text() == "a cat barks");
    CHECK(edit.caret().at == 5);
    CHECK(!edit.has_selection());
}

TEST_CASE("a line end becomes a blank, other controls and broken bytes do not come in") {
    TextEdit edit = edit_of("");
    edit.insert("one\r\ntwo\nthree\tfour\x01\x7f\xff");
    CHECK(edit.text() == "one two three four");
    edit.insert("\x02");
    CHECK(edit.text() == "one two three four");
    edit.insert("\u2028!");
    CHECK(edit.text() == "one two three four !");
}

TEST_CASE("backspace and delete take what a person takes for one character") {
    TextEdit edit = edit_of(std::string("a") + kFamily + "e\u0301");
    CHECK(edit.erase_back());
    CHECK(edit.text() == std::string("a") + kFamily);
    CHECK(edit.erase_back());
    CHECK(edit.text() == "a");
    edit.go_home(Extend::kNo);
    CHECK(!edit.erase_back());
    CHECK(edit.erase_forward());
    CHECK(edit.text().empty());
    CHECK(!edit.erase_forward());
    CHECK(!edit.erase_word_back());
}

TEST_CASE("a mark that is typed joins the letter before it") {
    TextEdit edit = edit_of("");
    edit.insert("e");
    edit.insert("\u0301");
    CHECK(edit.caret().at == 3);
    CHECK(edit.erase_back());
    CHECK(edit.text().empty());
}

TEST_CASE("words are jumped over and taken with Ctrl") {
    TextEdit edit = edit_of("the quick fox");
    edit.go_word_back(Extend::kNo);
    CHECK(edit.caret().at == 10);
    edit.go_word_back(Extend::kYes);
    CHECK(edit.selected_text() == "quick ");
    CHECK(edit.erase_word_back());  // the selection
    CHECK(edit.text() == "the fox");
    CHECK(edit.erase_word_back());
    CHECK(edit.text() == "fox");
    CHECK(edit.erase_word_forward());
    CHECK(edit.text().empty());
}

TEST_CASE("Shift extends from where the selection began") {
    TextEdit edit = edit_of("abcdef");
    edit.place_caret({3, false}, Extend::kNo);
    edit.go_end(Extend::kYes);
    CHECK(edit.selected_text() == "def");
    edit.go_home(Extend::kYes);
    CHECK(edit.selected_text() == "abc");
    edit.select_all();
    CHECK(edit.selected_text() == "abcdef");
    edit.place_caret({2, false}, Extend::kNo);
    CHECK(!edit.has_selection());
}

TEST_CASE("undo takes back a word at a time, redo brings it again") {
    TextEdit edit = edit_of("");
    type(edit, "one two");
    CHECK(edit.undo());
    CHECK(edit.text() == "one ");
    CHECK(edit.undo());
    CHECK(edit.text().empty());
    CHECK(!edit.undo());
    CHECK(edit.redo());
    CHECK(edit.redo());
    CHECK(edit.text() == "one two");
    CHECK(!edit.redo());
}

TEST_CASE("deletions in a row are one step; a caret that moved begins another") {
    TextEdit edit = edit_of("abcdef");
    edit.erase_back();
    edit.erase_back();
    edit.place_caret({2, false}, Extend::kNo);
    edit.erase_back();
    edit.erase_forward();
    CHECK(edit.text() == "ad");
    edit.undo();
    CHECK(edit.text() == "acd");
    edit.undo();
    CHECK(edit.text() == "abcd");
    edit.undo();
    CHECK(edit.text() == "abcdef");
    // What is typed now leaves nothing to do again.
    edit.redo();
    edit.insert("x");
    CHECK(!edit.redo());
}

TEST_CASE("undo brings back the selection that was replaced") {
    TextEdit edit = edit_of("a dog");
    edit.select({2, 5});
    edit.insert("cat");
    edit.undo();
    CHECK(edit.text() == "a dog");
    CHECK(edit.selected_text() == "dog");
}

TEST_CASE("a text from elsewhere cannot be undone into the one before") {
    TextEdit edit = edit_of("");
    type(edit, "mine");
    edit.reset("theirs");
    CHECK(!edit.undo());
    CHECK(edit.text() == "theirs");
    CHECK(edit.caret().at == 6);
}

TEST_CASE("random editing keeps the caret on boundaries and undoes to the beginning") {
    std::mt19937 random(11);
    const std::string_view pieces[] = {"a",      " ",          kFamily,  "\u0301",        "\u0643",
                                       "\u72ac", "\U0001F1E9", "\u200D", "word and\nmore"};
    for (int round = 0; round < 40; ++round) {
        TextEdit edit = edit_of("start \u0643\u0644\u0628");
        for (int step = 0; step < 60; ++step) {
            switch (random() % 9) {
                case 0:
                    edit.erase_back();
                    break;
                case 1:
                    edit.erase_forward();
                    break;
                case 2:
                    edit.erase_word_back();
                    break;
                case 3:
                    edit.go_word_back(random() % 2 == 0 ? Extend::kYes : Extend::kNo);
                    break;
                case 4:
                    edit.place_caret({random() % 40, false}, Extend::kYes);
                    break;
                case 5:
                    edit.place_caret({random() % 40, true}, Extend::kNo);
                    break;
                default:
                    edit.insert(pieces[random() % std::size(pieces)]);
                    break;
            }
            CAPTURE(edit.text());
            CHECK(!heed::find_invalid_utf8(edit.text()));
            CHECK(snap_to_grapheme(edit.text(), edit.caret().at) == edit.caret().at);
            CHECK(edit.selection().end <= edit.text().size());
        }
        const std::string last = edit.text();
        int undone = 0;
        while (edit.undo()) ++undone;
        CHECK(edit.text() == "start \u0643\u0644\u0628");
        for (int i = 0; i < undone; ++i) CHECK(edit.redo());
        CHECK(edit.text() == last);
    }
}

TEST_SUITE_END();

TEST_SUITE_BEGIN("app/text/caret");

TEST_CASE("a press puts the caret on the nearer side of the character") {
    const ShapedText line = make_line(4, 0, 0);
    CHECK(caret_near(line, 12).at == 1);
    CHECK(caret_near(line, 18).at == 2);
    CHECK(caret_near(line, -50).at == 0);
    CHECK(caret_near(line, 500).at == 4);
    const ShapedText rtl = make_line(4, 0, 4);
    CHECK(caret_near(rtl, -50).at == 4);
    CHECK(caret_near(rtl, 500).at == 0);
    CHECK(caret_near({}, 3).at == 0);
}

TEST_CASE("arrows walk the line as it is seen, every gap once, there and back") {
    for (const auto& [begin, end] : {std::pair<std::size_t, std::size_t>{0, 0}, {2, 5}, {0, 7}}) {
        const ShapedText line = make_line(7, begin, end);
        Caret caret = caret_near(line, -1);
        for (int step = 0; step < 7; ++step) {
            CHECK(caret_x(line, caret) == 10 * static_cast<float>(step));
            caret = caret_beside(line, caret, true);
        }
        CHECK(caret_x(line, caret) == 70);
        CHECK(caret_beside(line, caret, true) == caret);
        for (int step = 6; step >= 0; --step) {
            caret = caret_beside(line, caret, false);
            CHECK(caret_x(line, caret) == 10 * static_cast<float>(step));
        }
        CHECK(caret_beside(line, caret, false) == caret);
    }
}

TEST_CASE("a selection across directions is several stretches") {
    const ShapedText line = make_line(7, 2, 5);
    using Stretches = std::vector<std::pair<float, float>>;
    CHECK(selected_stretches(line, 0, 7) == Stretches{{0, 70}});
    CHECK(selected_stretches(line, 0, 3) == Stretches{{0, 20}, {40, 50}});
    CHECK(selected_stretches(line, 2, 3) == Stretches{{40, 50}});
    CHECK(selected_stretches(line, 3, 3).empty());
}

TEST_CASE("left and right leave a selection at its own side") {
    TextEdit edit = edit_of("abcd");
    const ShapedText line = make_line(4, 0, 0);
    edit.select({1, 3});
    edit.go_beside(line, true, Extend::kNo);
    CHECK(edit.caret().at == 3);
    edit.select({1, 3});
    edit.go_beside(line, false, Extend::kNo);
    CHECK(edit.caret().at == 1);
    edit.select({1, 3});
    edit.go_beside(make_line(4, 0, 4), true, Extend::kNo);
    CHECK(edit.caret().at == 1);
}

TEST_CASE("in real Arabic and mixed text every step moves the caret the right way") {
    TextEngine engine;
    for (const std::string text :
         {"\u0643\u0644\u0628 \u062c\u0645\u064a\u0644", "a dog \u0643\u0644\u0628 12 b",
          "\u0643 abc \u0644 \U0001F600", "e\u0301 fi"}) {
        CAPTURE(text);
        const ShapedText& line = engine.shape(Type::kSentence, text);
        Caret caret = caret_near(line, -1);
        float x = caret_x(line, caret);
        CHECK(x == 0);
        std::size_t steps = 0;
        for (;; ++steps) {
            const Caret next = caret_beside(line, caret, true);
            if (next == caret) break;
            CHECK(caret_x(line, next) > x);
            x = caret_x(line, next);
            caret = next;
        }
        CHECK(x == line.width);
        CHECK(steps == line.clusters.size());
    }
}

TEST_SUITE_END();
