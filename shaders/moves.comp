#version 430 core
// Ops that put the same numbers in another place. Recorded by app/gl/record_moves.cpp.
// OP is one of those below. Slot 0: out; slot 1: in; slot 2: ids. Values of nodes have no unit;
// those of a picture are as the model takes them.
#include "cells.glsl"
#include "weights.glsl"

#define OP_FILL 0          // 0
#define OP_COPY 1          // in
#define OP_COPY_WEIGHTS 2  // numbers of weights, slot 1 in words of WEIGHT_TYPE
#define OP_GATHER 3        // row id of weights of which rows [u_begin, u_end) are bound, as outers
#define OP_PICK 4          // the same of in
#define OP_PATCHES 5       // pixels of a picture [C, Y, X]; u_row_begin: of the first patch

layout(std430, binding = 0) writeonly restrict buffer Out { float out_values[]; };
#if OP == OP_COPY_WEIGHTS || OP == OP_GATHER
layout(std430, binding = 1) readonly restrict buffer Weights { uint weight_words[]; };
#elif OP != OP_FILL
layout(std430, binding = 1) readonly restrict buffer In { float in_values[]; };
#endif
#if OP == OP_GATHER || OP == OP_PICK
layout(std430, binding = 2) readonly restrict buffer Ids { int ids[]; };
#endif

#if OP == OP_PATCHES
int pixel_of(int patch_number, int col) {
    int line = col / u_patch_width;
    int channel = line / u_patch_height;
    int y = patch_number / u_patch_columns * u_patch_height + line % u_patch_height;
    int x = patch_number % u_patch_columns * u_patch_width + col % u_patch_width;
    return channel * u_picture_plane + y * u_picture_width + x;
}
#endif

void main() {
    Span span = find_span();
    if (!span.is_inside) return;
    int to = place_of_row(0, span);
    int from = place_of_row(1, span);
#if OP == OP_GATHER || OP == OP_PICK
    int id = ids[place_of(2, span, 0)];
    if (id < u_begin || id >= u_end) return;
    from += (id - u_begin) * u_places[1].y;
#endif
    for (int col = span.begin; col < span.end; col += span.step) {
#if OP == OP_FILL
        out_values[to + col] = 0.0;
#elif OP == OP_COPY || OP == OP_PICK
        out_values[to + col] = in_values[from + col];
#elif OP == OP_COPY_WEIGHTS || OP == OP_GATHER
        out_values[to + col] = WEIGHT_AT(weight_words, WEIGHT_TYPE, from + col * u_places[1].w);
#elif OP == OP_PATCHES
        out_values[to + col] = in_values[from + pixel_of(u_row_begin + span.row, col)];
#endif
    }
}
