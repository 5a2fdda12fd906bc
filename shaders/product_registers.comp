#version 430 core
// The product of matrices (product_parts.glsl) from registers alone: for devices where shared memory
// and barriers cost more than reading again (Mesa's software renderer). Loaded by
// app/gl/record_products.cpp; app/gl/product_variants.cpp has its shapes.
// A group computes TILE_ROWS x (INVOCATIONS * TILE_COLS) cells, an invocation TILE_COLS columns of
// all its rows, quads of columns as far apart as there are invocations.
#include "product_parts.glsl"

layout(local_size_x = INVOCATIONS) in;

const int kTileQuads = TILE_COLS / 4;

vec4 sums[TILE_ROWS][kTileQuads];

void multiply(ivec3 block, int left_from, int right_from, int depth, bool is_guarded) {
    vec4 right[kTileQuads][4];
    for (int j = 0; j < kTileQuads; ++j) {
        int col = block.z + 4 * (int(gl_LocalInvocationID.x) + j * INVOCATIONS);
        right_square(right_from, depth, col, is_guarded, right[j]);
    }
    for (int i = 0; i < TILE_ROWS; ++i) {
        vec4 left = left_quad(left_from, block.y + i, depth, is_guarded);
        for (int j = 0; j < kTileQuads; ++j) {
            sums[i][j] += left.x * right[j][0];
            sums[i][j] += left.y * right[j][1];
            sums[i][j] += left.z * right[j][2];
            sums[i][j] += left.w * right[j][3];
        }
    }
}

void main() {
    ivec3 block = block_of_group(TILE_ROWS, INVOCATIONS * TILE_COLS);
    if (block.x < 0) return;
    for (int i = 0; i < TILE_ROWS; ++i) {
        for (int j = 0; j < kTileQuads; ++j) sums[i][j] = vec4(0);
    }
    int left_from = left_base(block.x);
    int right_from = right_base(block.x);
    int depth = 0;
    for (; depth + 4 <= u_depth; depth += 4) multiply(block, left_from, right_from, depth, false);
#if !VECTOR_LEFT && !(VECTOR_RIGHT && LAYOUT == 1)
    if (depth < u_depth) multiply(block, left_from, right_from, depth, true);
#endif
    for (int j = 0; j < kTileQuads; ++j) {
        int col = block.z + 4 * (int(gl_LocalInvocationID.x) + j * INVOCATIONS);
        if (col >= u_cols) continue;
        vec4 bias = bias_quad(block.x, col);
        for (int i = 0; i < TILE_ROWS; ++i) {
            store_quad(block.x, block.y + i, col, sums[i][j] + bias);
        }
    }
}
