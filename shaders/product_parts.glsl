// Shared by the programs that multiply matrices (shaders/product_*.comp), which
// app/gl/record_products.cpp records:
//   out[o,r,c] = sum_k left[o,r,k] * right[o,k,c] + bias[o,c]      for a box of rows and columns
// in float32, whatever the right matrix and the bias are stored as. Values have no unit.
//
// Macros, all numbers:
//   LAYOUT         0: columns of a row of the right matrix are neighbours; 1: those of a column;
//                  2: neither
//   RIGHT_TYPE     words of the right matrix: 0 float32, 1 float16, 2 bfloat16
//   VECTOR_LEFT, VECTOR_RIGHT, VECTOR_OUT   1: four neighbours are one aligned load; then extents
//                  of that axis are multiples of 4
//   BIAS_TYPE      words of the bias, as RIGHT_TYPE; -1: none
//   ADDS           1: adds to what an earlier part of the depth left in out
//   HAS_POST       1: ACTIVATION (shaders/math.glsl) of the sums is written to post as well
#include "common.glsl"
#include "math.glsl"
#include "weights.glsl"

layout(std140, binding = 0) uniform Params {
    int u_rows;
    int u_depth;
    int u_cols;
    int u_outers;
    int u_outer_begin;  // the first outer as the node counts it
    int u_left_first;   // all of these count numbers, each in its own array
    int u_left_outer;
    int u_left_row;
    int u_right_first;  // of outer u_outer_begin
    int u_right_outer;
    int u_right_group;  // outers that lie together ...
    int u_right_gap;    // ... and how much further apart groups are
    int u_right_depth;
    int u_right_col;
    int u_bias_first;
    int u_bias_outer;
    int u_bias_group;
    int u_bias_gap;
    int u_bias_col;
    int u_out_first;
    int u_out_outer;
    int u_out_row;
    int u_head_cols;  // columns of one outer where heads stand side by side as columns
    int u_post_first;
    int u_post_outer;
    int u_post_row;
    int u_pad0;
    int u_pad1;
};

#if VECTOR_LEFT
layout(std430, binding = 0) readonly restrict buffer Left { vec4 left_quads[]; };
#else
layout(std430, binding = 0) readonly restrict buffer Left { float left_values[]; };
#endif

#if !VECTOR_RIGHT
layout(std430, binding = 1) readonly restrict buffer Right { uint right_words[]; };
#elif RIGHT_TYPE == 0
layout(std430, binding = 1) readonly restrict buffer Right { vec4 right_quads[]; };
#else
layout(std430, binding = 1) readonly restrict buffer Right { uvec2 right_quads[]; };
#endif

#if BIAS_TYPE >= 0
layout(std430, binding = 2) readonly restrict buffer Bias { uint bias_words[]; };
#endif

// The sums so far are the numbers that are written: bound twice, hence not `restrict`.
#if VECTOR_OUT
layout(std430, binding = 3) writeonly buffer Out { vec4 out_quads[]; };
#if ADDS
layout(std430, binding = 5) readonly buffer Before { vec4 before_quads[]; };
#endif
#if HAS_POST
layout(std430, binding = 4) writeonly restrict buffer Post { vec4 post_quads[]; };
#endif
#else
layout(std430, binding = 3) writeonly buffer Out { float out_values[]; };
#if ADDS
layout(std430, binding = 5) readonly buffer Before { float before_values[]; };
#endif
#if HAS_POST
layout(std430, binding = 4) writeonly restrict buffer Post { float post_values[]; };
#endif
#endif

// Two numbers of 16 bits.
vec2 unpack_pair(uint word) {
    return vec2(half_of_word(word, 0, RIGHT_TYPE), half_of_word(word, 1, RIGHT_TYPE));
}

// How far outer `outer` of the dispatch lies from its first one.
int outer_offset(int outer, int stride, int group, int gap) {
    int number = u_outer_begin + outer;
    return outer * stride + (number / group - u_outer_begin / group) * gap;
}

int left_base(int outer) {
    return u_left_first + outer * u_left_outer;
}
int right_base(int outer) {
    return u_right_first + outer_offset(outer, u_right_outer, u_right_group, u_right_gap);
}

// left[row, depth .. depth + 3]; rows beyond the last one repeat it. Numbers beyond the depth are
// 0 where `is_guarded`; else there are none.
vec4 left_quad(int base, int row, int depth, bool is_guarded) {
    int at = base + min(row, u_rows - 1) * u_left_row + depth;
#if VECTOR_LEFT
    if (is_guarded && depth >= u_depth) return vec4(0);
    return left_quads[at >> 2];
#else
    if (!is_guarded) {
        return vec4(left_values[at], left_values[at + 1], left_values[at + 2], left_values[at + 3]);
    }
    vec4 quad = vec4(0);
    if (depth < u_depth) quad.x = left_values[at];
    if (depth + 1 < u_depth) quad.y = left_values[at + 1];
    if (depth + 2 < u_depth) quad.z = left_values[at + 2];
    if (depth + 3 < u_depth) quad.w = left_values[at + 3];
    return quad;
#endif
}

