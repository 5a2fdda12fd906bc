#version 430 core
// The product of few rows with a matrix (product_parts.glsl), which is read once: the time is that of
// reading it. Loaded by app/gl/record_products.cpp; app/gl/product_variants.cpp has its shapes.
// A group computes TILE_ROWS rows of BLOCK_COLS columns. Its invocations share the depth:
// each adds up every (INVOCATIONS / kColQuads)th quad of it, then their sums are added in order.
#include "product_parts.glsl"

layout(local_size_x = INVOCATIONS) in;

const int kColQuads = BLOCK_COLS / 4;
const int kSlices = INVOCATIONS / kColQuads;
const int kRowsAtOnce = TILE_ROWS < 8 ? TILE_ROWS : 8;  // 256 invocations times 8 quads: 32 KiB

// [row][slice][quad of columns]
shared vec4 parts[kRowsAtOnce * INVOCATIONS];

void main() {
    ivec3 block = block_of_group(TILE_ROWS, BLOCK_COLS);
    if (block.x < 0) return;
    int id = int(gl_LocalInvocationID.x);
    // Neighbours take what lies next to each other in memory.
#if LAYOUT == 0
    int quad = id % kColQuads;
    int slice = id / kColQuads;
#else
    int quad = id / kSlices;
    int slice = id % kSlices;
#endif
    int left_from = left_base(block.x);
    int right_from = right_base(block.x);
    vec4 sums[TILE_ROWS];
    for (int i = 0; i < TILE_ROWS; ++i) sums[i] = vec4(0);
    for (int depth = 4 * slice; depth < u_depth; depth += 4 * kSlices) {
        vec4 right[4];
        right_square(right_from, depth, block.z + 4 * quad, true, right);
        for (int i = 0; i < TILE_ROWS; ++i) {
            vec4 left = left_quad(left_from, block.y + i, depth, true);
            sums[i] += left.x * right[0];
            sums[i] += left.y * right[1];
            sums[i] += left.z * right[2];
            sums[i] += left.w * right[3];
        }
    }

    for (int first = 0; first < TILE_ROWS; first += kRowsAtOnce) {
        for (int i = 0; i < kRowsAtOnce; ++i) {
            parts[i * INVOCATIONS + slice * kColQuads + quad] = sums[first + i];
        }
        memoryBarrierShared();
        barrier();
        for (int cell = id; cell < kRowsAtOnce * kColQuads; cell += INVOCATIONS) {
            int row = cell / kColQuads;
            int col = block.z + 4 * (cell % kColQuads);
            vec4 sum = vec4(0);
            for (int s = 0; s < kSlices; ++s) {
                sum += parts[row * INVOCATIONS + s * kColQuads + cell % kColQuads];
            }
            store_quad(block.x, block.y + first + row, col, sum + bias_quad(block.x, col));
        }
        memoryBarrierShared();
        barrier();
    }
}
