// What may be done to scores between the product and the softmax, cell by cell. Included by
// cells.comp (one stage) and rows_softmax.comp (a chain of them).
// Slot 6: slopes of the heads (SLOPES), or buckets of the distances (BUCKETS) from -(S - 1) on;
// slot 7: the weights of the buckets, in words. MASK_RULE is one of the rules below.
#ifndef STAGES_GLSL
#define STAGES_GLSL
#include "cells.glsl"
#include "math.glsl"
#include "weights.glsl"

// Each stage is one of these.
#define STAGE_NONE 0
#define STAGE_SCALE 1
#define STAGE_SOFT_CAP 2
#define STAGE_ALIBI 3
#define STAGE_COARSE_ALIBI 4
#define STAGE_BUCKET_BIAS 5
#define STAGE_MASK 6

// MaskRule of core/graph/node.h
#define MASK_NONE 0
#define MASK_CAUSAL 1
#define MASK_WINDOW 2
#define MASK_BAND 3

#ifdef SLOPES
layout(std430, binding = 6) readonly restrict buffer Slopes { float slopes_H[]; };
#endif
#ifdef BUCKETS
layout(std430, binding = 6) readonly restrict buffer Buckets { int buckets[]; };
layout(std430, binding = 7) readonly restrict buffer Biases { uint bias_words[]; };
#endif

// The nearest number that bfloat16 has; of two as near, the one with an even last bit.
float round_to_bfloat16(float x) {
    uint bits = floatBitsToUint(x);
    return uintBitsToFloat((bits + 0x7FFFu + ((bits >> 16) & 1u)) & 0xFFFF0000u);
}

#ifdef MASK_RULE
bool mask_allows(int t, int s) {
#if MASK_RULE == MASK_CAUSAL
    return s <= t + u_mask_offset;
#elif MASK_RULE == MASK_WINDOW
    return s <= t + u_mask_offset && s > t + u_mask_offset - u_window;
#elif MASK_RULE == MASK_BAND
    return abs(t - s) <= u_window;
#else
    return true;
#endif
}
#endif

// Stage `stage` (a constant) of x, the score of key position s in the span's row.
float apply_stage(int stage, float x, Span span, int s) {
    if (stage == STAGE_SCALE) {
        precise float scaled = x * u_factor;
        return scaled;
    }
    if (stage == STAGE_SOFT_CAP) return u_cap * tanh_of(x / u_cap);
#ifdef SLOPES
    float slope = slopes_H[place_of(6, span, 0)];
    if (stage == STAGE_ALIBI) {
        precise float bias = slope * float(s);
        return x + bias;
    }
    if (stage == STAGE_COARSE_ALIBI) {
        precise float bias = round_to_bfloat16(slope) * round_to_bfloat16(float(s));
        return x + round_to_bfloat16(bias);
    }
#endif
#ifdef BUCKETS
    if (stage == STAGE_BUCKET_BIAS) {
        ivec4 place = u_places[7];  // its rows are the buckets
        int bucket = buckets[u_places[6].x + span.row + u_cols - 1 - s];
        return x + WEIGHT_AT(bias_words, WEIGHT_TYPE,
                             place.x + span.outer * place.y + bucket * place.z);
    }
#endif
#ifdef MASK_RULE
    if (stage == STAGE_MASK && !mask_allows(u_row_begin + span.row, s)) {
        return uintBitsToFloat(MINUS_INFINITY);
    }
#endif
    return x;
}

#endif
