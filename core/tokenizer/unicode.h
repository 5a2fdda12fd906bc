// Classes of characters as the published tokenizers see them (unicode_tables.h says where they are
// from), lower case and decomposition. It knows no tokenizer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/utf8.h"

namespace heed {

// As decode_utf8, with a short way for ASCII, which most text is.
inline Utf8Char decode_character(std::string_view text, std::size_t at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    return byte < 0x80 ? Utf8Char{byte, 1, true} : decode_utf8(text, at);
}

// The four classes that the GPT-2 splitting tells apart: \s, \p{L}, \p{N} and the rest.
enum class CharClass : std::uint8_t { kOther, kLetter, kNumber, kSpace };

CharClass classify_character(char32_t c);

bool is_white_space(char32_t c);  // White_Space of Unicode
// The same and U+001C to U+001F: what Python's str.isspace() and \s take for white space.
bool is_python_white_space(char32_t c);
// P* of Unicode 8, and all of ASCII that is neither letter, digit, space nor control.
bool is_punctuation(char32_t c);
bool is_nonspacing_mark(char32_t c);
// U+0000, U+FFFD, Cc, Cf and Co, without tab, line feed and carriage return.
bool is_unclean_character(char32_t c);
bool is_numeric(char32_t c);
bool is_decimal_digit(char32_t c);   // Nd
bool is_word_character(char32_t c);  // \w
// The blocks that BERT sets apart with spaces. U+2B820 to U+2B91F are not among them: the models
// were published with a tokenizer that leaves them out.
bool is_chinese_character(char32_t c);

// Appends the lower-case form of `c`: one character, or two for U+0130. Not the final sigma: a
// character is looked at alone.
void append_lower_case(std::vector<char32_t>& out, char32_t c);

// Appends the full decomposition of `c`, canonical or compatible.
void append_decomposition(std::vector<char32_t>& out, char32_t c, bool compatible);
// 0 for a character that stays in its place when marks are sorted.
int combining_class(char32_t c);
// The canonical composition of two characters, 0 where there is none.
char32_t compose_pair(char32_t first, char32_t second);

// `bytes` with each longest part that is no UTF-8 (a character cut short counts once) replaced by
// U+FFFD, as the decoders of the published tokenizers do.
std::string replace_broken_characters(std::string_view bytes);

}  // namespace heed
