// What the inspector remembers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/graph/explanation.h"

namespace heed::app {

// One line of the inspector's list, in the order in which it is shown.
struct TermLine {
    int term = 0;         // of the explanation
    std::string label;    // "bark", "d 17", "b_Q"
    std::string numbers;  // "0.61 × 0.40"
    std::string result;   // "+0.244"
    double amount = 0;    // what the bar shows
    double so_far = 0;    // in sums: of the terms down to this one
    bool is_own = false;  // the term that stands in the cell's own place
};

// The explanation of the selected cell, made once.
struct InspectorViewState {
    std::uint64_t trace_number = 0;
    std::string node;
    std::vector<int> cell;
    std::optional<Explanation> explanation;
    // What the attention view shows in the selected cell's place where that is no cell of the
    // trace: its name, the data it is of, and the cell behind it that was asked for instead.
    std::string shown_name;  // empty: the cell itself is explained
    std::uint64_t shown_version = 0;
    int shown_presses = 0;
    std::vector<int> own_cell;
    std::string problem;  // why there is none
    std::vector<TermLine> lines;
    double largest = 0;  // magnitude among the bars
    bool has_negative = false;
    std::string amount_title;  // what the bars show
};

}  // namespace heed::app
