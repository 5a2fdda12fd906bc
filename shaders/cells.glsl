// The cells that a program goes through, and where its operands lie. A frame is `outer` matrices of
// rows x columns; cell (o, r, c) of what is bound at slot i is number
// first + o * outer + r * row + c * column of the array there.
// Included by programs that app/gl/cell_pass.cpp records; a group has 256 invocations.
#ifndef CELLS_GLSL
#define CELLS_GLSL
#include "common.glsl"

layout(local_size_x = 256) in;

layout(std140, binding = 0) uniform Params {
    int u_rows;         // of one outer
    int u_count;        // rows of all outers
    int u_cols;
    int u_chunk;        // columns of a row that one group takes
    int u_chunks;       // in a row
    int u_lane_shift;   // a row is taken by 2^u_lane_shift invocations
    int u_outer_begin;  // number of outer 0 in the node
    int u_row_begin;    // number of row 0 in the node
    ivec4 u_places[8];  // first, outer, row, column of each slot
    // What ops have besides operands.
    int u_begin;        // the first row of a table, or of an operand, that is bound
    int u_end;          // beyond the last
    int u_mask_offset;
    int u_window;
    int u_pairs;        // of columns that are turned
    int u_patch_width;  // pixels
    int u_patch_height;
    int u_patch_columns;  // patches in a line of the picture
    int u_picture_width;  // pixels
    int u_picture_plane;  // pixels of a channel
    float u_factor;
    float u_cap;
    float u_epsilon;
    float u_weight_offset;  // added to each weight
    int u_pad0;
    int u_pad1;
};

// What one invocation does: columns begin, begin + step, ... below end of a row.
struct Span {
    bool is_inside;
    int outer;
    int row;
    int lane;  // of those that share the row
    int begin;
    int end;
    int step;
};

Span find_span() {
    int group = int(group_number());
    int local = int(gl_LocalInvocationID.x);
    int number = (group / u_chunks) * (256 >> u_lane_shift) + (local >> u_lane_shift);
    int chunk = group % u_chunks;
    Span span;
    span.is_inside = number < u_count;
    span.outer = number / u_rows;
    span.row = number - span.outer * u_rows;
    span.step = 1 << u_lane_shift;
    span.lane = local & (span.step - 1);
    span.begin = chunk * u_chunk + span.lane;
    span.end = span.is_inside ? min(u_cols, (chunk + 1) * u_chunk) : 0;
    return span;
}

// Number of column 0 of the span's row in the array at `slot`, and of column c.
int place_of_row(int slot, Span span) {
    ivec4 place = u_places[slot];
    return place.x + span.outer * place.y + span.row * place.z;
}
int place_of(int slot, Span span, int col) {
    return place_of_row(slot, span) + col * u_places[slot].w;
}

#endif
