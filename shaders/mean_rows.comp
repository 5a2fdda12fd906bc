#version 430 core
// The mean of rows: each invocation takes a column. Recorded by app/gl/record_rows.cpp for
// Op::kMeanRows.
// Slot 0: out; slot 1: in, values of nodes without a unit, rows u_begin to u_end of u_factor rows in
// all; slot 2 (IN_PARTS): the sums so far, exact_sum.glsl's first parts, then their second ones.
#include "cells.glsl"
#include "exact_sum.glsl"

layout(std430, binding = 0) writeonly restrict buffer Out { float out_values[]; };
layout(std430, binding = 1) readonly restrict buffer In { float in_values[]; };
#if IN_PARTS == 1
layout(std430, binding = 2) restrict buffer Sums { float sums[]; };
#endif

void main() {
    Span span = find_span();
    for (int col = span.begin; col < span.end; col += span.step) {
        vec2 sum = vec2(0.0);
        int so_far = place_of(2, span, col);
#if IN_PARTS == 1
        if (u_begin > 0) sum = vec2(sums[so_far], sums[so_far + u_cols]);
#endif
        int from = place_of(1, span, col);
        for (int row = 0; row < u_end - u_begin; ++row) {
            sum = add_exactly(sum, in_values[from + row * u_places[1].y]);
        }
#if IN_PARTS == 1
        sums[so_far] = sum.x;
        sums[so_far + u_cols] = sum.y;
#endif
        if (float(u_end) == u_factor) out_values[place_of(0, span, col)] = (sum.x + sum.y) / u_factor;
    }
}
