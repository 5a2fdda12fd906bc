#include "core/base/error.h"

#include <cstdio>

#include "core/base/utf8.h"

namespace heed {
namespace {

constexpr std::size_t kMaxPathBytes = 400;
// Room for the names of all families.
constexpr std::size_t kMaxExpectedBytes = 600;

std::string join_parts(std::string_view where, std::string_view field, std::string_view expected,
                       std::string_view found) {
    std::string out = one_line(where, kMaxPathBytes);
    const auto append = [&out](std::string_view separator, const std::string& text) {
        if (text.empty()) return;
        if (!out.empty()) out += separator;
        out += text;
    };
    append(": ", one_line(field));
    if (!expected.empty()) append(": ", "expected " + one_line(expected, kMaxExpectedBytes));
    if (!found.empty()) append(expected.empty() ? ": " : ", ", "found " + one_line(found, 240));
    return out;
}

}  // namespace

Error::Error(std::string_view where, std::string_view field, std::string_view expected,
             std::string_view found)
    : std::runtime_error(join_parts(where, field, expected, found)) {}

Error::Error(std::string_view where, std::string_view what)
    : std::runtime_error(where.empty()
                             ? one_line(what, 600)
                             : one_line(where, kMaxPathBytes) + ": " + one_line(what, 600)) {}

std::string one_line(std::string_view text, std::size_t max_bytes) {
    std::string out;
    std::size_t at = 0;
    while (at < text.size()) {
        if (out.size() >= max_bytes) return out + "...";
        const Utf8Char c = decode_utf8(text, at);
        char escape[8];
        const auto byte = static_cast<unsigned char>(text[at]);
        if (c.valid && c.code_point >= 0x20 && c.code_point != 0x7F &&
            !(c.code_point >= 0x80 && c.code_point < 0xA0) && c.code_point != 0x2028 &&
            c.code_point != 0x2029) {
            out += text.substr(at, static_cast<std::size_t>(c.length));
        } else if (byte == '\n') {
            out += "\\n";
        } else if (byte == '\t') {
            out += "\\t";
        } else {
            for (int i = 0; i < c.length; ++i) {
                const auto raw = static_cast<unsigned char>(text[at + static_cast<std::size_t>(i)]);
                std::snprintf(escape, sizeof escape, "\\x%02x", raw);
                out += escape;
            }
        }
        at += static_cast<std::size_t>(c.length);
    }
    return out;
}

std::string in_quotes(std::string_view text, std::size_t max_bytes) {
    return '"' + one_line(text, max_bytes) + '"';
}

}  // namespace heed
