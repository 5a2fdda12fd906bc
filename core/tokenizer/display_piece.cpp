#include <cstdio>

#include "core/base/utf8.h"
#include "core/tokenizer/byte_letters.h"
#include "core/tokenizer/tokenizer.h"

namespace heed {
namespace {

constexpr char32_t kMetaSpace = 0x2581;  // "▁"

std::string with_spaces(std::string_view piece) {
    std::string out;
    std::size_t at = 0;
    while (at < piece.size()) {
        const Utf8Char c = decode_utf8(piece, at);
        append_utf8(out, c.code_point == kMetaSpace ? U' ' : c.code_point);
        at += static_cast<std::size_t>(c.length);
    }
    return out;
}

std::string with_escapes(std::string_view bytes) {
    std::string out;
    std::size_t at = 0;
    while (at < bytes.size()) {
        const Utf8Char c = decode_utf8(bytes, at);
        const auto length = static_cast<std::size_t>(c.length);
        if (c.valid) {
            out += bytes.substr(at, length);
        } else {
            char escape[8];
            std::snprintf(escape, sizeof escape, "\\x%02x",
                          static_cast<unsigned>(static_cast<unsigned char>(bytes[at])));
            out += escape;
        }
        at += length;
    }
    return out;
}

// Whether `bytes` can be a part of a text in UTF-8: what is broken in it is the end of a character
// at its beginning or the beginning of one at its end. Letters a to z count against it: "café" is a
// word, not four bytes.
bool looks_like_part_of_text(std::string_view bytes) {
    std::size_t at = 0;
    while (at < bytes.size() && (bytes[at] & '\xC0') == '\x80') ++at;
    if (at > 3) return false;
    while (at < bytes.size()) {
        const Utf8Char c = decode_utf8(bytes, at);
        if (!c.valid) break;
        if ((c.code_point >= 'a' && c.code_point <= 'z') ||
            (c.code_point >= 'A' && c.code_point <= 'Z')) {
            return false;
        }
        at += static_cast<std::size_t>(c.length);
    }
    if (at == bytes.size()) return true;
    const auto lead = static_cast<unsigned char>(bytes[at]);
    std::size_t tail = at + 1;
    while (tail < bytes.size() && (bytes[tail] & '\xC0') == '\x80') ++tail;
    return lead >= 0xC2 && lead < 0xF5 && tail == bytes.size();
}

}  // namespace

std::string display_piece(std::string_view piece, bool is_byte_level) {
    const auto bytes = is_byte_level ? spell_bytes(piece) : std::nullopt;
    return bytes ? with_escapes(*bytes) : with_spaces(piece);
}

std::string display_piece(std::string_view piece) {
    const auto bytes = spell_bytes(piece);
    if (!bytes || piece.starts_with("##")) return with_spaces(piece);
    const bool is_whole = !find_invalid_utf8(*bytes).has_value();
    return display_piece(piece, is_whole || looks_like_part_of_text(*bytes));
}

}  // namespace heed
