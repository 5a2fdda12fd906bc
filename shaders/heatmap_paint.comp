#version 430 core
// Gives the texels of a sheet their colours. Started by app/gl/heatmap_painter.cpp in the window's
// context, after heatmap_pool.comp.
// Slot 0: the sheet, a number for each texel; slot 1: its largest magnitude, as bits; slot 2: where
// a share of the high end gets the next colour, rising; slot 3: the colours, r in the lowest byte.
#include "common.glsl"

layout(local_size_x = 64) in;

layout(std140, binding = 0) uniform Params {
    int width;  // of the sheet, texels
    int height;
    int edges;        // one less than there are colours
    int blocked;      // colour of what has no cell
    float least;      // the high end is the largest magnitude where that is larger than this,
    float otherwise;  // else this one
};

layout(std430, binding = 0) readonly restrict buffer Sheet { float sheet[]; };
layout(std430, binding = 1) readonly restrict buffer Largest { uint largest; };
layout(std430, binding = 2) readonly restrict buffer Edges { float edge[]; };
layout(std430, binding = 3) readonly restrict buffer Colours { uint colours[]; };
layout(rgba8, binding = 0) writeonly restrict uniform image2D picture;

// How many edges lie at or below `share`.
int find_colour(float share) {
    int begin = 0;
    int end = edges;
    while (begin < end) {
        int middle = (begin + end) / 2;
        if (edge[middle] <= share) {
            begin = middle + 1;
        } else {
            end = middle;
        }
    }
    return begin;
}

void main() {
    int texel = int(group_number() * gl_WorkGroupSize.x + gl_LocalInvocationIndex);
    if (texel >= width * height) return;
    float value = sheet[texel];
    uint colour = uint(blocked);
    if (!is_masked(value)) {
        bool is_finite = (floatBitsToUint(value) & 0x7F800000u) != 0x7F800000u;
        float found = uintBitsToFloat(largest);
        float high = found > least ? found : otherwise;
        colour = colours[find_colour(is_finite ? clamp(value / high, -1.0, 1.0) : 0.0)];
    }
    imageStore(picture, ivec2(texel % width, texel / width), unpackUnorm4x8(colour));
}
