#include <algorithm>
#include <complex>
#include <limits>

#include "tests/core/ops/twin_operands.h"

namespace heed::test {
namespace {

// The row of a T5 table: the first halves of the buckets are one distance each; bucket number
// n/2 + i of n begins at the distance (n/2) (max / (n/2))^(i / (n/2)).
int bucket_twin(const BucketRule& rule, int t, int s) {
    int count = rule.buckets;
    int begin = 0;
    if (rule.is_two_sided) {
        count = rule.buckets / 2;
        begin = s > t ? count : 0;
    }
    const int distance = rule.is_two_sided ? std::abs(t - s) : std::max(0, t - s);
    int bucket = 0;
    for (int i = 1; i < count; ++i) {
        const double half = count / 2;
        const double edge = i <= count / 2
                                ? i
                                : half * std::pow(rule.max_distance / half,
                                                  (i - half) / (static_cast<double>(count) - half));
        // Edges that are whole numbers belong to the bucket that they begin.
        if (distance >= edge - 1e-6) bucket = i;
    }
    return begin + bucket;
}

}  // namespace

TwinCell sinusoid_twin(const Node& node, const std::vector<int>& i) {
    const SinusoidRule& rule = node.attributes.sinusoid;
    const int width = node.shape.extent(1);
    const int position = rule.clamp == 0 ? i[0] : std::min(i[0], rule.clamp);
    // Column i of a table by turns is column i/2 of the sines or of the cosines.
    const int sines = width - width / 2;
    const bool is_sine = rule.has_halves ? i[1] < sines : i[1] % 2 == 0;
    int pair = i[1] / 2;
    if (rule.has_halves) pair = is_sine ? i[1] : i[1] - sines;
    const double angle = position * std::exp(-std::log(10000.0) * 2.0 * pair / width);
    return {is_sine ? std::sin(angle) : std::cos(angle), 1};
}

TwinCell mask_twin(const Operands& in, const std::vector<int>& i) {
    const Attributes& attributes = in.node.attributes;
    const int age = i[1] + attributes.mask_offset - i[2];  // 0: the query's own key
    bool is_seen = true;
    if (attributes.mask == MaskRule::kCausal) is_seen = age >= 0;
    if (attributes.mask == MaskRule::kWindow) is_seen = age >= 0 && age < attributes.window;
    if (attributes.mask == MaskRule::kBand) {
        is_seen = i[1] - i[2] <= attributes.window && i[2] - i[1] <= attributes.window;
    }
    if (!is_seen) return {-std::numeric_limits<double>::infinity(), 0};
    return copy_of(in.at(0, i));
}

// Two columns are one complex number, turned by the angle of their position.
TwinCell rotary_twin(const Operands& in, const std::vector<int>& i) {
    const RotaryRule& rule = in.node.attributes.rotary;
    const auto pairs = static_cast<int>(rule.frequencies.size());
    for (int pair = 0; pair < pairs; ++pair) {
        const int real = rule.is_interleaved ? 2 * pair : pair;
        const int imaginary = rule.is_interleaved ? real + 1 : real + pairs;
        if (i[2] != real && i[2] != imaginary) continue;
        const std::complex<double> x(in.at(0, {i[0], i[1], real}),
                                     in.at(0, {i[0], i[1], imaginary}));
        const double angle = i[1] * rule.frequencies.at(static_cast<std::size_t>(pair));
        const std::complex<double> y = x * std::polar(rule.scale, angle);
        return {i[2] == real ? y.real() : y.imag(),
                rule.scale * (std::abs(x.real()) + std::abs(x.imag()))};
    }
    return copy_of(in.at(0, i));
}

double linear_bias_twin(const Attributes& attributes, int h, int s) {
    const auto slope = static_cast<double>(attributes.slopes.at(static_cast<std::size_t>(h)));
    if (!attributes.has_coarse_bias) return slope * s;
    // bfloat16 has 8 binary digits.
    const auto coarse = [](double x) {
        int exponent = 0;
        const double digits = std::frexp(x, &exponent);
        return std::ldexp(std::nearbyint(std::ldexp(digits, 8)), exponent - 8);
    };
    return coarse(coarse(slope) * coarse(s));
}

TwinCell alibi_twin(const Operands& in, const std::vector<int>& i) {
    return sum_of(in.at(0, i), linear_bias_twin(in.node.attributes, i[0], i[2]));
}

TwinCell bucket_bias_twin(const Operands& in, const std::vector<int>& i) {
    return sum_of(in.at(0, i),
                  in.at(1, {bucket_twin(in.node.attributes.buckets, i[1], i[2]), i[0]}));
}

TwinCell distance_dots_twin(const Operands& in, const std::vector<int>& i) {
    TwinCell cell;
    const int distance = in.node.attributes.offset + i[1] - i[2];
    for (int k = 0; distance >= 0 && k < in.shape(0).extent(2); ++k) {
        add_product(cell, in.at(0, {i[0], i[1], k}), in.at(1, {i[0], distance, k}));
    }
    return cell;
}

}  // namespace heed::test
