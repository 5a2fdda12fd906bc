// Sums and functions over rows whose bits depend on nothing but the numbers: a row is taken vector
// by vector from its first number on, wherever it lies, the last vector padded.
#pragma once

#include <algorithm>
#include <limits>

#include "core/ops/simd.h"

namespace heed {

// Numbers [at, at + kLanes) of a row of `count`, padded with `padding`.
inline Vec load_part(const float* row, int count, int at, float padding) {
    if (at + kLanes <= count) return load_vec(row + at);
    float part[kLanes];
    std::fill(std::copy(row + at, row + count, part), part + kLanes, padding);
    return load_vec(part);
}

inline void store_part(const Vec& vec, float* row, int count, int at) {
    if (at + kLanes <= count) {
        store_vec(row + at, vec);
        return;
    }
    float part[kLanes];
    store_vec(part, vec);
    std::copy(part, part + (count - at), row + at);
}

// out[i] = f(in[i]) for a row; `f` maps a Vec to a Vec. The rows may be the same.
template <class F>
void map_row(const float* in, float* out, int count, F f) {
    for (int at = 0; at < count; at += kLanes) {
        store_part(f(load_part(in, count, at, 0)), out, count, at);
    }
}

// The sum of f over a row; f(padding) must be 0. Number i is added to partial sum i % 64, whatever
// the width of vectors, and the halves of the partial sums to each other.
template <class F>
float sum_row(const float* in, int count, float padding, F f) {
    constexpr int kPartials = 64;
    constexpr int kSums = kPartials / kLanes;
    Vec sums[kSums] = {};
    for (int at = 0, i = 0; at < count; at += kLanes, i = (i + 1) % kSums) {
        sums[i] = sums[i] + f(load_part(in, count, at, padding));
    }
    float partials[kPartials];
    for (int i = 0; i < kSums; ++i) store_vec(partials + i * kLanes, sums[i]);
    for (int half = kPartials / 2; half > 0; half /= 2) {
        for (int i = 0; i < half; ++i) partials[i] += partials[i + half];
    }
    return partials[0];
}

inline float max_row(const float* in, int count) {
    constexpr float kLowest = -std::numeric_limits<float>::infinity();
    Vec largest = fill_vec(kLowest);
    for (int at = 0; at < count; at += kLanes) {
        const Vec part = load_part(in, count, at, kLowest);
        largest = part > largest ? part : largest;
    }
    float max = kLowest;
    for (int lane = 0; lane < kLanes; ++lane) max = std::max(max, largest[lane]);
    return max;
}

}  // namespace heed
