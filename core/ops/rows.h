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

// The sum of f over a row. f(padding) must be 0.
template <class F>
float sum_row(const float* in, int count, float padding, F f) {
    constexpr int kSums = 4;
    Vec sums[kSums] = {};
    for (int at = 0, i = 0; at < count; at += kLanes, i = (i + 1) % kSums) {
        sums[i] = sums[i] + f(load_part(in, count, at, padding));
    }
    const Vec all = (sums[0] + sums[1]) + (sums[2] + sums[3]);
    float sum = 0;
    for (int lane = 0; lane < kLanes; ++lane) sum += all[lane];
    return sum;
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
