#version 430 core
// out = left * right of square matrices whose side is a multiple of 16, the way a first lesson does
// it: a group takes 16 x 16 cells through shared memory, an invocation one of them. What
// tests/bench/gl_bench.cpp compares the programs of shaders/ with.
#include "common.glsl"

layout(local_size_x = 16, local_size_y = 16) in;

layout(std140, binding = 0) uniform Params {
    int u_side;
    int u_pad0;
    int u_pad1;
    int u_pad2;
};
layout(std430, binding = 0) readonly restrict buffer Left { float left_values[]; };
layout(std430, binding = 1) readonly restrict buffer Right { float right_values[]; };
layout(std430, binding = 2) writeonly restrict buffer Out { float out_values[]; };

shared float left_tile[16][16];
shared float right_tile[16][16];

void main() {
    int across = u_side / 16;
    int x = int(gl_LocalInvocationID.x), y = int(gl_LocalInvocationID.y);
    int row = int(group_number()) / across * 16 + y;
    int col = int(group_number()) % across * 16 + x;
    float sum = 0.0;
    for (int first = 0; first < u_side; first += 16) {
        left_tile[y][x] = left_values[row * u_side + first + x];
        right_tile[y][x] = right_values[(first + y) * u_side + col];
        barrier();
        for (int k = 0; k < 16; ++k) sum += left_tile[y][k] * right_tile[k][x];
        barrier();
    }
    out_values[row * u_side + col] = sum;
}
