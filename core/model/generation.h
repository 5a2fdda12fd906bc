// Which token a model says next. What a model may not say, or must say first, stands in its
// generation_config.json, else in its config.json. It knows no graph and no tokenizer.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "core/format/json.h"

namespace heed {

struct GenerationRules {
    std::vector<int> end_ids;  // eos_token_id: after one of them nothing is said any more
    std::vector<int> never;    // bad_words_ids of one token, suppress_tokens
    std::vector<std::vector<int>> never_in_a_row;  // bad_words_ids of several
    std::vector<int> never_first;                  // begin_suppress_tokens
    std::optional<int> always_first;               // forced_bos_token_id
    std::vector<int> always_last;  // forced_eos_token_id: the last that `most` leaves room for
    // Of positions, what went before included: 0 is no limit.
    int least = 0;          // min_length: no end before
    int most = 0;           // max_length: nothing more is said by itself
    int unrepeated = 0;     // no_repeat_ngram_size: no run of so many ids comes twice
    double repetition = 1;  // repetition_penalty: scores of ids before are divided by it

    bool ends(int id) const;
};

// Ids that are negative are left aside. Throws Error where a key has another kind of value.
GenerationRules read_generation_rules(const JsonReader& reader);

// The likeliest id that may follow `before`: the first of equal ones. `logits` [V], not empty.
// `is_first`: a decoder has only what it begins with. nullopt where nothing may be said.
std::optional<int> choose_next_id(std::span<const float> logits, const GenerationRules& rules,
                                  std::span<const int> before, bool is_first);

}  // namespace heed
