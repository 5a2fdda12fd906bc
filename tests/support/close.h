// How close two tensors must be, under names that carry their reason, and a comparison that says
// where they first differ.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace heed::test {

// |got - want| <= absolute + scaled * the largest finite |want| of the tensor. Infinities agree
// with themselves, NaN with nothing.
struct Tolerance {
    std::string_view name;
    double absolute = 0;
    double scaled = 0;
};

// The same bits, but for the sign of zero: copies, reruns, other numbers of threads.
constexpr Tolerance kExact{"exact", 0, 0};

// One float32 operation written in two ways: two roundings of 2^-24 each.
constexpr Tolerance kRounding{"rounding", 0, 1.2e-7};

// A sum of up to a thousand products taken in another order: each partial sum is rounded by at most
// 2^-24 of its size, and roundings add up like a random walk, sqrt(1000) * 2^-24 = 1.9e-6.
constexpr Tolerance kSum{"sum", 1e-9, 2e-6};

// exp, tanh, erf or a square root on one side by another approximation (a few units in the last
// place), followed by sums.
constexpr Tolerance kFunction{"function", 1e-8, 1e-5};

// A whole pass of a few layers in float32 against one in float64: layers pass the error on.
constexpr Tolerance kPass{"pass", 1e-7, 5e-5};

// Values that went through F16 (11 significant bits).
constexpr Tolerance kHalf{"half", 6e-8, 4.9e-4};

// At most `absolute` apart: for an allowance that the expected data bring along.
constexpr Tolerance within(double absolute) {
    return {"given", absolute, 0};
}

// Empty where all values agree, else one line: the first index that differs with both values, how
// many differ and which differs most. `extents` turns positions into indices; empty: positions.
std::string find_difference(std::span<const float> got, std::span<const float> want,
                            const Tolerance& tolerance, const std::vector<int>& extents = {});

}  // namespace heed::test
