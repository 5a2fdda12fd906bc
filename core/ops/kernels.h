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
void run_take_row(const KernelArgs& args, const Box& box);
void explain_take_row(const ExplainArgs& args, Explanation& out);

// recorded.cpp
void run_recorded(const KernelArgs& args, const Box& box);
void explain_recorded(const ExplainArgs& args, Explanation& out);

// norm.cpp
void run_layer_norm(const KernelArgs& args, const Box& box);
void explain_layer_norm(const ExplainArgs& args, Explanation& out);

// A sum's single term that is the value itself.
Term whole_term(Cell cell);
// One product of a sum.
Term product_term(Cell cell, Cell factor);

}  // namespace heed
