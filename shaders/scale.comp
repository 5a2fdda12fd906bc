#version 430 core
// out[o,r,c] = in[o,r,c] * factor. Recorded by app/gl/record_cells.cpp for Op::kScale.
// A group takes one row; in and out: values of nodes, row-major.
#include "common.glsl"

layout(local_size_x = 64) in;

layout(std140, binding = 0) uniform Params {
    int u_rows;  // of one outer
    int u_count;  // rows of all outers
    int u_cols;
    int u_in_first;
    int u_in_outer;
    int u_in_row;
    int u_out_first;
    int u_out_outer;
    int u_out_row;
    float u_factor;
    int u_pad0;
    int u_pad1;
};
layout(std430, binding = 0) readonly restrict buffer In { float in_values[]; };
layout(std430, binding = 1) writeonly restrict buffer Out { float out_values[]; };

void main() {
    int number = int(group_number());
    if (number >= u_count) return;
    int outer = number / u_rows, row = number % u_rows;
    int from = u_in_first + outer * u_in_outer + row * u_in_row;
    int to = u_out_first + outer * u_out_outer + row * u_out_row;
    for (int c = int(gl_LocalInvocationID.x); c < u_cols; c += 64) {
        out_values[to + c] = in_values[from + c] * u_factor;
    }
}
