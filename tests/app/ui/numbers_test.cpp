#include "app/ui/numbers.h"

#include <doctest/doctest.h>

#include <limits>
#include <string>
#include <vector>

using namespace heed::app;

namespace {

std::string shown(double value, int decimals, Sign sign = Sign::kMinusOnly) {
    return std::string(format_number(value, decimals, sign).view());
}

}  // namespace

TEST_SUITE_BEGIN("app/ui/numbers");

TEST_CASE("a column has the same decimals and a true minus") {
    CHECK(shown(0.6893, 2) == "0.69");
    CHECK(shown(-1.5, 2) == "\u22121.50");
    CHECK(shown(3, 2, Sign::kAlways) == "+3.00");
}

TEST_CASE("a zero that was rounded has no sign") {
    CHECK(shown(-0.001, 2) == "0.00");
    CHECK(shown(-0.0, 1) == "0.0");
}

TEST_CASE("what is no number is shown too") {
    CHECK(shown(-std::numeric_limits<double>::infinity(), 2) == "\u2212\u221e");
    CHECK(shown(std::numeric_limits<double>::quiet_NaN(), 2) == "\u2013");
}

TEST_CASE("huge numbers take an exponent and always fit") {
    CHECK(shown(1e12, 2) == "1.000e+12");
    CHECK(shown(-1.7e308, 9) == "\u22121.700e+308");
    CHECK(shown(9999999999.0, 9).size() == 20);
}

TEST_CASE("weights lose their zero") {
    CHECK(format_weight(0.689).view() == ".69");
    CHECK(format_weight(0).view() == ".00");
    CHECK(format_weight(1).view() == "1.0");
    CHECK(format_weight(0.9949).view() == ".99");
    CHECK(format_weight(0.996).view() == "1.0");
}

TEST_CASE("an exact number reads back as the same float") {
    for (const float value : {0.1F, 1e-30F, 3.14159274F, 16777217.0F}) {
        std::string text(format_exact(value).view());
        const std::size_t minus = text.find("\u2212");
        if (minus != std::string::npos) text.replace(minus, 3, "-");
        CHECK(std::stof(text) == value);
    }
}

TEST_CASE("decimals follow the largest magnitude") {
    CHECK(choose_decimals(std::vector<float>{0.5F, -0.2F}) == 3);
    CHECK(choose_decimals(std::vector<float>{12.5F}) == 1);
    CHECK(choose_decimals(std::vector<float>{12345.0F}) == 0);
    CHECK(choose_decimals(std::vector<float>{}) == 2);
    CHECK(choose_decimals(std::vector<float>{-std::numeric_limits<float>::infinity(), 2}) == 2);
}

TEST_SUITE_END();
