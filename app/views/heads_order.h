// In which order heads are shown, and in which groups. Pure.
#pragma once

#include <string>
#include <vector>

#include "app/views/heads_data.h"
#include "app/views/state/heads_state.h"

namespace heed::app {

// Heads that stand together: order[begin, end).
struct HeadsGroup {
    int begin = 0;
    int end = 0;
    int rows = 0;         // of a grid
    std::string caption;  // "group 1: 14 heads, mostly token before 0.81"; "cross"
};

struct HeadsArrangement {
    std::vector<int> order;  // of the list's heads
    std::vector<HeadsGroup> groups;
    bool is_grid = true;  // rows are layers and columns heads
};

// `data` and `clusters` may be null while they are made: then the order is that of the layers.
// Sorted heads have the largest value first, those without one last.
HeadsArrangement arrange_heads(const HeadList& list, const HeadsOptions& options,
                               const HeadsData* data, const HeadsClusters* clusters);

// What can be said of some heads together: the metric of a place on which most of the weight lies
// where that is at least half of it, else how far it is spread and its largest part.
std::string describe_heads(const HeadsData& data, const std::vector<int>& heads);

// The head reached from `from` by a step to the right or down, in rows of `columns`.
int step_in_order(const HeadsArrangement& arrangement, int columns, int from, int right, int down);

// "0.81", "2.41 bits"; "not available" where there is none.
std::string metric_text(HeadMetric metric, const std::optional<double>& value);

}  // namespace heed::app
