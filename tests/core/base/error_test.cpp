#include "core/base/error.h"

#include <doctest/doctest.h>

#include "core/base/check.h"
#include "core/base/progress.h"
#include "core/base/utf8.h"
#include "tests/support/refusal.h"

using namespace heed;
using heed::test::find_flaw;

TEST_SUITE_BEGIN("core/error");

TEST_CASE("a message joins where, field, expected and found in one line") {
    const Error error("config.json: line 3", "n_head", "a whole number from 1", "\"twelve\"");
    CHECK_EQ(std::string(error.what()),
             "config.json: line 3: n_head: expected a whole number from 1, found \"twelve\"");
}

TEST_CASE("parts that are empty are left out") {
    CHECK_EQ(std::string(Error("a", "", "b", "c").what()), "a: expected b, found c");
    CHECK_EQ(std::string(Error("", "f", "b", "c").what()), "f: expected b, found c");
    CHECK_EQ(std::string(Error("a", "f", "b", "").what()), "a: f: expected b");
    CHECK_EQ(std::string(Error("a", "f", "", "c").what()), "a: f: found c");
    CHECK_EQ(std::string(Error("a", "too long").what()), "a: too long");
    CHECK_EQ(std::string(Error("", "too long").what()), "too long");
}

TEST_CASE("line breaks, control characters and invalid UTF-8 are escaped") {
    CHECK_EQ(one_line("a\nb\tc\rd"), "a\\nb\\tc\\x0dd");
    CHECK_EQ(one_line(std::string_view("\0\x1b[31m\x7f", 7)), "\\x00\\x1b[31m\\x7f");
    CHECK_EQ(one_line("\xFF\xC3("), "\\xff\\xc3(");
    CHECK_EQ(one_line("\xE2\x80\xA8"), "\\xe2\\x80\\xa8");  // U+2028 breaks lines
    CHECK_EQ(one_line("\xC2\x85"), "\\xc2\\x85");           // U+0085 too
    CHECK_EQ(one_line("B\xC3\xA4rk \xF0\x9F\x90\x95"), "B\xC3\xA4rk \xF0\x9F\x90\x95");
    const Error error("a\nb", "f\r", "x\x1b", std::string(10000, '\n'));
    CHECK_EQ(find_flaw(error.what(), {"a\\nb", "f\\x0d", "x\\x1b"}), "");
}

TEST_CASE("long parts are cut, never within a character") {
    CHECK_EQ(one_line("abcdef", 6), "abcdef");
    CHECK_EQ(one_line("abcdefg", 6), "abcdef...");
    for (std::size_t limit = 0; limit < 20; ++limit) {
        CAPTURE(limit);
        const std::string cut = one_line("\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\xC3\xA9", limit);
        CHECK_FALSE(find_invalid_utf8(cut));
    }
    CHECK_LT(std::string(Error(std::string(5000, 'a'), std::string(5000, 'b'),
                               std::string(5000, 'c'), std::string(5000, 'd'))
                             .what())
                 .size(),
             1500);
}

TEST_CASE("text in quotes shows where it begins and ends") {
    CHECK_EQ(in_quotes(" a\n"), "\" a\\n\"");
    CHECK_EQ(in_quotes(""), "\"\"");
}

TEST_CASE("a check that fails names the expression, both values and the place") {
    CHECK_NOTHROW(HEED_CHECK(true));
    CHECK_NOTHROW(HEED_CHECK_EQ(2, 2));
    CHECK_NOTHROW(HEED_CHECK_LT(1, 2));
    CHECK_NOTHROW(HEED_CHECK_LE(2, 2));
    const int got = 3;
    try {
        HEED_CHECK_EQ(got, 4);
        FAIL("not noticed");
    } catch (const Bug& bug) {
        CHECK_EQ(find_flaw(bug.what(), {"error_test.cpp:", "got == 4", "3 against 4"}), "");
    }
    CHECK_THROWS_AS(HEED_CHECK(got == 4), Bug);
    CHECK_THROWS_AS(HEED_CHECK_LT(got, 3), Bug);
    CHECK_THROWS_AS(HEED_CHECK_LE(got, 2), Bug);
}

TEST_CASE("cancelling reaches every copy of the token and is no error") {
    CancelToken token;
    const CancelToken copy = token;
    CHECK_FALSE(copy.is_cancelled());
    CHECK_NOTHROW(copy.check());
    token.cancel();
    CHECK(copy.is_cancelled());
    CHECK_THROWS_AS(copy.check(), Cancelled);
    CHECK_FALSE(CancelToken().is_cancelled());
}

TEST_SUITE_END();
