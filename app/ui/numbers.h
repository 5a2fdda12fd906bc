// Numbers as they are typeset: the same count of decimals down a column, a true minus sign, no
// allocation. Pure.
#pragma once

#include <array>
#include <span>
#include <string_view>

namespace heed::app {

// A formatted number in place: UTF-8, for a monospaced font, right-aligned by the drawer.
class NumberText {
  public:
    std::string_view view() const { return {text_.data(), length_}; }
    void append(std::string_view piece);  // cut at the capacity

  private:
    std::array<char, 40> text_{};
    std::size_t length_ = 0;
};

enum class Sign { kMinusOnly, kAlways };

// `value` with `decimals` (0 to 9) digits after the point; "−∞" for -inf, "–" for NaN, and an
// exponent form where the number would have more than ten digits before the point.
NumberText format_number(double value, int decimals, Sign sign = Sign::kMinusOnly);

// A weight of [0, 1] in two decimals without the leading zero, as cells show it: ".69", "1.0".
NumberText format_weight(double value);

// Every digit that a float32 has (9 significant), for tooltips.
NumberText format_exact(float value);

// Decimals that show `values` of a column: three significant digits of the largest finite
// magnitude, between 0 and 4.
int choose_decimals(std::span<const float> values);

}  // namespace heed::app
