// A small graph for each op, whose operands are copies of weights: what the op gives is compared
// between backends without what came before it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/core/ops/graph_run.h"
#include "tests/support/close.h"

namespace heed::test {

// The driver's division and square root (up to 2.5 units in the last place each) beside a few
// roundings of polynomials and sums of some hundred numbers.
constexpr Tolerance kDevice{"device", 1e-9, 1e-6};

struct OpCase {
    std::string name;
    Tolerance tolerance;
    bool is_wide = false;  // rows beyond the smallest limits
    std::function<void(TestGraph&)> build;
};

std::vector<OpCase> cell_cases();
std::vector<OpCase> row_cases();
std::vector<OpCase> move_cases();

}  // namespace heed::test
