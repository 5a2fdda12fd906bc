// Traces of several layers of attention and the plainest way to look at their patterns.
#pragma once

#include <memory>
#include <vector>

#include "core/analysis/pattern.h"
#include "tests/core/run/traces.h"

namespace heed::test {

// Two layers with grouped heads (4 query heads, 2 key heads), causal, with W_O.
std::shared_ptr<const Trace> make_stack_trace(int length, int layers, bool is_causal = true);
// Queries over other keys, without W_O, normalised by the sum.
std::shared_ptr<const Trace> make_cross_trace(int queries, int keys);

// [T,S] as rows of doubles.
using Rows = std::vector<std::vector<double>>;
// pattern[h] of a layer's site.
Rows read_rows(const Trace& trace, int site, int head);
// What compute_pattern should find, by loops over single cells of the trace.
Rows find_pattern(const Trace& trace, int site, const PatternRequest& request);

void check_same(const PatternMatrix& got, const Rows& want);

}  // namespace heed::test
