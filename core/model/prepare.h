// From what a person asks for to what a graph is run on: tokens, cut to the model's positions, as
// ids and labels.
#pragma once

#include <string>
#include <vector>

#include "core/model/model.h"

namespace heed {

// What is known of the model that the input is for.
struct InputLimits {
    std::string where;  // path of the model, for messages
    int positions = 0;  // 0: no limit
    int vocabulary = 0;
};

// The tokens of `input`: its text through the tokenizer, else its ids. Throws Error: neither text
// nor ids, a text without a tokenizer, nothing left to run, ids and types of different number, an
// id out of range.
Encoding read_tokens(const ModelInput& input, const Tokenizer* tokenizer,
                     const InputLimits& limits);

// `tokens` with as many tokens of the text and the pair left out, each time from the end of the
// longer one, as it takes to have at most `positions`; what the template added stays. Without such
// tokens, or where the template alone is too long, the end is cut off.
Encoding cut_to_positions(Encoding tokens, int positions);

TokenLabel make_label(const Token& token);

// Ids, types and labels for `graph`; its inputs are found by name. Throws Error: a type out of
// range. A note where types were given to a model that has none.
RunInputs make_inputs(const Graph& graph, const Encoding& tokens, const InputLimits& limits,
                      std::vector<std::string>& notes);

}  // namespace heed
