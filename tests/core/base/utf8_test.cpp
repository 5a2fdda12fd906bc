#include "core/base/utf8.h"

#include <doctest/doctest.h>

#include <vector>

using namespace heed;

namespace {

// RFC 3629 by its table: the bytes of a code point, or nothing for what has none.
std::string encode_by_table(unsigned code) {
    std::vector<unsigned> bytes;
    if (code <= 0x7F) {
        bytes = {code};
    } else if (code <= 0x7FF) {
        bytes = {0xC0 + code / 64, 0x80 + code % 64};
    } else if (code >= 0xD800 && code <= 0xDFFF) {
        bytes = {};
    } else if (code <= 0xFFFF) {
        bytes = {0xE0 + code / 4096, 0x80 + code / 64 % 64, 0x80 + code % 64};
    } else if (code <= 0x10FFFF) {
        bytes = {0xF0 + code / 262144, 0x80 + code / 4096 % 64, 0x80 + code / 64 % 64,
                 0x80 + code % 64};
    }
    std::string out;
    for (const unsigned byte : bytes) out += static_cast<char>(byte);
    return out;
}

}  // namespace

TEST_SUITE_BEGIN("core/utf8");

TEST_CASE("every code point is encoded as the table says and decoded again") {
    int wrong = 0;
    for (unsigned code = 0; code <= 0x10FFFF; ++code) {
        const std::string expected = encode_by_table(code);
        if (expected.empty()) continue;
        std::string encoded;
        append_utf8(encoded, code);
        const Utf8Char decoded = decode_utf8(expected, 0);
        if (encoded != expected || !decoded.valid || decoded.code_point != code ||
            decoded.length != static_cast<int>(expected.size())) {
            ++wrong;
        }
    }
    CHECK_EQ(wrong, 0);
}

TEST_CASE("what is no UTF-8 is found at its first byte") {
    const std::vector<std::string> bad = {
        "\x80",              // a continuation alone
        "\xC0\xAF",          // overlong, 2 bytes
        "\xC1\xBF",          //
        "\xE0\x80\xAF",      // overlong, 3 bytes
        "\xE0\x9F\xBF",      //
        "\xF0\x8F\xBF\xBF",  // overlong, 4 bytes
        "\xED\xA0\x80",      // surrogates
        "\xED\xBF\xBF",      //
        "\xF4\x90\x80\x80",  // over U+10FFFF
        "\xF5\x80\x80\x80",  //
        "\xFF",              //
        "\xC3",              // cut off
        "\xE2\x82",          //
        "\xF0\x9F\x98",      //
        "\xC3(",             // followed by something else
    };
    for (const std::string& text : bad) {
        CAPTURE(text.size());
        CAPTURE(static_cast<int>(static_cast<unsigned char>(text[0])));
        CHECK_EQ(find_invalid_utf8("ok \xC3\xA9 " + text), 6);
        const Utf8Char c = decode_utf8(text, 0);
        CHECK_FALSE(c.valid);
        CHECK_EQ(c.length, 1);
    }
    CHECK_EQ(find_invalid_utf8("plain, \xC3\xA9, \xE2\x82\xAC, \xF0\x9F\x98\x80"), std::nullopt);
    CHECK_EQ(find_invalid_utf8(""), std::nullopt);
}

TEST_CASE("each invalid byte is replaced by one U+FFFD") {
    CHECK_EQ(replace_invalid_utf8("a\xFF\xC3z"), "a\xEF\xBF\xBD\xEF\xBF\xBDz");
    CHECK_EQ(replace_invalid_utf8("\xC3\xA9"), "\xC3\xA9");
    CHECK_EQ(replace_invalid_utf8(""), "");
}

TEST_SUITE_END();
