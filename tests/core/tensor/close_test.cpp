#include "tests/support/close.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace heed::test;

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

using Values = std::vector<float>;

}  // namespace

TEST_SUITE_BEGIN("support/close");

TEST_CASE("equal values agree under every tolerance, infinities too") {
    const Values values{0, -1, 2.5f, kInfinity, -kInfinity};
    for (const Tolerance& tolerance : {kExact, kRounding, kSum, kFunction, kPass, kHalf}) {
        CHECK_EQ(find_difference(values, values, tolerance), "");
    }
    CHECK_EQ(find_difference(Values{0.0f}, Values{-0.0f}, kExact), "");
    CHECK_EQ(find_difference(Values{}, Values{}, kExact), "");
}

TEST_CASE("the first and the largest difference are named with both values") {
    CHECK_EQ(find_difference(Values{0, 1, 2, 3, 4, 5}, Values{0, 1, 2.5f, 3, 4, 9}, kExact, {2, 3}),
             "[0, 2]: got 2, want 2.5; 2 of 6 differ by more than 0 (exact), most [1, 2]: got 5, "
             "want 9");
}

TEST_CASE("the allowance grows with the largest value, not with each") {
    CHECK_EQ(find_difference(Values{100, 0.0001f}, Values{100, 0}, kSum), "");
    CHECK_NE(find_difference(Values{1, 0.0001f}, Values{1, 0}, kSum), "");
    CHECK_EQ(find_difference(Values{1.5f}, Values{1}, within(0.5)), "");
    CHECK_NE(find_difference(Values{1.6f}, Values{1}, within(0.5)), "");
}

TEST_CASE("NaN and infinities agree with nothing else") {
    CHECK_NE(find_difference(Values{NAN}, Values{NAN}, within(10)), "");
    CHECK_NE(find_difference(Values{1}, Values{NAN}, within(10)), "");
    CHECK_NE(find_difference(Values{NAN}, Values{1}, within(10)), "");
    CHECK_NE(find_difference(Values{1}, Values{kInfinity}, within(10)), "");
    CHECK_NE(find_difference(Values{-kInfinity}, Values{kInfinity}, within(10)), "");
}

TEST_CASE("another number of values is a difference") {
    CHECK_EQ(find_difference(Values{1, 2}, Values{1}, kExact), "got 2 values, want 1");
}

TEST_SUITE_END();
