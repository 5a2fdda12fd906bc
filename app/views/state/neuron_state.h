// What the neuron view remembers.
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "app/ui/option_visitor.h"
#include "app/views/matrix_values.h"
#include "app/views/state/help_state.h"
#include "core/analysis/score_terms.h"

namespace heed::app {

enum class NeuronMode { kPair, kRow };
enum class NeuronSort { kSize, kPlace };

// What a person sets in it.
struct NeuronOptions {
    static constexpr std::array<std::string_view, 2> kModes{"pair", "row"};
    static constexpr std::array<std::string_view, 2> kSorts{"size", "place"};

    NeuronMode mode = NeuronMode::kPair;
    NeuronSort sort = NeuronSort::kSize;

    void visit(OptionVisitor& v) {
        visit_choice(v, "mode", "One pair of words, or all words of a row", mode, kModes);
        visit_choice(v, "sort", "Order of products: by size or by place", sort, kSorts);
    }
    bool operator==(const NeuronOptions&) const = default;
};

// Which score of which trace. `key` -1: of all keys.
struct NeuronKey {
    std::uint64_t trace_number = 0;
    NodeId score = -1;
    int head = 0;
    int query = 0;
    int key = 0;
    NeuronSort sort = NeuronSort::kSize;

    bool operator==(const NeuronKey&) const = default;
};

// The products of one pair, in the order they are shown.
struct NeuronPair {
    NeuronKey of;
    ScoreTerms terms;
    std::vector<int> order;      // dimensions
    std::vector<float> chain;    // value of each node of the chain
    float largest_factor = 0;    // magnitude among the strips' numbers
    double largest_product = 0;  // the same among the products
    double lifted = 0;           // sum of the positive products
    double lowered = 0;          // and of the negative ones
    int lifting = 0;             // how many of each
    int lowering = 0;
};

// The products of one query with all keys.
struct NeuronRow {
    NeuronKey of;
    int width = 0;                // K
    std::vector<float> left;      // of the query
    std::vector<float> products;  // [S, K]
    std::vector<float> scores;    // [S]
    std::vector<float> last;      // [S], what the weight is made of; -inf: may not be seen
    std::vector<float> weights;   // [S]
    std::vector<int> order;       // keys
    float largest = 0;            // magnitude among the products
    float largest_left = 0;
};

struct NeuronViewState {
    NeuronOptions options;
    HelpState help;
    std::optional<NeuronPair> pair;
    std::optional<NeuronRow> row;
};

}  // namespace heed::app
