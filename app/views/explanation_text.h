// One opened number to take along: as text for a mail, as LaTeX for a paper. Pure.
#pragma once

#include <string>
#include <string_view>

#include "core/graph/explanation.h"

namespace heed::app {

// The cell and its value, the formula, the formula with numbers, then a line for each term: its
// numbers, its contribution and, in sums, the sum so far.
std::string write_as_text(const Explanation& explanation);

// The formula and the numbers as two lines of an aligned environment (amsmath).
std::string write_as_latex(const Explanation& explanation);

// A formula of the op table in LaTeX: "z[h,t] = sum_s a[h,s] * b" becomes
// "z_{h,t} = \sum_{s} a_{h,s} \cdot b"; names of several letters stand upright.
std::string formula_to_latex(std::string_view formula);

}  // namespace heed::app
