// Graphs built by hand that together use every op of the table.
#pragma once

#include "tests/core/ops/graph_run.h"

namespace heed::test {

// A pre-norm decoder block with grouped heads, out of a fused weight tensor seen through views, and
// a pooled classifier. `length` positions; inputs are input_ids in [0, 11) and type_ids in [0, 2).
struct DecoderSizes {
    int length = 5;
    int heads = 4;
    int key_heads = 2;
    int d_head = 3;
    int d_mlp = 10;
    bool is_causal = true;
};
void build_decoder(TestGraph& test, const DecoderSizes& sizes);
std::vector<std::vector<int>> decoder_ids(int length);

// Additive attention of `queries` positions to `keys` others, normalised by the sum; no inputs.
void build_additive(TestGraph& test, int queries, int keys);

// One node for each activation, over numbers from -6 to 6.
void build_activations(TestGraph& test);

constexpr Activation kActivations[] = {
    Activation::kGeluErf, Activation::kGeluTanh,  Activation::kRelu,   Activation::kSilu,
    Activation::kTanh,    Activation::kQuickGelu, Activation::kSigmoid};

}  // namespace heed::test
