// exp, tanh and the normal distribution for vectors, to a few units in the last place. The
// polynomials are weighted least-squares fits, near minimax, computed in double; each bound is that
// of the fit alone.
#pragma once

#include <cstdint>
#include <cstring>

#include "core/ops/simd.h"

namespace heed {

typedef std::int32_t IntVec __attribute__((vector_size(kLanes * sizeof(std::int32_t))));

// e^x for x up to 88; larger x give e^88, below -87.3 it is exactly 0, for -inf too.
//
// x = n ln 2 + r with |r| <= ln(2) / 2; e^r = 1 + r + r^2 p(r), within 4e-9; 2^n goes into the
// exponent's bits.
inline Vec exp_vec(const Vec& x) {
    constexpr float kLowest = -87.33654F;  // e^x below is no normal number
    constexpr float kHighest = 88;
    constexpr float kInverseLn2 = 1.44269504F;
    constexpr float kLn2High = 0.693145752F;  // few bits: its products with n are exact
    constexpr float kLn2Low = 1.42860677e-06F;
    constexpr float kRounder = 12582912;  // 1.5 * 2^23: sums with it have no fraction
    const Vec low = fill_vec(kLowest);
    const Vec high = fill_vec(kHighest);
    const Vec raised = x < low ? low : x;
    const Vec bounded = raised > high ? high : raised;
    const Vec shifted = bounded * kInverseLn2 + kRounder;
    const Vec n = shifted - kRounder;
    const Vec r = (bounded - n * kLn2High) - n * kLn2Low;
    Vec p = fill_vec(0.0013950807F);
    p = p * r + 0.00836907327F;
    p = p * r + 0.0416662022F;
    p = p * r + 0.166665167F;
    p = p * r + 0.5F;
    const Vec power_of_r = (p * (r * r) + r) + 1.0F;
    IntVec bits;
    std::memcpy(&bits, &shifted, sizeof bits);
    bits = (bits << 23) + (127 << 23);  // n stands in the last bits of `shifted`
    Vec power_of_2;
    std::memcpy(&power_of_2, &bits, sizeof bits);
    return x < low ? Vec{} : power_of_r * power_of_2;
}

// Up to 0.63: x + x^3 p(x^2), within 5e-9; beyond: 1 - 2 / (e^2x + 1).
inline Vec tanh_vec(const Vec& x) {
    const Vec size = x < 0.0F ? -x : x;
    const Vec far = 1.0F - 2.0F / (exp_vec(2.0F * size) + 1.0F);
    const Vec square = x * x;
    Vec p = fill_vec(-0.00566078071F);
    p = p * square + 0.020601999F;
    p = p * square - 0.0537292287F;
    p = p * square + 0.133313283F;
    p = p * square - 0.333332777F;
    const Vec near = x + x * (square * p);
    return size < 0.63F ? near : (x < 0.0F ? -far : far);
}

// 1 / (1 + e^-x)
inline Vec sigmoid_vec(const Vec& x) {
    return 1.0F / (1.0F + exp_vec(-x));
}

// The share of a normal distribution below x: (1 + erf(x / sqrt(2))) / 2.
//
// The share beyond |x| is e^(-x^2/2) t p(t) with t = 1 / (1 + 0.3 |x|), within 4e-9 of itself up to
// 14.5, where it is 0 in float32; it loses nothing to cancellation far below 0.
inline Vec normal_share_vec(const Vec& x) {
    const Vec size = x < 0.0F ? -x : x;
    const Vec t = 1.0F / (1.0F + 0.3F * size);
    Vec p = fill_vec(-0.0206235517F);
    p = p * t + 0.112436064F;
    p = p * t - 0.228214651F;
    p = p * t + 0.191785932F;
    p = p * t - 0.0794246346F;
    p = p * t + 0.0961574391F;
    p = p * t + 0.0783894435F;
    p = p * t + 0.110235468F;
    p = p * t + 0.119571812F;
    p = p * t + 0.119686693F;
    const Vec beyond = exp_vec(-0.5F * x * x) * (t * p);
    return x < 0.0F ? beyond : 1.0F - beyond;
}

}  // namespace heed
