#include "app/cpu/required_features.h"

namespace heed::app {

// Compiled like all the rest, so the compiler's macros tell what the rest may use. A constant:
// nothing runs to make it.
const unsigned kRequiredFeatures = 0
#ifdef __SSE4_2__
                                   | 1U << 0
#endif
#ifdef __AVX__
                                   | 1U << 1
#endif
#ifdef __AVX2__
                                   | 1U << 2
#endif
#ifdef __FMA__
                                   | 1U << 3
#endif
#ifdef __BMI2__
                                   | 1U << 4
#endif
#ifdef __AVX512F__
                                   | 1U << 5
#endif
#ifdef __AVX512BW__
                                   | 1U << 6
#endif
#ifdef __AVX512DQ__
                                   | 1U << 7
#endif
#ifdef __AVX512VL__
                                   | 1U << 8
#endif
#ifdef __AVX512VNNI__
                                   | 1U << 9
#endif
#ifdef __AVX512VBMI__
                                   | 1U << 10
#endif
    ;

}  // namespace heed::app
