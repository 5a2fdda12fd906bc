// The unigram language model: of all ways to cut a word into pieces, the one with the largest sum
// of scores (Kudo 2018, found by Viterbi's algorithm).
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "core/tokenizer/byte_trie.h"
#include "core/tokenizer/token_model.h"

namespace heed {

// A score as the tokenizers library reads it: its JSON reader takes the digits as a whole number
// and divides by a power of ten, which can be one unit in the last place off and decides ties.
double round_as_digits(double score);

struct UnigramOptions {
    std::optional<int> unknown_id;     // for characters that are no piece
    bool falls_back_to_bytes = false;  // unknown text as <0x00> ... <0xFF>
};

class Unigram : public TokenModel {
  public:
    // `scores` by id: logarithms of probabilities, NaN for ids without a piece. Throws Error where
    // `unknown_id` is no entry.
    Unigram(std::unique_ptr<const Vocabulary> vocabulary, std::vector<double> scores,
            const UnigramOptions& options, std::string_view where);

    const Vocabulary& vocabulary() const override { return *vocabulary_; }
    std::optional<int> unknown_id() const override { return options_.unknown_id; }
    std::string name() const override { return "Unigram"; }
    std::unique_ptr<WordSplitter> make_splitter() const override;

  private:
    friend class UnigramSplitter;

    std::unique_ptr<const Vocabulary> vocabulary_;
    std::vector<double> scores_;
    UnigramOptions options_;
    ByteTrie trie_;
    double unknown_score_ = 0;
    std::array<int, 256> byte_ids_{};
};

}  // namespace heed
