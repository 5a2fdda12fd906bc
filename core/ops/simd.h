// Vectors of float32 as wide as the machine that heed is built for has them, through the vector
// types that g++ and clang share. It knows no op.
#pragma once

#include <cstddef>
#include <cstring>
#include <utility>

namespace heed {

#if defined(HEED_NO_SIMD)
constexpr int kLanes = 1;
#elif defined(__AVX512F__)
constexpr int kLanes = 16;
#elif defined(__AVX__)
constexpr int kLanes = 8;
#else
constexpr int kLanes = 4;
#endif

typedef float Vec __attribute__((vector_size(kLanes * sizeof(float))));

// From and to any address.
inline Vec load_vec(const float* from) {
    Vec vec;
    std::memcpy(&vec, from, sizeof vec);
    return vec;
}
inline void store_vec(float* to, const Vec& vec) {
    std::memcpy(to, &vec, sizeof vec);
}

// The same number in all lanes.
template <std::size_t... kLane>
Vec fill_lanes(float value, std::index_sequence<kLane...>) {
    return Vec{(static_cast<void>(kLane), value)...};
}
inline Vec fill_vec(float value) {
    return fill_lanes(value, std::make_index_sequence<kLanes>());
}

}  // namespace heed
