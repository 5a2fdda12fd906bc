#version 430 core
// The product of matrices (product_parts.glsl) through shared memory, for devices that have it in
// hardware. Loaded by app/gl/record_products.cpp; app/gl/product_variants.cpp has its shapes.
// A group computes BLOCK_ROWS x BLOCK_COLS cells, an invocation TILE_ROWS x TILE_COLS of them in
// registers: its quads of rows (columns) are as far apart as the group has invocations that way, so
// that neighbours read neighbouring quads. Squares of 4 x 4 numbers are fetched while the part before
// is multiplied; those whose depth lies along memory are turned in registers. BUFFERS is 1 or 2.
// BLOCK_ROWS and BLOCK_COLS are powers of 2 from 32 on, BLOCK_DEPTH is 8, 16 or 32.
#include "product_parts.glsl"

layout(local_size_x = INVOCATIONS) in;

const int kRowQuads = BLOCK_ROWS / 4;
const int kColQuads = BLOCK_COLS / 4;
const int kDepthQuads = BLOCK_DEPTH / 4;
const int kTileRowQuads = TILE_ROWS / 4;
const int kTileColQuads = TILE_COLS / 4;
const int kAcross = BLOCK_COLS / TILE_COLS;  // invocations side by side
const int kDown = BLOCK_ROWS / TILE_ROWS;
const int kLeftSquares = kRowQuads * kDepthQuads;
const int kSquares = kLeftSquares + kColQuads * kDepthQuads;
const int kFetches = (kSquares + INVOCATIONS - 1) / INVOCATIONS;

// left_part[k][quad of rows], right_part[k][quad of columns], the quads of a k in another order.
shared vec4 left_part[BUFFERS * BLOCK_DEPTH * kRowQuads];
shared vec4 right_part[BUFFERS * BLOCK_DEPTH * kColQuads];

// Where quad `quad` lies among those of its k: moved about so that invocations that write the four
// k of one square each use all banks.
int place_of(int quad, int depth_quad) {
    return quad ^ ((depth_quad * (8 / kDepthQuads)) & 7);
}

// Square `number` of the part: x its quad of rows or columns, y its quad of the depth. Invocations
// next to each other take what lies next to each other in memory.
ivec2 square_of(int number) {
    if (number < kLeftSquares) return ivec2(number / kDepthQuads, number % kDepthQuads);
    number -= kLeftSquares;
#if LAYOUT == 0
    return ivec2(number % kColQuads, number / kColQuads);
#else
    return ivec2(number / kDepthQuads, number % kDepthQuads);
#endif
}

void fetch(ivec3 block, int depth, out vec4 squares[kFetches][4]) {
    for (int f = 0; f < kFetches; ++f) {
        int number = int(gl_LocalInvocationID.x) + f * INVOCATIONS;
        ivec2 square = square_of(number);
        int k = depth + 4 * square.y;
        if (number < kLeftSquares) {
            int base = left_base(block.x);
            int row = block.y + 4 * square.x;
            vec4 a = left_quad(base, row, k, true);
            vec4 b = left_quad(base, row + 1, k, true);
            vec4 c = left_quad(base, row + 2, k, true);
            vec4 d = left_quad(base, row + 3, k, true);
            squares[f][0] = vec4(a.x, b.x, c.x, d.x);
            squares[f][1] = vec4(a.y, b.y, c.y, d.y);
            squares[f][2] = vec4(a.z, b.z, c.z, d.z);
            squares[f][3] = vec4(a.w, b.w, c.w, d.w);
        } else if (number < kSquares) {
            right_square(right_base(block.x), k, block.z + 4 * square.x, true, squares[f]);
        }
    }
}

void keep(int buffer_number, vec4 squares[kFetches][4]) {
    for (int f = 0; f < kFetches; ++f) {
        int number = int(gl_LocalInvocationID.x) + f * INVOCATIONS;
        ivec2 square = square_of(number);
        int k = buffer_number * BLOCK_DEPTH + 4 * square.y;
        int place = place_of(square.x, square.y);
        if (number < kLeftSquares) {
            for (int i = 0; i < 4; ++i) left_part[(k + i) * kRowQuads + place] = squares[f][i];
        } else if (number < kSquares) {
            for (int i = 0; i < 4; ++i) right_part[(k + i) * kColQuads + place] = squares[f][i];
        }
    }
}

void wait_for_all() {
    memoryBarrierShared();
    barrier();
}

void main() {
    ivec3 block = block_of_group(BLOCK_ROWS, BLOCK_COLS);
    if (block.x < 0) return;
    int across = int(gl_LocalInvocationID.x) % kAcross;
    int down = int(gl_LocalInvocationID.x) / kAcross;
    vec4 sums[TILE_ROWS][kTileColQuads];
    for (int i = 0; i < TILE_ROWS; ++i) {
        for (int j = 0; j < kTileColQuads; ++j) sums[i][j] = vec4(0);
    }

    vec4 squares[kFetches][4];
    int current = 0;
    fetch(block, 0, squares);
    keep(0, squares);
    wait_for_all();
    for (int depth = 0; depth < u_depth; depth += BLOCK_DEPTH) {
        bool has_more = depth + BLOCK_DEPTH < u_depth;
        if (has_more) fetch(block, depth + BLOCK_DEPTH, squares);
        for (int k = 0; k < BLOCK_DEPTH; ++k) {
            vec4 left[kTileRowQuads];
            int line = current * BLOCK_DEPTH + k;
            for (int i = 0; i < kTileRowQuads; ++i) {
                left[i] = left_part[line * kRowQuads + place_of(down + i * kDown, k / 4)];
            }
            for (int j = 0; j < kTileColQuads; ++j) {
                vec4 right = right_part[line * kColQuads + place_of(across + j * kAcross, k / 4)];
                for (int i = 0; i < TILE_ROWS; ++i) sums[i][j] += left[i / 4][i % 4] * right;
            }
        }
#if BUFFERS == 1
        wait_for_all();
#else
        current ^= 1;
#endif
        if (has_more) keep(current, squares);
        wait_for_all();
    }

    for (int j = 0; j < kTileColQuads; ++j) {
        int col = block.z + 4 * (across + j * kAcross);
        vec4 bias = bias_quad(block.x, col);
        for (int i = 0; i < TILE_ROWS; ++i) {
            int row = block.y + 4 * (down + i / 4 * kDown) + i % 4;
            store_quad(block.x, row, col, sums[i][j] + bias);
        }
    }
}
