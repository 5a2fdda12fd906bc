#include "app/ui/legend.h"

#include <array>
#include <cmath>
#include <cstdio>
#include <span>

#include "app/ui/numbers.h"

namespace heed::app {

namespace {

constexpr float kSmallest = 0.00095F;  // in plain digits

// Shares of the high end that a legend names; quantiles are named by their places.
constexpr std::array kSquareRootTicks{0.0F, 0.05F, 0.25F, 0.5F, 1.0F};
constexpr std::array kLogarithmicTicks{kLogFloor, 0.01F, 0.1F, 1.0F};
constexpr std::array kEvenTicks{0.0F, 0.25F, 0.5F, 0.75F, 1.0F};
constexpr std::array kSignedTicks{-1.0F, -0.25F, 0.0F, 0.25F, 1.0F};
constexpr std::array kSignedLogTicks{-1.0F, -0.01F, 0.0F, 0.01F, 1.0F};

std::vector<float> list_values(const ColourScale& scale) {
    const bool is_signed = scale.kind == ColourScale::Kind::kSigned;
    std::vector<float> values;
    if (scale.scale == ValueScale::kQuantile && scale.quantiles != nullptr) {
        for (const float t : kEvenTicks)
            values.push_back(scale.value_at(is_signed ? 2 * t - 1 : t));
        return values;
    }
    std::span<const float> shares = kEvenTicks;
    if (scale.scale == ValueScale::kSquareRoot) shares = kSquareRootTicks;
    if (scale.scale == ValueScale::kLogarithmic) shares = kLogarithmicTicks;
    if (is_signed) {
        shares = scale.scale == ValueScale::kLogarithmic ? std::span<const float>(kSignedLogTicks)
                                                         : std::span<const float>(kSignedTicks);
    }
    for (const float t : shares) values.push_back(t * scale.high);
    return values;
}

std::string unit_text(float value, const ColourScale& scale, LegendUnit unit) {
    const bool is_floor = scale.scale == ValueScale::kLogarithmic &&
                          scale.kind == ColourScale::Kind::kWeights &&
                          value <= kLogFloor * scale.high;
    const std::string mark = is_floor ? "\u2264 " : "";
    if (unit == LegendUnit::kValue) return mark + tick_text(value);
    return mark + tick_text(value * 100) + " %";
}

}  // namespace

std::string tick_text(float value) {
    if (value != 0 && std::abs(value) < kSmallest) {
        char text[24];
        const int length =
            std::snprintf(text, sizeof text, "%.0e", static_cast<double>(std::abs(value)));
        const std::string_view all(text, static_cast<std::size_t>(length));
        const std::size_t e = all.find('e');
        const std::size_t digits = all.find_first_not_of('0', e + 2);
        return (value < 0 ? "\u2212" : "") + std::string(all.substr(0, e)) + "e\u2212" +
               std::string(all.substr(digits));
    }
    const std::array one{value};
    std::string text(format_number(static_cast<double>(value), choose_decimals(one)).view());
    if (text.find('.') == std::string::npos) return text;
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text;
}

std::vector<LegendTick> list_ticks(const ColourScale& scale, LegendUnit unit) {
    std::vector<LegendTick> ticks;
    const std::vector<float> values = list_values(scale);
    for (std::size_t i = 0; i < values.size(); ++i) {
        const float place = scale.place(values[i]);
        const float along = scale.kind == ColourScale::Kind::kSigned ? (place + 1) / 2 : place;
        // Where many values are alike, several quantiles are one tick.
        if (!ticks.empty() && along <= ticks.back().along) continue;
        ticks.push_back({along, values[i], unit_text(values[i], scale, unit), false});
    }
    ticks.front().is_end = true;
    ticks.back().is_end = true;
    return ticks;
}

}  // namespace heed::app
