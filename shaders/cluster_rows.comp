#version 430 core
// out[t,e] = table[ids[t] - first word of the table, e] for ids of one cluster, 0 for all others:
// what the cluster's map is multiplied with. Recorded by app/gl/record_products.cpp for
// Op::kClusterEmbed. A group takes one row. A dispatch may hold a part of the table alone: it leaves
// the rows of the cluster's other words as they are. Values have no unit.
#include "common.glsl"
#include "weights.glsl"

layout(local_size_x = 64) in;

layout(std140, binding = 0) uniform Params {
    int u_rows;
    int u_cols;
    int u_ids_first;
    int u_cluster_begin;  // words of the cluster
    int u_cluster_end;
    int u_part_begin;  // words of the part that is bound
    int u_part_end;
    int u_table_first;  // numbers
    int u_table_row;
    int u_table_col;
    int u_out_first;
    int u_pad0;
};
layout(std430, binding = 0) readonly restrict buffer Ids { int ids[]; };
layout(std430, binding = 1) readonly restrict buffer Table { uint table_words[]; };
layout(std430, binding = 2) writeonly restrict buffer Out { float out_values[]; };

void main() {
    int row = int(group_number());
    if (row >= u_rows) return;
    int id = ids[u_ids_first + row];
    bool is_of_cluster = id >= u_cluster_begin && id < u_cluster_end;
    bool is_here = id >= u_part_begin && id < u_part_end;
    if (is_of_cluster && !is_here) return;
    for (int e = int(gl_LocalInvocationID.x); e < u_cols; e += 64) {
        int at = u_table_first + (id - u_part_begin) * u_table_row + e * u_table_col;
        float number = 0.0;
        if (is_here) number = WEIGHT_AT(table_words, WEIGHT_TYPE, at);
        out_values[u_out_first + row * u_cols + e] = number;
    }
}