#if VECTOR_RIGHT
vec4 right_quad(int at) {
#if RIGHT_TYPE == 0
    return right_quads[at >> 2];
#else
    uvec2 words = right_quads[at >> 2];
    return vec4(unpack_pair(words.x), unpack_pair(words.y));
#endif
}
#endif

// quads[i] = right[depth + i, col .. col + 3]; columns beyond the last one repeat some column.
// Numbers beyond the depth are 0 where `is_guarded`; else there are none.
void right_square(int base, int depth, int col, bool is_guarded, out vec4 quads[4]) {
#if VECTOR_RIGHT && LAYOUT == 0
    int at = base + depth * u_right_depth + min(col, u_cols - 4);
    for (int i = 0; i < 4; ++i) {
        quads[i] = vec4(0);
        if (!is_guarded || depth + i < u_depth) quads[i] = right_quad(at + i * u_right_depth);
    }
#elif VECTOR_RIGHT && LAYOUT == 1
    vec4 columns[4];
    for (int j = 0; j < 4; ++j) {
        columns[j] = vec4(0);
        if (!is_guarded || depth < u_depth) {
            columns[j] = right_quad(base + min(col + j, u_cols - 1) * u_right_col + depth);
        }
    }
    for (int i = 0; i < 4; ++i) {
        quads[i] = vec4(columns[0][i], columns[1][i], columns[2][i], columns[3][i]);
    }
#elif !VECTOR_RIGHT
    for (int i = 0; i < 4; ++i) {
        quads[i] = vec4(0);
        if (is_guarded && depth + i >= u_depth) continue;
        for (int j = 0; j < 4; ++j) {
            int at = base + (depth + i) * u_right_depth;
            at += min(col + j, u_cols - 1) * u_right_col;
            quads[i][j] = WEIGHT_AT(right_words, RIGHT_TYPE, at);
        }
    }
#else
#error "a right matrix with gaps on both axes has no quads"
#endif
}

// bias[outer, col .. col + 3]; columns beyond the last one repeat it.
vec4 bias_quad(int outer, int col) {
    vec4 quad = vec4(0);
#if BIAS_TYPE >= 0
    int base = u_bias_first + outer_offset(outer, u_bias_outer, u_bias_group, u_bias_gap);
    for (int j = 0; j < 4; ++j) {
        int at = base + min(col + j, u_cols - 1) * u_bias_col;
        quad[j] = WEIGHT_AT(bias_words, BIAS_TYPE, at);
    }
#endif
    return quad;
}

// Ends columns col .. col + 3 of a row, as far as there are such.
void store_quad(int outer, int row, int col, vec4 sums) {
    if (row >= u_rows || col >= u_cols) return;
#if VECTOR_OUT
    int head = col / u_head_cols;
    int cell = row * u_out_row + (outer + head) * u_out_outer + col - head * u_head_cols;
    int at = (u_out_first + cell) >> 2;
#if ADDS
    sums += before_quads[at];
#endif
    out_quads[at] = sums;
#if HAS_POST
    int to = u_post_first + row * u_post_row + outer * u_post_outer + col;
    post_quads[to >> 2] = vec4(activate(sums.x), activate(sums.y),
                               activate(sums.z), activate(sums.w));
#endif
#else
    for (int j = 0; j < 4 && col + j < u_cols; ++j) {
        int head = (col + j) / u_head_cols;
        int cell = row * u_out_row + (outer + head) * u_out_outer + col + j - head * u_head_cols;
        int at = u_out_first + cell;
        float sum = sums[j];
#if ADDS
        sum += before_values[at];
#endif
        out_values[at] = sum;
#if HAS_POST
        int to = u_post_first + row * u_post_row + outer * u_post_outer + col + j;
        post_values[to] = activate(sum);
#endif
    }
#endif
}

// What a group computes: `rows` rows from .y and `cols` columns from .z on of outer .x; .x < 0:
// nothing. Eight runs of rows share their columns, so that groups at work together read the same.
ivec3 block_of_group(int rows, int cols) {
    int row_blocks = (u_rows + rows - 1) / rows;
    int col_blocks = (u_cols + cols - 1) / cols;
    int number = int(group_number());
    int outer = number / (row_blocks * col_blocks);
    if (outer >= u_outers) return ivec3(-1);
    number -= outer * row_blocks * col_blocks;
    int band = number / (8 * col_blocks);
    int in_band = min(8, row_blocks - 8 * band);
    number -= band * 8 * col_blocks;
    return ivec3(outer, (8 * band + number % in_band) * rows, number / in_band * cols);
}
