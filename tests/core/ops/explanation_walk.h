// Opens every cell of every node and looks whether its explanation is true.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/ops/op_table.h"

namespace heed::test {

using Explainer = std::function<Explanation(NodeId node, const std::vector<int>& index)>;

// Empty where the explanation of a cell holds against the numbers of `truth`, else what is wrong:
// terms name cells that are there with the values that they have there, and stand earlier in the
// graph; contributions are value times factor and add up; what follows by steps follows from the
// terms. Allowed is rounding as in twin.h, of the magnitudes of the terms.
std::string find_flaw(const CellReader& truth, const Explanation& explanation);

struct Walk {
    std::string flaw;  // the first flaw of any cell
    int cells = 0;     // that were opened
    int given = 0;     // of these, explained as given from outside
};
Walk walk_explanations(const CellReader& truth, const Explainer& explain);

}  // namespace heed::test
