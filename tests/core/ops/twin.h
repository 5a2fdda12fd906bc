// The naive twin of every kernel: one cell at a time, in double, by the paper's formula. It shares
// no code with the kernels or the explanations.
#pragma once

#include <vector>

#include "core/ops/op_table.h"

namespace heed::test {

// A cell of a node out of the operands that `reader` has, and the sum of the magnitudes of what was
// added up: rounding is measured against it.
struct TwinCell {
    double value = 0;
    double magnitude = 0;
};
TwinCell compute_twin(const CellReader& reader, const Node& node, const std::vector<int>& index);

// An activation in double.
double activate_twin(Activation activation, double x);
// What a linear bias adds to the scores of head `h` for key position `s`.
double linear_bias_twin(const Attributes& attributes, int h, int s);

// Empty where every cell of `node` agrees with its twin, else the first that does not. A cell may
// be off by 64 roundings (2^-24 each) of the magnitudes that it is made of: sums of up to a few
// thousand terms in float32 stay far below, since their roundings add up like a random walk, and
// any wrong index is far above.
std::string find_twin_difference(const CellReader& reader, NodeId node);

// |a - b| in those terms.
bool is_within_rounding(double a, double b, double magnitude);

}  // namespace heed::test
