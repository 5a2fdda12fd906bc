#include "core/tokenizer/unicode.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <iterator>

#include "core/base/utf8.h"
#include "core/tokenizer/unicode_tables.h"

namespace heed {
namespace {

template <std::size_t N>
bool contains(const CodePointRange (&ranges)[N], char32_t c) {
    const auto* above = std::upper_bound(
        std::begin(ranges), std::end(ranges), c,
        [](char32_t value, const CodePointRange& range) { return value < range.first; });
    return above != std::begin(ranges) && c <= std::prev(above)->last;
}

constexpr CharClass classify_ascii(char32_t c) {
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) return CharClass::kLetter;
    if (c >= '0' && c <= '9') return CharClass::kNumber;
    if (c == ' ' || (c >= '\t' && c <= '\r')) return CharClass::kSpace;
    return CharClass::kOther;
}

constexpr std::array<CharClass, 128> make_ascii_classes() {
    std::array<CharClass, 128> classes{};
    for (char32_t c = 0; c < 128; ++c) classes[c] = classify_ascii(c);
    return classes;
}

constexpr std::array<CharClass, 128> kAsciiClasses = make_ascii_classes();

// How many bytes at `at` are the beginning of a character that is cut short; at least 1.
std::size_t broken_length(std::string_view bytes, std::size_t at) {
    for (std::size_t length = 3; length > 1; --length) {
        if (at + length > bytes.size()) continue;
        // The beginning of a character becomes whole with the right number of bytes after it.
        const std::string whole = std::string(bytes.substr(at, length)) + "\x80\x80";
        const Utf8Char c = decode_utf8(whole, 0);
        if (c.valid && static_cast<std::size_t>(c.length) > length) return length;
    }
    return 1;
}

}  // namespace

CharClass classify_character(char32_t c) {
    if (c < 128) return kAsciiClasses[c];
    if (is_white_space(c)) return CharClass::kSpace;
    if (contains(kLetters, c)) return CharClass::kLetter;
    if (contains(kNumbers, c)) return CharClass::kNumber;
    return CharClass::kOther;
}

bool is_white_space(char32_t c) {
    if (c < 128) return kAsciiClasses[c] == CharClass::kSpace;
    return c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 ||
           c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

bool is_python_white_space(char32_t c) {
    return (c >= 0x1C && c <= 0x1F) || is_white_space(c);
}

bool is_punctuation(char32_t c) {
    if (c < 128) return c > ' ' && c < 127 && kAsciiClasses[c] == CharClass::kOther;
    return contains(kPunctuation, c);
}

bool is_nonspacing_mark(char32_t c) {
    return c >= 0x300 && contains(kNonspacingMarks, c);
}

bool is_unclean_character(char32_t c) {
    return (c < ' ' || c >= 127) && contains(kUncleanCharacters, c);
}

bool is_numeric(char32_t c) {
    return c < 128 ? kAsciiClasses[c] == CharClass::kNumber : contains(kNumericCharacters, c);
}

bool is_decimal_digit(char32_t c) {
    return utf8proc_category(static_cast<utf8proc_int32_t>(c)) == UTF8PROC_CATEGORY_ND;
}

bool is_word_character(char32_t c) {
    return contains(kWordCharacters, c);
}

bool is_chinese_character(char32_t c) {
    constexpr CodePointRange kBlocks[] = {
        {0x3400, 0x4DBF},   {0x4E00, 0x9FFF},   {0xF900, 0xFAFF},   {0x20000, 0x2A6DF},
        {0x2A700, 0x2B81F}, {0x2B920, 0x2CEAF}, {0x2F800, 0x2FA1F},
    };
    return c >= 0x3400 && contains(kBlocks, c);
}

void append_lower_case(std::vector<char32_t>& out, char32_t c) {
    if (c < 128) {
        out.push_back(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
        return;
    }
    if (c == 0x130) {
        out.insert(out.end(), {U'i', char32_t{0x307}});
        return;
    }
    const auto* above =
        std::upper_bound(std::begin(kLowerCase), std::end(kLowerCase), c,
                         [](char32_t value, const LowerCaseRun& run) { return value < run.first; });
    if (above != std::begin(kLowerCase)) {
        const LowerCaseRun& run = *std::prev(above);
        if (c <= run.last && (c - run.first) % run.step == 0) {
            c = static_cast<char32_t>(static_cast<std::int64_t>(c) + run.distance);
        }
    }
    out.push_back(c);
}

void append_decomposition(std::vector<char32_t>& out, char32_t c, bool compatible) {
    // U+11938 is younger than the decompositions that the tokenizers were published with.
    if (c < 0xA0 || c == 0x11938) {
        out.push_back(c);
        return;
    }
    std::array<utf8proc_int32_t, 32> parts{};
    int last_boundary = UTF8PROC_BOUNDCLASS_START;
    const auto options =
        static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | (compatible ? UTF8PROC_COMPAT : 0));
    const utf8proc_ssize_t count = utf8proc_decompose_char(
        static_cast<utf8proc_int32_t>(c), parts.data(), static_cast<utf8proc_ssize_t>(parts.size()),
        options, &last_boundary);
    if (count <= 0 || count > static_cast<utf8proc_ssize_t>(parts.size())) {
        out.push_back(c);
        return;
    }
    for (utf8proc_ssize_t i = 0; i < count; ++i) {
        out.push_back(static_cast<char32_t>(parts[static_cast<std::size_t>(i)]));
    }
}

int combining_class(char32_t c) {
    if (c < 0x300 || !contains(kSortedMarks, c)) return 0;
    return utf8proc_get_property(static_cast<utf8proc_int32_t>(c))->combining_class;
}

char32_t compose_pair(char32_t first, char32_t second) {
    if (second < 0x300 || second == 0x11930) return 0;  // U+11938, as above
    std::string text;
    append_utf8(text, first);
    append_utf8(text, second);
    // The library composes whole texts only; two characters are a short one.
    utf8proc_uint8_t* composed = nullptr;
    const utf8proc_ssize_t size =
        utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                     static_cast<utf8proc_ssize_t>(text.size()), &composed,
                     static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
    char32_t result = 0;
    if (size > 0) {
        const std::string_view bytes(reinterpret_cast<const char*>(composed),
                                     static_cast<std::size_t>(size));
        const Utf8Char c = decode_utf8(bytes, 0);
        if (c.valid && static_cast<std::size_t>(c.length) == bytes.size()) result = c.code_point;
    }
    std::free(composed);
    return result;
}

std::string replace_broken_characters(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size());
    std::size_t at = 0;
    while (at < bytes.size()) {
        const Utf8Char c = decode_utf8(bytes, at);
        const std::size_t length =
            c.valid ? static_cast<std::size_t>(c.length) : broken_length(bytes, at);
        if (c.valid) {
            out += bytes.substr(at, length);
        } else {
            append_utf8(out, 0xFFFD);
        }
        at += length;
    }
    return out;
}

}  // namespace heed
