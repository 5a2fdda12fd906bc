// From what a person asks for to what a graph is run on: tokens, cut to the model's positions, as
// ids and labels.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/model/model.h"

namespace heed {

std::vector<int> ids_of(const Encoding& tokens);

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
// What the decoder has so far: `start` and the text, else the ids, else `start` alone. Throws Error
// like read_tokens.
Encoding read_target(const ModelInput& input, const Tokenizer* tokenizer,
                     const std::vector<int>& start, const InputLimits& limits);
// The segment that went before; empty where there is none.
Encoding read_memory(const ModelInput& input, const Tokenizer* tokenizer,
                     const InputLimits& limits);

// `tokens` with as many tokens of the text and the pair left out, each time from the end of the
// longer one, as it takes to have at most `positions`; what the template added stays. Without such
// tokens, or where the template alone is too long, the end is cut off.
Encoding cut_to_positions(Encoding tokens, int positions);

TokenLabel make_label(const Token& token);

// What a graph is to be run on, by sequence.
struct SequenceTokens {
    Encoding tokens;
    Encoding target;
    Encoding memory;
    std::shared_ptr<const Tensor> pixels;
};

// Ids, types, numbers and labels for `graph`; its inputs and sequences are found by name, others'
// ids by `derive(name, ids of the tokens)`. Throws Error: an id out of range. A note where types
// were given to a model that has none.
using DeriveIds = std::function<std::vector<int>(const std::string&, const std::vector<int>&)>;
RunInputs make_inputs(const Graph& graph, const SequenceTokens& given, const std::string& where,
                      const DeriveIds& derive, std::vector<std::string>& notes);

}  // namespace heed
