#version 430 core
// Rows without their mean and size (KIND_LAYER; Ba, Kiros, Hinton 2016), or without their size
// (KIND_RMS; Zhang, Sennrich 2019). Recorded by app/gl/record_rows.cpp; by app/gl/fusions.cpp
// together with the sum of OPERANDS nodes that is normalised, which is written, too.
// Slot 0: out; slots 1 to 4: in, and what is added to it; slot 5: their sum. Values of nodes, no
// unit. Slots 6 and 7: weight (HAS_WEIGHT) and bias (HAS_BIAS), in words of WEIGHT_TYPE, BIAS_TYPE.
#include "rows.glsl"
#include "weights.glsl"

#define KIND_LAYER 0
#define KIND_RMS 1

layout(std430, binding = 0) writeonly restrict buffer Out { float out_values[]; };
layout(std430, binding = 1) readonly restrict buffer In { float in_values[]; };
#if OPERANDS > 1
layout(std430, binding = 2) readonly restrict buffer In1 { float in1_values[]; };
layout(std430, binding = 5) restrict buffer Sum { float sum_values[]; };
#endif
#if OPERANDS > 2
layout(std430, binding = 3) readonly restrict buffer In2 { float in2_values[]; };
#endif
#if OPERANDS > 3
layout(std430, binding = 4) readonly restrict buffer In3 { float in3_values[]; };
#endif
#if HAS_WEIGHT == 1
layout(std430, binding = 6) readonly restrict buffer Weight { uint weight_words[]; };
#endif
#if HAS_BIAS == 1
layout(std430, binding = 7) readonly restrict buffer Bias { uint bias_words[]; };
#endif

// Column `col` of what is normalised, written where it is a sum.
float added(Span span, int col) {
    float x = in_values[place_of_row(1, span) + col];
#if OPERANDS > 1
    x += in1_values[place_of_row(2, span) + col];
#if OPERANDS > 2
    x += in2_values[place_of_row(3, span) + col];
#endif
#if OPERANDS > 3
    x += in3_values[place_of_row(4, span) + col];
#endif
    sum_values[place_of_row(5, span) + col] = x;
#endif
    return x;
}

// The same again, once it is written.
float value(Span span, int col) {
#if OPERANDS > 1
    return sum_values[place_of_row(5, span) + col];
#else
    return in_values[place_of_row(1, span) + col];
#endif
}

void main() {
    Span span = find_span();
    float count = float(u_cols);
    float sum = 0.0;
    for (int col = span.begin; col < span.end; col += span.step) {
        float x = added(span, col);
#if KIND == KIND_RMS
        sum += x * x;
#else
        sum += x;
#endif
    }
    float mean = sum_over_row(sum, span) / count;
#if KIND == KIND_RMS
    float variance = mean;
    mean = 0.0;
#else
    float squares = 0.0;
    for (int col = span.begin; col < span.end; col += span.step) {
        float distance = value(span, col) - mean;
        squares += distance * distance;
    }
    float variance = sum_over_row(squares, span) / count;
#endif
    float inverse = 1.0 / sqrt(variance + u_epsilon);
    int to = place_of_row(0, span);
    for (int col = span.begin; col < span.end; col += span.step) {
        float y = (value(span, col) - mean) * inverse;
#if HAS_WEIGHT == 1
        y *= WEIGHT_AT(weight_words, WEIGHT_TYPE, u_places[6].x + col * u_places[6].w) +
             u_weight_offset;
#endif
#if HAS_BIAS == 1
        y += WEIGHT_AT(bias_words, BIAS_TYPE, u_places[7].x + col * u_places[7].w);
#endif
        out_values[to + col] = y;
    }
}
