#include "app/text/text_runs.h"

#include <doctest/doctest.h>

#include <array>
#include <string>

using namespace heed::app;

namespace {

RunList runs_of(std::string_view text, TextDirection direction = TextDirection::kOfText) {
    return split_runs(decode_text(text), direction);
}

}  // namespace

TEST_SUITE_BEGIN("app/text/runs");

TEST_CASE("the first letter with a direction gives the line its own") {
    CHECK(!runs_of("abc").is_rtl);
    CHECK(runs_of("\u0643\u0644\u0628").is_rtl);
    CHECK(runs_of("12 \u0643 abc").is_rtl);
    CHECK(!runs_of("a \u0643\u0644\u0628").is_rtl);
    CHECK(!runs_of("123 !?").is_rtl);
    CHECK(runs_of("abc", TextDirection::kRightToLeft).is_rtl);
    CHECK(!runs_of("\u0643", TextDirection::kLeftToRight).is_rtl);
    CHECK(runs_of("").runs.empty());
}

TEST_CASE("runs cover the text without gaps and change with direction and script") {
    const std::string text = "dog \u0643\u0644\u0628 12 \u72ac";
    const RunList list = runs_of(text);
    std::size_t at = 0;
    for (const TextRun& run : list.runs) {
        CHECK(run.begin == at);
        CHECK(run.end > run.begin);
        at = run.end;
    }
    CHECK(at == decode_text(text).size());
    CHECK(!list.runs.front().is_rtl());
    bool has_rtl = false;
    for (const TextRun& run : list.runs) has_rtl = has_rtl || run.is_rtl();
    CHECK(has_rtl);
    CHECK(list.runs.front().script != list.runs.back().script);
    CHECK(runs_of("plain words, 1.5").runs.size() == 1);
}

TEST_CASE("numbers within text from the right are read from the left") {
    const RunList list = runs_of("\u0643 123 \u0644");
    REQUIRE(list.runs.size() == 3);
    CHECK(list.runs[1].level == 2);
}

TEST_CASE("the order from left to right follows rule L2") {
    const auto order = [](std::vector<int> levels) { return visual_order(levels); };
    using Order = std::vector<std::size_t>;
    CHECK(order({}) == Order{});
    CHECK(order({0, 1, 0}) == Order{0, 1, 2});
    CHECK(order({1, 1, 1}) == Order{2, 1, 0});
    CHECK(order({1, 2, 1}) == Order{2, 1, 0});
    CHECK(order({1, 2, 2, 1}) == Order{3, 1, 2, 0});
    CHECK(order({0, 1, 2, 1, 0}) == Order{0, 3, 2, 1, 4});
}

TEST_SUITE_END();
