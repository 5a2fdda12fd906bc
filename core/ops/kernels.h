// The kernels and explanations that the op table points at, by op family.
#pragma once

#include "core/ops/op_table.h"

namespace heed {

// embed.cpp
void run_gather(const KernelArgs& args, const Box& box);
void explain_gather(const ExplainArgs& args, Explanation& out);
void run_table_rows(const KernelArgs& args, const Box& box);
void explain_table_rows(const ExplainArgs& args, Explanation& out);
void run_sinusoid(const KernelArgs& args, const Box& box);
void explain_sinusoid(const ExplainArgs& args, Explanation& out);

// linear.cpp
void run_linear(const KernelArgs& args, const Box& box);
void explain_linear(const ExplainArgs& args, Explanation& out);

// heads.cpp
void run_split_heads(const KernelArgs& args, const Box& box);
void explain_split_heads(const ExplainArgs& args, Explanation& out);
void run_merge_heads(const KernelArgs& args, const Box& box);
void explain_merge_heads(const ExplainArgs& args, Explanation& out);

// attention.cpp
void run_matmul_nt(const KernelArgs& args, const Box& box);
void explain_matmul_nt(const ExplainArgs& args, Explanation& out);
void run_scale(const KernelArgs& args, const Box& box);
void explain_scale(const ExplainArgs& args, Explanation& out);
void run_mask(const KernelArgs& args, const Box& box);
void explain_mask(const ExplainArgs& args, Explanation& out);
void run_matmul(const KernelArgs& args, const Box& box);
void explain_matmul(const ExplainArgs& args, Explanation& out);

// softmax.cpp
void run_softmax(const KernelArgs& args, const Box& box);
void explain_softmax(const ExplainArgs& args, Explanation& out);
void run_normalise_sum(const KernelArgs& args, const Box& box);
void explain_normalise_sum(const ExplainArgs& args, Explanation& out);

// additive.cpp
void run_pair_sum(const KernelArgs& args, const Box& box);
void explain_pair_sum(const ExplainArgs& args, Explanation& out);
void run_dot_weight(const KernelArgs& args, const Box& box);
void explain_dot_weight(const ExplainArgs& args, Explanation& out);

// elementwise.cpp
void run_alias(const KernelArgs& args, const Box& box);
void explain_alias(const ExplainArgs& args, Explanation& out);
void run_add(const KernelArgs& args, const Box& box);
void explain_add(const ExplainArgs& args, Explanation& out);
void run_activation(const KernelArgs& args, const Box& box);
void explain_activation(const ExplainArgs& args, Explanation& out);
// out[i] = activation(in[i]); the rows may be the same.
void activate_row(Activation activation, const float* in, float* out, int count);
// The named steps from x to its activation; the last one is the result.
std::vector<Step> activation_steps(Activation activation, double x);
void run_take_row(const KernelArgs& args, const Box& box);
void explain_take_row(const ExplainArgs& args, Explanation& out);

// recorded.cpp
void run_recorded(const KernelArgs& args, const Box& box);
void explain_recorded(const ExplainArgs& args, Explanation& out);

// norm.cpp
void run_layer_norm(const KernelArgs& args, const Box& box);
void explain_layer_norm(const ExplainArgs& args, Explanation& out);
void run_rms_norm(const KernelArgs& args, const Box& box);
void explain_rms_norm(const ExplainArgs& args, Explanation& out);

// gate.cpp
void run_gate(const KernelArgs& args, const Box& box);
void explain_gate(const ExplainArgs& args, Explanation& out);
void run_soft_cap(const KernelArgs& args, const Box& box);
void explain_soft_cap(const ExplainArgs& args, Explanation& out);

// positions.cpp
void run_rotary(const KernelArgs& args, const Box& box);
void explain_rotary(const ExplainArgs& args, Explanation& out);
void run_alibi(const KernelArgs& args, const Box& box);
void explain_alibi(const ExplainArgs& args, Explanation& out);
void run_bucket_bias(const KernelArgs& args, const Box& box);
void explain_bucket_bias(const ExplainArgs& args, Explanation& out);

// sequences.cpp
void run_concat_rows(const KernelArgs& args, const Box& box);
void explain_concat_rows(const ExplainArgs& args, Explanation& out);
void run_concat_columns(const KernelArgs& args, const Box& box);
void explain_concat_columns(const ExplainArgs& args, Explanation& out);
void run_take_rows(const KernelArgs& args, const Box& box);
void explain_take_rows(const ExplainArgs& args, Explanation& out);
void run_pick_row(const KernelArgs& args, const Box& box);
void explain_pick_row(const ExplainArgs& args, Explanation& out);
void run_mean_rows(const KernelArgs& args, const Box& box);
void explain_mean_rows(const ExplainArgs& args, Explanation& out);
void run_zeros(const KernelArgs& args, const Box& box);
void explain_zeros(const ExplainArgs& args, Explanation& out);
void run_patches(const KernelArgs& args, const Box& box);
void explain_patches(const ExplainArgs& args, Explanation& out);

// relative.cpp
void run_head_bias(const KernelArgs& args, const Box& box);
void explain_head_bias(const ExplainArgs& args, Explanation& out);
void run_distance_dots(const KernelArgs& args, const Box& box);
void explain_distance_dots(const ExplainArgs& args, Explanation& out);

// clusters.cpp
void run_cluster_embed(const KernelArgs& args, const Box& box);
void explain_cluster_embed(const ExplainArgs& args, Explanation& out);
void run_log_softmax(const KernelArgs& args, const Box& box);
void explain_log_softmax(const ExplainArgs& args, Explanation& out);
void run_cluster_logprobs(const KernelArgs& args, const Box& box);
void explain_cluster_logprobs(const ExplainArgs& args, Explanation& out);

// A sum's single term that is the value itself.
Term whole_term(Cell cell);
// One product of a sum.
Term product_term(Cell cell, Cell factor);

}  // namespace heed
