// Sums and functions over rows whose bits depend on nothing but the numbers. Eigen's own reductions
// over mapped memory begin at the first aligned address, so their rounding depends on where a row
// lies; here a row is taken in chunks of fixed length from its first number on, the last one
// padded.
#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <limits>

namespace heed {

constexpr int kChunk = 64;
using Chunk = Eigen::Array<float, kChunk, 1>;

// Numbers [at, at + 64) of a row of `count`, padded with `padding`.
inline Chunk load_chunk(const float* row, int count, int at, float padding) {
    if (at + kChunk <= count) return Eigen::Map<const Chunk, Eigen::Unaligned>(row + at);
    Chunk chunk = Chunk::Constant(padding);
    std::copy(row + at, row + count, chunk.data());
    return chunk;
}

inline void store_chunk(const Chunk& chunk, float* row, int count, int at) {
    std::copy(chunk.data(), chunk.data() + std::min(kChunk, count - at), row + at);
}

// out[i] = f(in[i]) for a row; `f` maps a Chunk to a Chunk. The rows may be the same.
template <class F>
void map_row(const float* in, float* out, int count, float padding, F f) {
    for (int at = 0; at < count; at += kChunk) {
        const Chunk result = f(load_chunk(in, count, at, padding));
        store_chunk(result, out, count, at);
    }
}

// The sum of f over a row; padding must be mapped to 0 by `f`, or be 0 for the identity.
template <class F>
float sum_row(const float* in, int count, float padding, F f) {
    Chunk sums = Chunk::Zero();
    for (int at = 0; at < count; at += kChunk) {
        if (at + kChunk <= count) {
            sums += f(load_chunk(in, count, at, padding));
            continue;
        }
        const Chunk last = f(load_chunk(in, count, at, padding));
        for (int i = 0; i < count - at; ++i) sums[i] += last[i];
    }
    return sums.sum();
}

inline float max_row(const float* in, int count) {
    constexpr float kLowest = -std::numeric_limits<float>::infinity();
    Chunk largest = Chunk::Constant(kLowest);
    for (int at = 0; at < count; at += kChunk) {
        largest = largest.max(load_chunk(in, count, at, kLowest));
    }
    return largest.maxCoeff();
}

}  // namespace heed
