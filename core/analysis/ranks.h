// Which entries of a row of logits are likeliest: in double, with a stable softmax at temperature
// 1, so that what is said of one does not depend on how many others there are.
#pragma once

#include <span>
#include <vector>

namespace heed {

struct RankedEntry {
    int id = 0;
    double logit = 0;
    double probability = 0;  // of the softmax over the whole row
    int rank = 0;            // 0 the likeliest; of equal ones the smaller id comes first
};

// The `count` likeliest entries, the first first; all where there are fewer.
std::vector<RankedEntry> rank_top(std::span<const float> logits, int count);

// One entry of the row.
RankedEntry rank_entry(std::span<const float> logits, int id);

}  // namespace heed
