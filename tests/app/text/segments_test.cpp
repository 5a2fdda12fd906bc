#include "app/text/segments.h"

#include <doctest/doctest.h>

#include <string>

using namespace heed::app;

namespace {

// The pieces of a text between these ends, joined by '|'.
std::string show(std::string_view text, const std::vector<std::size_t>& ends) {
    std::string shown;
    std::size_t begin = 0;
    for (const std::size_t end : ends) {
        shown += (shown.empty() ? "" : "|") + std::string(text.substr(begin, end - begin));
        begin = end;
    }
    return shown;
}

std::string show_graphemes(std::string_view text) {
    std::vector<std::size_t> ends;
    for (const TextSegment& segment : split_graphemes(text)) ends.push_back(segment.end);
    return show(text, ends);
}

std::string show_lines(std::string_view text) {
    return show(text, line_break_places(text));
}

constexpr const char* kFamily =
    "\U0001F468\u200D\U0001F469\u200D\U0001F467\u200D\U0001F466";  // four people, three joiners

}  // namespace

TEST_SUITE_BEGIN("app/text/segments");

TEST_CASE("a person's character is one, of however many code points") {
    CHECK(show_graphemes("abc") == "a|b|c");
    CHECK(show_graphemes("e\u0301a\u0308\u0323") == "e\u0301|a\u0308\u0323");
    CHECK(split_graphemes(kFamily).size() == 1);
    CHECK(show_graphemes("\U0001F1E9\U0001F1EA\U0001F1EB\U0001F1F7") ==
          "\U0001F1E9\U0001F1EA|\U0001F1EB\U0001F1F7");
    CHECK(show_graphemes("\U0001F44D\U0001F3FD!") == "\U0001F44D\U0001F3FD|!");
    CHECK(show_graphemes("\u1112\u1161\u11ab\u0e01\u0e33") == "\u1112\u1161\u11ab|\u0e01\u0e33");
    CHECK(split_graphemes("").empty());
}

TEST_CASE("a byte that is no UTF-8 is a character of its own") {
    CHECK(split_graphemes("a\xff\xfe").size() == 3);
    CHECK(decode_text("\xff")[0].value == 0xFFFD);
}

TEST_CASE("steps by graphemes land on their boundaries and stay within the text") {
    const std::string text = std::string("a") + kFamily + "b";
    const std::size_t after = text.size() - 1;
    CHECK(next_grapheme(text, 0) == 1);
    CHECK(next_grapheme(text, 1) == after);
    CHECK(previous_grapheme(text, after) == 1);
    CHECK(previous_grapheme(text, 0) == 0);
    CHECK(next_grapheme(text, text.size()) == text.size());
    CHECK(snap_to_grapheme(text, 5) == 1);
    CHECK(snap_to_grapheme(text, 999) == text.size());
}

TEST_CASE("word jumps skip blanks and stop at the ends of words") {
    const std::string text = "Don't stop, 3.5 km";
    CHECK(next_word(text, 0) == 5);
    CHECK(next_word(text, 5) == 10);
    CHECK(next_word(text, 10) == 11);
    CHECK(next_word(text, 11) == 15);
    CHECK(previous_word(text, text.size()) == 16);
    CHECK(previous_word(text, 16) == 12);
    CHECK(previous_word(text, 3) == 0);
    CHECK(next_word(text, text.size()) == text.size());
    CHECK(next_word("  ", 0) == 2);
}

TEST_CASE("a double click takes the word, the blanks or the signs that are there") {
    const std::string text = "two  words!?";
    CHECK(word_at(text, 1).end == 3);
    CHECK(word_at(text, 3).begin == 3);
    CHECK(word_at(text, 3).end == 5);
    CHECK(word_at(text, 7).begin == 5);
    CHECK(word_at(text, 11).begin == 10);
    CHECK(word_at(text, 99).begin == 10);
    CHECK(word_at("", 0).end == 0);
    // Han characters are words of their own, Arabic letters make words.
    CHECK(word_at("\u6211\u7231\u4f60", 3).end == 6);
    CHECK(word_at("\u0643\u0644\u0628 \u062c\u0645\u064a\u0644", 0).end == 6);
}

TEST_CASE("lines break after blanks and between Han characters, not before a stop") {
    CHECK(show_lines("one two") == "one |two");
    CHECK(show_lines("a  b") == "a  |b");
    CHECK(show_lines("well-known") == "well-|known");
    CHECK(show_lines("-5") == "-5");
    CHECK(show_lines("3 + -1.5") == "3 |+ |-1.5");
    CHECK(show_lines("a\u00a0b") == "a\u00a0b");
    CHECK(show_lines("\u6211\u7231\u4f60\u3002\u597d") == "\u6211|\u7231|\u4f60\u3002|\u597d");
    CHECK(show_lines("\u300c\u72ac\u300d") == "\u300c\u72ac\u300d");
    CHECK(show_lines("\u30b3\u30fc\u30d2\u30fc") == "\u30b3\u30fc|\u30d2\u30fc");
    CHECK(show_lines("") == "");
}

TEST_CASE("words are counted as people count them") {
    CHECK(count_words("Bark is very cute and he is a dog") == 9);
    CHECK(count_words("  Don't - stop! ") == 2);
    CHECK(count_words("\u6211\u7231\u4f60\u3002") == 3);
    CHECK(count_words("") == 0);
}

TEST_SUITE_END();
