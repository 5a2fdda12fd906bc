// What the views remember between frames: zoom, scrolling, open flags, and values of the shown
// trace that would cost too much to read in every frame. Lives in the document, is changed by the
// view that it belongs to.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/views/matrix_values.h"
#include "core/graph/explanation.h"

namespace heed::app {

// One road of the lines view.
struct AttentionLine {
    int query = 0;
    int key = 0;
    float weight = 0;
};

struct AttentionViewState {
    bool shows_lines = true;
    float zoom = 1;
    MatrixCache values;
    MatrixKey lines_key;               // what `lines` was chosen from
    std::vector<AttentionLine> lines;  // the strongest of all queries, weakest first
    MatrixKey revealed_key;            // for which the chosen cell was brought into sight
    std::vector<int> revealed_cell;
};

// What is told of one head in a line.
struct HeadFacts {
    double entropy_bits = 0;  // mean over the queries
    double previous = 0;      // mean weight on the token before
    double first = 0;         // mean weight on the first token
    double itself = 0;        // mean weight on the own token
};

struct HeadsViewState {
    std::vector<std::pair<MatrixKey, HeadFacts>> facts;  // of the heads looked at
};

struct StagesViewState {
    MatrixCache values;
    std::string revealed_node;
    std::vector<int> revealed_cell;
    int first_row = 0;  // in sight in the frame before
    int end_row = 0;
};

// Where a word stands against its static embedding.
struct VectorFacts {
    std::uint64_t trace_number = 0;
    std::vector<double> cosines;  // for each position: static against context
    int query = -1;               // whose path it is
    std::vector<double> path;     // cosine after each layer
};

struct VectorsViewState {
    MatrixCache values;
    VectorFacts facts;
};

// One line of the inspector's list, in the order in which it is shown.
struct TermLine {
    int term = 0;         // of the explanation
    std::string label;    // "bark", "d 17", "b_Q"
    std::string numbers;  // "0.61 × 0.40"
    std::string result;   // "+0.244"
    double amount = 0;    // what the bar shows
    bool is_own = false;  // the term that stands in the cell's own place
};

// The explanation of the selected cell, made once.
struct InspectorViewState {
    std::uint64_t trace_number = 0;
    std::string node;
    std::vector<int> cell;
    std::optional<Explanation> explanation;
    std::string problem;  // why there is none
    std::vector<TermLine> lines;
    double largest = 0;  // magnitude among the bars
    bool has_negative = false;
    std::string amount_title;  // what the bars show
};

struct SentenceViewState {
    float scroll_px = 0;
    int revealed_query = -1;
    std::uint64_t trace_number = 0;
};

struct ViewStates {
    AttentionViewState attention;
    HeadsViewState heads;
    StagesViewState stages;
    VectorsViewState vectors;
    InspectorViewState inspector;
    SentenceViewState sentence;
};

}  // namespace heed::app
