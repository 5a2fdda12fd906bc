#include "app/cli/scenario.h"

#include <doctest/doctest.h>

#include "tests/support/refusal.h"

using namespace heed::app;
using heed::test::find_flaw;
using heed::test::message_of;

namespace {

std::string refusal_of(std::string_view line) {
    return message_of([&] { parse_scenario(line, "a.scenario"); });
}

template <class Step>
Step parse_one(std::string_view line) {
    const std::vector<ScenarioStep> steps = parse_scenario(line, "a.scenario");
    REQUIRE(steps.size() == 1);
    return std::get<Step>(steps[0].action);
}

}  // namespace

TEST_SUITE_BEGIN("app/scenario");

TEST_CASE("every step of the language is read") {
    const std::string_view text =
        "# a comment\n"
        "size 1600x1000 2.0\r\n"
        "theme dark   # another\n"
        "\n"
        "open words\ntext \"a \\\"b\\\" # c\"\npair \"\"\nimage cat.png\ndo layer 3\n"
        "key Ctrl+Z\ntype \"\xc3\xa9\"\nclick view/attention/cell[3,5]\nhover a\n"
        "drag a 10 -5.5\nscroll a 40\nwait\nshot a.png\ndump a.json\n"
        "expect a value > 0.5\nexpect a text contains \"b c\"";
    const std::vector<ScenarioStep> steps = parse_scenario(text, "a.scenario");
    REQUIRE(steps.size() == 18);
    CHECK(steps[0].line == 2);
    CHECK(steps[1].line == 3);
    CHECK(steps[2].line == 5);
    CHECK(std::get<step::Size>(steps[0].action).scale == 2.0F);
    CHECK(std::get<step::SetText>(steps[3].action).text == "a \"b\" # c");
    CHECK(std::get<step::SetText>(steps[4].action).is_pair);
    CHECK(std::get<step::Do>(steps[6].action).arguments == std::vector<std::string>{"3"});
    CHECK(std::get<step::Drag>(steps[11].action).dy == -5.5F);
    CHECK(std::get<step::Expect>(steps[17].action).wanted == "b c");
}

TEST_CASE("a size without a scale has scale 1") {
    CHECK(parse_one<step::Size>("size 1280x720").scale == 1);
}

TEST_CASE("an expected number remembers how exactly it was written") {
    CHECK(parse_one<step::Expect>("expect a value = 0.69").decimals == 2);
    CHECK(parse_one<step::Expect>("expect a value = 3").decimals == 0);
    CHECK(parse_one<step::Expect>("expect a value = 1.25e3").decimals == 2);
}

TEST_CASE("each bad line is refused with file, line, step, expected and found") {
    struct Bad {
        const char* line;
        const char* expected;
        const char* found;
    };
    const Bad bad_lines[] = {
        {"fly", "one of size theme", "this step"},
        {"size", "WIDTHxHEIGHT", "nothing"},
        {"size 1600", "WIDTHxHEIGHT", "\"1600\""},
        {"size 1600x", "WIDTHxHEIGHT", "\"1600x\""},
        {"size 15x100", "from 16", "\"15x100\""},
        {"size 16384x16384", "64 million", "\"16384x16384\""},
        {"size 99999999999999999999x1", "WIDTHxHEIGHT", "99999"},
        {"size 100x100 nan", "scale", "\"nan\""},
        {"size 100x100 9", "from 0.5 to 4", "\"9\""},
        {"size 100x100 1 1", "WIDTHxHEIGHT", "\"1\""},
        {"theme blue", "light or dark", "\"blue\""},
        {"open", "a model", "nothing"},
        {"open \"\"", "a model", "an empty word"},
        {"text hello world", "one text in double quotes", "\"world\""},
        {"text \"open", "a closing quote", "the end of the line"},
        {"text \"a\\q\"", "one of", "\\q"},
        {"text \"a\"b", "a blank", "\"b\""},
        {"do", "an action", "nothing"},
        {"key Ctrl+Nothing", "a key", "\"Ctrl+Nothing\""},
        {"click", "an item", "nothing"},
        {"drag a 1", "an item, dx and dy", "\"1\""},
        {"drag a 1 inf", "a distance", "\"inf\""},
        {"scroll a b", "a distance", "\"b\""},
        {"wait 3", "nothing", "\"3\""},
        {"shot", "a file", "nothing"},
        {"expect a value", "ITEM text|value", "\"value\""},
        {"expect a size = 3", "text or value", "\"size\""},
        {"expect a value ~ 3", "one of = !=", "\"~\""},
        {"expect a value = x", "a number", "\"x\""},
        {"expect a value contains 3", "a comparison", "contains"},
        {"expect a text < b", "= != or contains", "\"<\""},
        {"text \"\xff\"", "UTF-8", "xff"},
    };
    for (const Bad& bad : bad_lines) {
        CAPTURE(bad.line);
        const std::string message = refusal_of("wait\n" + std::string(bad.line));
        CHECK(find_flaw(message, {"a.scenario: line 2", bad.expected, bad.found}) == "");
    }
}

TEST_CASE("a byte of zero is no text") {
    const std::string_view text("wait\nopen a\0b", 13);
    CHECK(find_flaw(refusal_of(text), {"line 2", "UTF-8"}) == "");
}

TEST_SUITE_END();
