// WordPiece: the longest piece of the vocabulary that a word begins with, then the longest that
// goes on, and so to its end (Schuster and Nakajima 2012; Devlin et al. 2018).
#pragma once

#include <string>

#include "core/tokenizer/byte_trie.h"
#include "core/tokenizer/token_model.h"

namespace heed {

struct WordPieceOptions {
    std::string unknown_piece = "[UNK]";
    std::string continuing_prefix = "##";
    int max_word_characters = 100;  // longer words are unknown
};

class WordPiece : public TokenModel {
  public:
    // Throws Error where the unknown piece is not in the vocabulary.
    WordPiece(std::unique_ptr<const Vocabulary> vocabulary, const WordPieceOptions& options,
              std::string_view where);

    const Vocabulary& vocabulary() const override { return *vocabulary_; }
    std::optional<int> unknown_id() const override { return unknown_id_; }
    std::string name() const override { return "WordPiece"; }
    std::unique_ptr<WordSplitter> make_splitter() const override;

    // Appends the pieces of `word`: the unknown piece for all of it where there is no way through.
    void split(std::string_view word, std::vector<WordToken>& out) const;

  private:
    std::unique_ptr<const Vocabulary> vocabulary_;
    ByteTrie trie_;
    std::optional<std::uint32_t> after_prefix_;  // where pieces that go on are found
    int unknown_id_ = 0;
    std::size_t max_word_characters_ = 0;
};

}  // namespace heed
