#include "app/ui/colour_scale.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace heed::app {

namespace {

constexpr Colour kDarkInk = rgb(0x101218);
constexpr Colour kLightInk = rgb(0xFFFFFF);
constexpr std::size_t kMostSteps = 256;

constexpr std::array<std::string_view, 4> kScaleNames{"linear scale", "square-root scale",
                                                      "logarithmic scale", "coloured by rank"};

// The place of `x` on the line through (from[i], to[i]); both rise.
float interpolate(const std::vector<float>& from, const std::vector<float>& to, float x) {
    if (!(x > from.front())) return to.front();
    if (x >= from.back()) return to.back();
    const auto above = std::upper_bound(from.begin(), from.end(), x);
    const auto i = static_cast<std::size_t>(above - from.begin());
    const float t = (x - from[i - 1]) / (from[i] - from[i - 1]);
    return to[i - 1] + t * (to[i] - to[i - 1]);
}

}  // namespace

Quantiles::Quantiles(std::vector<float> magnitudes) {
    if (magnitudes.empty()) return;
    std::sort(magnitudes.begin(), magnitudes.end());
    const auto most = std::lower_bound(magnitudes.begin(), magnitudes.end(), magnitudes.back());
    const auto below_most = static_cast<std::size_t>(most - magnitudes.begin());
    if (below_most == 0) {
        // All are alike: nothing lies at 0, they at 1.
        if (magnitudes.back() > 0) {
            values_ = {0, magnitudes.back()};
            places_ = {0, 1};
        }
        return;
    }
    const float least_step = 1.0F / static_cast<float>(kMostSteps);
    for (std::size_t i = 0; i < magnitudes.size(); ++i) {
        if (i > 0 && magnitudes[i] == magnitudes[i - 1]) continue;
        const float place = static_cast<float>(i) / static_cast<float>(below_most);
        const bool is_kept = i == 0 || i == below_most ||
                             (place - places_.back() >= least_step && 1 - place >= least_step);
        if (!is_kept) continue;
        values_.push_back(magnitudes[i]);
        places_.push_back(place);
    }
}

float Quantiles::place(float magnitude) const {
    return values_.empty() ? 0 : interpolate(values_, places_, magnitude);
}

float Quantiles::value_at(float place) const {
    return values_.empty() ? 0 : interpolate(places_, values_, place);
}

float ColourScale::place(float value) const {
    if (!std::isfinite(value) || !(high > 0)) return 0;
    if (kind == Kind::kWeights && value < 0) return 0;
    const float share = std::min(std::abs(value) / high, 1.0F);
    float scaled = share;
    if (scale == ValueScale::kSquareRoot) scaled = std::sqrt(share);
    if (scale == ValueScale::kLogarithmic) {
        scaled = share > kLogFloor ? 1 - std::log(share) / std::log(kLogFloor) : 0;
    }
    if (scale == ValueScale::kQuantile && quantiles != nullptr) {
        scaled = quantiles->place(std::abs(value));
    }
    return value < 0 ? -scaled : scaled;
}

float ColourScale::value_at(float place) const {
    const float size = std::min(std::abs(place), 1.0F);
    float value = size * high;
    if (scale == ValueScale::kSquareRoot) value = size * size * high;
    if (scale == ValueScale::kLogarithmic) value = std::pow(kLogFloor, 1 - size) * high;
    if (scale == ValueScale::kQuantile && quantiles != nullptr) value = quantiles->value_at(size);
    if (kind == Kind::kSigned && place == 0) return 0;
    return kind == Kind::kSigned && place < 0 ? -value : value;
}

Colour ColourScale::colour(const Theme& theme, float value) const {
    return colour_at(theme, kind, place(value));
}

Colour colour_at(const Theme& theme, ColourScale::Kind kind, float place) {
    if (kind == ColourScale::Kind::kWeights) return ramp(theme.weights, place);
    return mix(theme.zero, place < 0 ? theme.negative : theme.positive, std::abs(place));
}

std::string_view scale_name(ValueScale scale) {
    return kScaleNames[static_cast<std::size_t>(scale)];
}

Colour ink_on(const Theme& theme, Colour cell) {
    const Colour other = theme.is_dark() ? kDarkInk : kLightInk;
    return compute_contrast(theme.ink, cell) >= compute_contrast(other, cell) ? theme.ink : other;
}

}  // namespace heed::app
