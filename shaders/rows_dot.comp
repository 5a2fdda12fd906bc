#version 430 core
// out = sum over the columns of in * weight, plus a bias: one number for each row. Recorded by
// app/gl/record_rows.cpp for Op::kDotWeight.
// Slot 0: out; slot 1: in, values of nodes without a unit; slots 2 and 3: weight and (HAS_BIAS) the
// bias, in words of WEIGHT_TYPE and BIAS_TYPE.
#include "rows.glsl"
#include "weights.glsl"

layout(std430, binding = 0) writeonly restrict buffer Out { float out_values[]; };
layout(std430, binding = 1) readonly restrict buffer In { float in_values[]; };
layout(std430, binding = 2) readonly restrict buffer Weight { uint weight_words[]; };
#if HAS_BIAS == 1
layout(std430, binding = 3) readonly restrict buffer Bias { uint bias_words[]; };
#endif

void main() {
    Span span = find_span();
    int from = place_of_row(1, span);
    float sum = 0.0;
    for (int col = span.begin; col < span.end; col += span.step) {
        sum += in_values[from + col] *
               WEIGHT_AT(weight_words, WEIGHT_TYPE, u_places[2].x + col * u_places[2].w);
    }
    sum = sum_over_row(sum, span);
#if HAS_BIAS == 1
    sum += WEIGHT_AT(bias_words, BIAS_TYPE, u_places[3].x);
#endif
    if (span.is_inside && span.lane == 0) out_values[place_of_row(0, span)] = sum;
}
