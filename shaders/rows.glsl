// Sums and maxima over rows. Included by the rows_*.comp programs: 2^u_lane_shift invocations share
// a row, and all of a group call each function together.
#ifndef ROWS_GLSL
#define ROWS_GLSL
#include "cells.glsl"

shared float s_own[256];

float join(float a, float b, bool takes_largest) {
    return takes_largest ? max(a, b) : a + b;
}

// What the invocations of a row have, joined: first in runs of 16, then the runs.
float join_row(float own, Span span, bool takes_largest) {
    int local = int(gl_LocalInvocationID.x);
    int base = local - span.lane;
    int runs = max(1, span.step >> 4);
    int length = min(span.step, 16);
    s_own[local] = own;
    barrier();
    float joined = own;
    if (span.lane < runs) {
        joined = s_own[base + span.lane];
        for (int i = 1; i < length; ++i) {
            joined = join(joined, s_own[base + span.lane + i * runs], takes_largest);
        }
    }
    barrier();
    if (span.lane < runs) s_own[local] = joined;
    barrier();
    joined = s_own[base];
    for (int i = 1; i < runs; ++i) joined = join(joined, s_own[base + i], takes_largest);
    barrier();
    return joined;
}

float sum_over_row(float own, Span span) {
    return join_row(own, span, false);
}
float max_over_row(float own, Span span) {
    return join_row(own, span, true);
}

#endif
