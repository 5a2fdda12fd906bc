#include "tests/support/close.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include "core/tensor/shape.h"

namespace heed::test {
namespace {

// Distance of two values; infinite where it cannot be said or one of them is not finite.
double measure_distance(float got, float want) {
    if (got == want) return 0;
    if (!std::isfinite(got) || !std::isfinite(want)) {
        return std::numeric_limits<double>::infinity();
    }
    return std::abs(static_cast<double>(got) - static_cast<double>(want));
}

std::string format(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.9g", value);
    return text;
}

std::string describe_cell(std::size_t at, std::span<const float> got, std::span<const float> want,
                          const std::vector<int>& extents) {
    const std::string index =
        extents.empty() ? "[" + std::to_string(at) + "]" : to_string(unflatten(extents, at));
    return index + ": got " + format(static_cast<double>(got[at])) + ", want " +
           format(static_cast<double>(want[at]));
}

}  // namespace

std::string find_difference(std::span<const float> got, std::span<const float> want,
                            const Tolerance& tolerance, const std::vector<int>& extents) {
    if (got.size() != want.size()) {
        return "got " + std::to_string(got.size()) + " values, want " + std::to_string(want.size());
    }
    double scale = 0;
    for (const float value : want) {
        if (std::isfinite(value)) scale = std::max(scale, std::abs(static_cast<double>(value)));
    }
    const double allowed = tolerance.absolute + tolerance.scaled * scale;

    std::size_t differing = 0;
    std::size_t first = 0;
    std::size_t worst = 0;
    double worst_distance = 0;
    for (std::size_t i = 0; i < got.size(); ++i) {
        const double distance = measure_distance(got[i], want[i]);
        if (distance <= allowed) continue;
        if (differing++ == 0) first = i;
        if (distance > worst_distance) {
            worst = i;
            worst_distance = distance;
        }
    }
    if (differing == 0) return "";
    return describe_cell(first, got, want, extents) + "; " + std::to_string(differing) + " of " +
           std::to_string(got.size()) + " differ by more than " + format(allowed) + " (" +
           std::string(tolerance.name) + "), most " + describe_cell(worst, got, want, extents);
}

}  // namespace heed::test
