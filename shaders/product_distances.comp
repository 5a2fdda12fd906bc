#version 430 core
// out[o,t,s] = sum_k q[o,t,k] * r[o, t + offset - s, k], 0 where that distance is below 0.
// Recorded by app/gl/record_products.cpp for Op::kDistanceDots. Values have no unit.
// A group computes 32 x 32 cells, an invocation 4 x 4 of them: they have 7 distances. VECTORS is 1
// where four neighbours of q and of r are aligned and the depth is a multiple of 4.
#include "common.glsl"

layout(local_size_x = 64) in;

layout(std140, binding = 0) uniform Params {
    int u_rows;
    int u_depth;
    int u_cols;
    int u_outers;
    int u_offset;     // distance of the first row and column of the box
    int u_distances;  // that there are vectors for
    int u_q_first;    // all of these count numbers
    int u_q_outer;
    int u_q_row;
    int u_r_first;
    int u_r_outer;
    int u_r_row;
    int u_out_first;
    int u_out_outer;
    int u_out_row;
    int u_r_begin;  // the nearest distance that is bound
};
#if VECTORS
layout(std430, binding = 0) readonly restrict buffer Queries { vec4 q_quads[]; };
layout(std430, binding = 1) readonly restrict buffer Distances { vec4 r_quads[]; };
#else
layout(std430, binding = 0) readonly restrict buffer Queries { float q_values[]; };
layout(std430, binding = 1) readonly restrict buffer Distances { float r_values[]; };
#endif
layout(std430, binding = 2) writeonly restrict buffer Out { float out_values[]; };

vec4 q_quad(int at, int left) {
#if VECTORS
    return q_quads[at >> 2];
#else
    vec4 quad = vec4(0);
    for (int i = 0; i < 4 && i < left; ++i) quad[i] = q_values[at + i];
    return quad;
#endif
}

vec4 r_quad(int at, int left) {
#if VECTORS
    return r_quads[at >> 2];
#else
    vec4 quad = vec4(0);
    for (int i = 0; i < 4 && i < left; ++i) quad[i] = r_values[at + i];
    return quad;
#endif
}

void main() {
    int across = (u_cols + 31) / 32;
    int down = (u_rows + 31) / 32;
    int number = int(group_number());
    int outer = number / (across * down);
    if (outer >= u_outers) return;
    number -= outer * across * down;
    int row = number / across * 32 + int(gl_LocalInvocationID.x) / 8 * 4;
    int col = number % across * 32 + int(gl_LocalInvocationID.x) % 8 * 4;
    if (row >= u_rows || col >= u_cols) return;

    // Distance of cell (i, j) is nearest + 3 + i - j.
    int nearest = row + u_offset - col - 3;
    vec4 sums[4] = vec4[4](vec4(0), vec4(0), vec4(0), vec4(0));
    for (int k = 0; k < u_depth; k += 4) {
        vec4 r[7];
        for (int d = 0; d < 7; ++d) {
            int distance = clamp(nearest + d, u_r_begin, u_distances - 1) - u_r_begin;
            r[d] = r_quad(u_r_first + outer * u_r_outer + distance * u_r_row + k, u_depth - k);
        }
        for (int i = 0; i < 4; ++i) {
            int t = min(row + i, u_rows - 1);
            vec4 q = q_quad(u_q_first + outer * u_q_outer + t * u_q_row + k, u_depth - k);
            sums[i] += vec4(dot(q, r[i + 3]), dot(q, r[i + 2]), dot(q, r[i + 1]), dot(q, r[i]));
        }
    }
    for (int i = 0; i < 4 && row + i < u_rows; ++i) {
        int to = u_out_first + outer * u_out_outer + (row + i) * u_out_row + col;
        for (int j = 0; j < 4 && col + j < u_cols; ++j) {
            out_values[to + j] = nearest + 3 + i - j < 0 ? 0.0 : sums[i][j];
        }
    }
}
