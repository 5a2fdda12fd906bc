// UTF-8 by hand: decoding one character, checking a whole text, encoding one code point.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace heed {

struct Utf8Char {
    char32_t code_point = 0xFFFD;
    int length = 1;      // bytes consumed, at least 1
    bool valid = false;  // false: one byte that is no UTF-8 was consumed
};

// Decodes the character at byte `at` (< text.size()). Overlong forms, surrogates and values over
// U+10FFFF are invalid (RFC 3629).
Utf8Char decode_utf8(std::string_view text, std::size_t at);

// Byte offset of the first byte that is no UTF-8; nullopt where the whole text is valid.
std::optional<std::size_t> find_invalid_utf8(std::string_view text);

// `text` with every invalid byte replaced by U+FFFD.
std::string replace_invalid_utf8(std::string_view text);

void append_utf8(std::string& out, char32_t code_point);

}  // namespace heed
