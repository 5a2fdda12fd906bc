#version 430 core
// Rows turned into weights. Recorded by app/gl/record_rows.cpp; by app/gl/fusions.cpp with the nodes
// between the product and the softmax, each of which is written, too.
// KIND is one of those below. Slot 0: out; slot 1: in, scores without a unit; slots 2 to 5: nodes of
// STAGE0 to STAGE3 (stages.glsl, which has slots 6 and 7); slot 2 of KIND_BY_SUM: the status.
#include "rows.glsl"
#include "stages.glsl"
#include "exact_sum.glsl"

#define KIND_SOFTMAX 0  // exp(in - max) over its sum; 0 where masked, and in rows that are all so
#define KIND_LOG 1      // in - max - log(sum of exp(in - max))
#define KIND_BY_SUM 2   // in over its sum; 0 where masked

#ifndef STAGE0
#define STAGE0 STAGE_NONE
#endif
#ifndef STAGE1
#define STAGE1 STAGE_NONE
#endif
#ifndef STAGE2
#define STAGE2 STAGE_NONE
#endif
#ifndef STAGE3
#define STAGE3 STAGE_NONE
#endif

layout(std430, binding = 0) writeonly restrict buffer Out { float out_values[]; };
layout(std430, binding = 1) readonly restrict buffer In { float in_values[]; };
#if STAGE0 != STAGE_NONE
layout(std430, binding = 2) restrict buffer Stage0 { float stage0_values[]; };
#endif
#if STAGE1 != STAGE_NONE
layout(std430, binding = 3) restrict buffer Stage1 { float stage1_values[]; };
#endif
#if STAGE2 != STAGE_NONE
layout(std430, binding = 4) restrict buffer Stage2 { float stage2_values[]; };
#endif
#if STAGE3 != STAGE_NONE
layout(std430, binding = 5) restrict buffer Stage3 { float stage3_values[]; };
#endif
#if KIND == KIND_BY_SUM
// Word COUNTER counts rows whose sum is 0.
layout(std430, binding = 2) restrict buffer Status { uint status[]; };
#endif

// The score of key position s after all stages, each of which is written.
float staged(Span span, int s) {
    float x = in_values[place_of_row(1, span) + s];
#if STAGE0 != STAGE_NONE
    x = apply_stage(STAGE0, x, span, s);
    stage0_values[place_of_row(2, span) + s] = x;
#endif
#if STAGE1 != STAGE_NONE
    x = apply_stage(STAGE1, x, span, s);
    stage1_values[place_of_row(3, span) + s] = x;
#endif
#if STAGE2 != STAGE_NONE
    x = apply_stage(STAGE2, x, span, s);
    stage2_values[place_of_row(4, span) + s] = x;
#endif
#if STAGE3 != STAGE_NONE
    x = apply_stage(STAGE3, x, span, s);
    stage3_values[place_of_row(5, span) + s] = x;
#endif
    return x;
}

// The same again, once it is written.
float score(Span span, int s) {
#if STAGE3 != STAGE_NONE
    return stage3_values[place_of_row(5, span) + s];
#elif STAGE2 != STAGE_NONE
    return stage2_values[place_of_row(4, span) + s];
#elif STAGE1 != STAGE_NONE
    return stage1_values[place_of_row(3, span) + s];
#elif STAGE0 != STAGE_NONE
    return stage0_values[place_of_row(2, span) + s];
#else
    return in_values[place_of_row(1, span) + s];
#endif
}

#if KIND != KIND_BY_SUM
float exponential(float x, float largest) {
    return is_masked(x) ? 0.0 : exp_of(x - largest);
}

void main() {
    Span span = find_span();
    float largest = uintBitsToFloat(MINUS_INFINITY);
    for (int s = span.begin; s < span.end; s += span.step) largest = max(largest, staged(span, s));
    largest = max_over_row(largest, span);
    float sum = 0.0;
    for (int s = span.begin; s < span.end; s += span.step) {
        sum += exponential(score(span, s), largest);
    }
    sum = sum_over_row(sum, span);
    int to = place_of_row(0, span);
#if KIND == KIND_LOG
    float shift = log_of(sum);
    for (int s = span.begin; s < span.end; s += span.step) {
        precise float x = (score(span, s) - largest) - shift;
        out_values[to + s] = x;
    }
#else
    bool is_empty = is_masked(largest);
    for (int s = span.begin; s < span.end; s += span.step) {
        out_values[to + s] = is_empty ? 0.0 : exponential(score(span, s), largest) / sum;
    }
#endif
}
#else
shared float s_lost[256];

// The sums of the invocations of a row, added up in their order.
vec2 join_sums(vec2 own, Span span) {
    int local = int(gl_LocalInvocationID.x);
    s_own[local] = own.x;
    s_lost[local] = own.y;
    barrier();
    vec2 sum = vec2(0.0);
    for (int i = local - span.lane; i < local - span.lane + span.step; ++i) {
        sum = add_exactly(sum, s_own[i]);
        sum.y += s_lost[i];
    }
    return sum;
}

void main() {
    Span span = find_span();
    vec2 sum = vec2(0.0);
    for (int s = span.begin; s < span.end; s += span.step) {
        float x = staged(span, s);
        if (!is_masked(x)) sum = add_exactly(sum, x);
    }
    sum = join_sums(sum, span);
    float total = sum.x + sum.y;
    bool is_zero = total == 0.0;
    if (span.is_inside && span.lane == 0 && is_zero) atomicAdd(status[COUNTER], 1u);
    int to = place_of_row(0, span);
    for (int s = span.begin; s < span.end; s += span.step) {
        float x = score(span, s);
        out_values[to + s] = is_masked(x) || is_zero ? 0.0 : x / total;
    }
}
#endif
