// Sums and maxima over rows. Included by the rows_*.comp programs: 2^u_lane_shift invocations share
// a row, and all of a group call each function together.
#ifndef ROWS_GLSL
#define ROWS_GLSL
#include "cells.glsl"

shared float s_own[256];

float join(float a, float b, bool takes_largest) {
    return takes_largest ? max(a, b) : a + b;
}

// What the invocations of a row have, joined: of more than 16 first in runs of 16, then the runs.
float join_row(float own, Span span, bool takes_largest) {
    int local = int(gl_LocalInvocationID.x);
    int base = local - span.lane;
    int count = span.step;
    s_own[local] = own;
    barrier();
    if (count > 16) {
        count = span.step >> 4;
        float run = own;
        if (span.lane < count) {
            run = s_own[local];
            for (int i = 1; i < 16; ++i) run = join(run, s_own[local + i * count], takes_largest);
        }
        barrier();
        if (span.lane < count) s_own[local] = run;
        barrier();
    }
    float joined = s_own[base];
    for (int i = 1; i < count; ++i) joined = join(joined, s_own[base + i], takes_largest);
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
