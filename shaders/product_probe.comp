#version 430 core
// Numbers between -1 and 1, all different, for products that are timed: devices take longer for such
// than for zeros. Loaded by app/gl/measure_products.cpp. A group writes 64 of u_count numbers.
#include "common.glsl"

layout(local_size_x = 64) in;

layout(std140, binding = 0) uniform Params {
    int u_first;
    int u_count;
    int u_seed;
    int u_pad0;
};
layout(std430, binding = 0) writeonly restrict buffer Out { float out_values[]; };

void main() {
    int number = int(group_number()) * 64 + int(gl_LocalInvocationID.x);
    if (number >= u_count) return;
    // Two rounds of multiplying and folding, as integer hashes do.
    uint bits = uint(number) * 2654435761u + uint(u_seed);
    bits = (bits ^ (bits >> 15)) * 2246822519u;
    bits ^= bits >> 13;
    out_values[u_first + number] = float(bits >> 8) * (2.0 / 16777216.0) - 1.0;
}
