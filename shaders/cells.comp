#version 430 core
// Ops that treat each cell by itself. Recorded by app/gl/record_cells.cpp.
// OP is one of those below. Slot 0: out; slots 1 to 6: in, or weights in words (WEIGHT_TYPE).
// All are values of nodes, without a unit.
#include "stages.glsl"

#define OP_STAGE 0       // STAGE0 of in
#define OP_ACTIVATE 1    // ACTIVATION of in
#define OP_GATE 2        // ACTIVATION of in, times in1
#define OP_ADD 3         // in + in1 + ... of OPERANDS operands
#define OP_ADD_WEIGHT 4  // in + weight
#define OP_ROTARY 5      // pairs of columns of in turned by cosines in1 and sines in2

layout(std430, binding = 0) buffer Out { float out_values[]; };
layout(std430, binding = 1) readonly buffer In { float in_values[]; };
#if OP == OP_ADD_WEIGHT
layout(std430, binding = 2) readonly restrict buffer Weights { uint weight_words[]; };
#else
layout(std430, binding = 2) readonly buffer In1 { float in1_values[]; };
#endif
layout(std430, binding = 3) readonly buffer In2 { float in2_values[]; };
#if OP == OP_ADD
layout(std430, binding = 4) readonly buffer In3 { float in3_values[]; };
layout(std430, binding = 5) readonly buffer In4 { float in4_values[]; };
layout(std430, binding = 6) readonly buffer In5 { float in5_values[]; };
#endif

#if OP == OP_ROTARY
// Pairs are neighbours (IS_INTERLEAVED 1) or columns (i, i + u_pairs); columns beyond them stay.
float turned(Span span, int col, int from) {
    if (col >= 2 * u_pairs) return in_values[from + col];
#if IS_INTERLEAVED == 1
    int pair = col >> 1;
    bool is_first = (col & 1) == 0;
    int partner = is_first ? col + 1 : col - 1;
#else
    bool is_first = col < u_pairs;
    int pair = is_first ? col : col - u_pairs;
    int partner = is_first ? col + u_pairs : pair;
#endif
    float sine = in2_values[place_of(3, span, pair)];
    return in_values[from + col] * in1_values[place_of(2, span, pair)] +
           in_values[from + partner] * (is_first ? -sine : sine);
}
#endif

void main() {
    Span span = find_span();
    int to = place_of_row(0, span);
    int from = place_of_row(1, span);
    for (int col = span.begin; col < span.end; col += span.step) {
#if OP == OP_STAGE
        float x = apply_stage(STAGE0, in_values[from + col], span, col);
#elif OP == OP_ACTIVATE
        float x = activate(in_values[from + col]);
#elif OP == OP_GATE
        float x = activate(in_values[from + col]) * in1_values[place_of(2, span, col)];
#elif OP == OP_ADD
        float x = in_values[place_of(1, span, col)] + in1_values[place_of(2, span, col)];
#if OPERANDS > 2
        x += in2_values[place_of(3, span, col)];
#endif
#if OPERANDS > 3
        x += in3_values[place_of(4, span, col)];
#endif
#if OPERANDS > 4
        x += in4_values[place_of(5, span, col)];
#endif
#if OPERANDS > 5
        x += in5_values[place_of(6, span, col)];
#endif
#elif OP == OP_ADD_WEIGHT
        float x = in_values[from + col] +
                  WEIGHT_AT(weight_words, WEIGHT_TYPE, place_of(2, span, col));
#elif OP == OP_ROTARY
        float x = turned(span, col, from);
#endif
        out_values[to + col] = x;
    }
}
