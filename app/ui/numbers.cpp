#include "app/ui/numbers.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/base/check.h"

namespace heed::app {

namespace {

constexpr std::string_view kMinus = "\u2212";
constexpr std::string_view kInfinity = "\u221e";
constexpr std::string_view kNotANumber = "\u2013";
constexpr double kLargestPlain = 1e10;

// Replaces a leading hyphen, and that of an exponent, by a minus sign.
NumberText typeset(std::string_view plain) {
    NumberText text;
    for (const char c : plain) text.append(c == '-' ? kMinus : std::string_view(&c, 1));
    return text;
}

bool rounds_to_zero(double value, int decimals) {
    return std::abs(value) < 0.5 * std::pow(10.0, -decimals);
}

}  // namespace

void NumberText::append(std::string_view piece) {
    if (length_ + piece.size() > text_.size()) return;
    std::copy(piece.begin(), piece.end(), text_.begin() + static_cast<std::ptrdiff_t>(length_));
    length_ += piece.size();
}

NumberText format_number(double value, int decimals, Sign sign) {
    HEED_CHECK(decimals >= 0 && decimals <= 9);
    NumberText text;
    if (std::isnan(value)) {
        text.append(kNotANumber);
        return text;
    }
    if (std::isinf(value)) {
        text.append(value < 0 ? kMinus : (sign == Sign::kAlways ? "+" : ""));
        text.append(kInfinity);
        return text;
    }
    // A zero that was rounded has no sign: a column does not flicker between 0 and minus 0.
    const double shown = rounds_to_zero(value, decimals) ? 0.0 : value;
    char plain[40];
    const char* format = std::abs(shown) >= kLargestPlain
                             ? (sign == Sign::kAlways ? "%+.3e" : "%.3e")
                             : (sign == Sign::kAlways ? "%+.*f" : "%.*f");
    const int length = std::abs(shown) >= kLargestPlain
                           ? std::snprintf(plain, sizeof plain, format, shown)
                           : std::snprintf(plain, sizeof plain, format, decimals, shown);
    return typeset({plain, static_cast<std::size_t>(length)});
}

NumberText format_weight(double value) {
    if (!(value >= 0) || value >= 0.995) return format_number(value, 1);
    const NumberText two = format_number(value, 2);
    NumberText text;
    text.append(two.view().substr(1));
    return text;
}

NumberText format_exact(float value) {
    if (!std::isfinite(value)) return format_number(static_cast<double>(value), 0);
    char plain[40];
    const int length = std::snprintf(plain, sizeof plain, "%.9g", static_cast<double>(value));
    return typeset({plain, static_cast<std::size_t>(length)});
}

int choose_decimals(std::span<const float> values) {
    float largest = 0;
    for (const float value : values) {
        if (std::isfinite(value)) largest = std::max(largest, std::abs(value));
    }
    if (largest <= 0) return 2;
    const int digits_before = static_cast<int>(std::floor(std::log10(largest))) + 1;
    return std::clamp(3 - digits_before, 0, 4);
}

}  // namespace heed::app
