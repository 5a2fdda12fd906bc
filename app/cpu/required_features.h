// Instruction sets that this build uses, as a list that can be read without using any of them.
#pragma once

namespace heed::app {

// Names as GCC's __builtin_cpu_supports knows them; the bits of kRequiredFeatures follow this
// order.
#define HEED_CPU_FEATURES(USE) \
    USE(0, "sse4.2")           \
    USE(1, "avx")              \
    USE(2, "avx2")             \
    USE(3, "fma")              \
    USE(4, "bmi2")             \
    USE(5, "avx512f")          \
    USE(6, "avx512bw")         \
    USE(7, "avx512dq")         \
    USE(8, "avx512vl")         \
    USE(9, "avx512vnni")       \
    USE(10, "avx512vbmi")

extern const unsigned kRequiredFeatures;

}  // namespace heed::app
