#version 430 core
// Pools the cells of matrices to texels of a sheet, and finds the largest magnitude among these.
// Started by app/gl/heatmap_painter.cpp in the window's context.
// Slot 0: values of a node; slot 1: the sheet, a number for each texel; slot 2: its largest
// magnitude, as bits.
// POOLING 0: the largest cell; 1: that of the largest magnitude, with its sign; 2: the mean of some.
// -inf where a texel has no cell.
#include "common.glsl"

layout(local_size_x = 64) in;

layout(std140, binding = 0) uniform Params {
    int first;         // of the first matrix in slot 0, words
    int outers;        // matrices
    int outer_stride;  // words from one to the next
    int row_stride;
    int row_begin;  // the cells that are shown
    int rows;
    int col_begin;
    int cols;
    int is_causal;     // a column after its row has no cell
    int most_samples;  // POOLING 2: cells that are looked at on a side, about
    int x;             // of the first picture in the sheet, texels
    int y;
    int x_step;  // from one picture to the next
    int width;   // of one
    int height;
    int sheet_width;
};

layout(std430, binding = 0) readonly restrict buffer Cells { float cells[]; };
layout(std430, binding = 1) writeonly restrict buffer Sheet { float sheet[]; };
layout(std430, binding = 2) restrict buffer Largest { uint largest; };

shared uint group_largest;

bool is_finite(float value) {
    return (floatBitsToUint(value) & 0x7F800000u) != 0x7F800000u;
}

// First cell of the `i`th of `parts` equal parts of `count` cells.
int part_begin(int i, int parts, int count) {
    return i * count / parts;
}

float pool(int outer, int left, int right, int top, int bottom) {
    float best = uintBitsToFloat(MINUS_INFINITY);
    float sum = 0.0;
    int count = 0;
    int row_step = 1;
    int step = 1;
#if POOLING == 2
    row_step = max(1, (bottom - top) / most_samples);
    step = max(1, (right - left) / most_samples);
#endif
    for (int r = top; r < bottom; r += row_step) {
        int row = first + outer * outer_stride + r * row_stride;
        int end = is_causal != 0 ? min(right, r + 1) : right;
        for (int c = left; c < end; c += step) {
            float value = cells[row + c];
#if POOLING == 0
            if (value > best) best = value;
#else
            if (!is_finite(value)) continue;
            if (count == 0 || abs(value) > abs(best)) best = value;
            sum += value;
            ++count;
#endif
        }
    }
#if POOLING == 2
    return count > 0 ? sum / float(count) : best;
#else
    return best;
#endif
}

void main() {
    if (gl_LocalInvocationIndex == 0u) group_largest = 0u;
    barrier();
    int texel = int(group_number() * gl_WorkGroupSize.x + gl_LocalInvocationIndex);
    if (texel < outers * height * width) {
        int column = texel % width;
        int row = texel / width % height;
        int outer = texel / width / height;
        int left = col_begin + part_begin(column, width, cols);
        int right = col_begin + part_begin(column + 1, width, cols);
        int top = row_begin + part_begin(row, height, rows);
        int bottom = row_begin + part_begin(row + 1, height, rows);
        float value = pool(outer, left, right, top, bottom);
        sheet[(y + row) * sheet_width + x + outer * x_step + column] = value;
        if (is_finite(value)) atomicMax(group_largest, floatBitsToUint(abs(value)));
    }
    barrier();
    if (gl_LocalInvocationIndex == 0u && group_largest != 0u) atomicMax(largest, group_largest);
}
