// Where a text may be cut: between what people take for characters (grapheme clusters, Unicode
// Annex 29), between words, and between lines. Pure; positions are bytes of valid or invalid UTF-8
// (every invalid byte counts as a character of its own).
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace heed::app {

struct CodePoint {
    char32_t value = 0;
    std::size_t begin = 0;  // bytes
    std::size_t end = 0;
};
// U+FFFD for each byte that is no UTF-8.
std::vector<CodePoint> decode_text(std::string_view text);

struct TextSegment {
    std::size_t begin = 0;  // bytes
    std::size_t end = 0;
};
// All of the text, in order, without gaps.
std::vector<TextSegment> split_graphemes(std::string_view text);

// The nearest grapheme boundary before or after `at`; the ends of the text where there is none.
std::size_t previous_grapheme(std::string_view text, std::size_t at);
std::size_t next_grapheme(std::string_view text, std::size_t at);
// The boundary at or before `at`.
std::size_t snap_to_grapheme(std::string_view text, std::size_t at);

// The beginning of the word before `at` and the end of the word after it: where Ctrl with an arrow
// goes.
std::size_t previous_word(std::string_view text, std::size_t at);
std::size_t next_word(std::string_view text, std::size_t at);
// The word, the blanks or the punctuation at `at`: what a double click takes.
TextSegment word_at(std::string_view text, std::size_t at);

// Ends of the pieces that must not be broken by the end of a line, ascending; the last is
// text.size(). Blanks belong to the piece before them. Lines break after blanks and hyphens between
// words, and around the characters of Chinese and Japanese, except before what may not begin a
// line.
std::vector<std::size_t> line_break_places(std::string_view text);

// Words as people count them: runs of letters and digits; Han characters one by one.
int count_words(std::string_view text);

}  // namespace heed::app
