// One cell opened into the terms it is made of.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/graph/graph.h"

namespace heed {

enum class CellKind { kNode, kWeight, kInput };

// One number, wherever it lives: a cell of a node, of a weight tensor (in the file's own axes) or
// of an input. Cells of nodes and inputs can be explained in turn.
struct Cell {
    CellKind kind = CellKind::kNode;
    int id = -1;       // NodeId, WeightId or number of the graph input
    std::string name;  // "blocks.0.attn.q", "h.0.attn.c_attn.weight", "input_ids"
    std::vector<int> index;
    float value = 0;
};

// What a term is multiplied by: another cell, or a constant with a name.
struct Factor {
    std::optional<Cell> cell;
    std::string name;  // of the constant: "1 / sqrt(32)"
    double value = 1;
};

struct Term {
    Cell cell;
    std::optional<Factor> times;
    std::optional<double> contribution;  // present in sums
    // Where the term's index comes from: the cell of the ids that chose this row of a table.
    std::optional<Cell> chosen_by;
};

enum class How {
    kSum,       // the contributions add up to the value
    kFunction,  // the value follows from the terms by the steps
    kInput,     // given from outside; there are no terms
};
const char* how_name(How how);

struct Step {
    std::string name;
    double value = 0;
};

struct Explanation {
    Cell cell;
    std::string formula;  // "z[h,t,k] = sum_s pattern[h,t,s] * v[h,s,k]"
    std::string numbers;  // the same with numbers in it
    How how = How::kSum;
    std::vector<Term> terms;
    std::vector<Step> steps;  // kFunction: the last one's value is the cell's
};

}  // namespace heed
