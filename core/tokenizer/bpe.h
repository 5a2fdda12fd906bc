// Byte pair encoding: a word begins as its characters, and of all neighbours that the table of
// merges knows, those of lowest rank (leftmost among equals) become one piece until none is left
// (Sennrich, Haddow and Birch 2016).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <utility>

#include "core/tokenizer/pair_table.h"
#include "core/tokenizer/token_model.h"

namespace heed {

struct BpeMerge {
    std::string left;
    std::string right;
    int line = 0;  // of the file, for messages; 0 where not known
};

struct BpeOptions {
    std::optional<std::string> unknown_piece;  // for characters that the vocabulary lacks
    std::string continuing_prefix;             // before every character but a word's first
    std::string end_of_word_suffix;            // after a word's last character
    bool is_unknown_fused = false;             // neighbouring unknown characters are one piece
    bool falls_back_to_bytes = false;          // unknown characters as <0x00> ... <0xFF>
    bool ignores_merges = false;               // a word that is an entry is that entry
};

class Bpe : public TokenModel {
  public:
    // Throws Error where a part of a merge, or what it makes, is not in the vocabulary, and where
    // the unknown piece is not. Of a merge given twice the last rank counts.
    Bpe(std::unique_ptr<const Vocabulary> vocabulary, const std::vector<BpeMerge>& merges,
        const BpeOptions& options, std::string_view where);

    const Vocabulary& vocabulary() const override { return *vocabulary_; }
    std::optional<int> unknown_id() const override { return unknown_id_; }
    std::string name() const override { return "BPE"; }
    std::unique_ptr<WordSplitter> make_splitter() const override;

  private:
    friend class BpeSplitter;

    struct Merge {
        std::uint32_t rank = 0;
        std::uint32_t id = 0;  // of the piece that is made
    };
    std::optional<Merge> find_merge(int left, int right) const;
    void add_merge(const BpeMerge& merge, std::uint32_t rank, std::string_view where);
    // A character as it is spelt in its place in the word, and its id.
    std::string spell_character(std::string_view character, bool is_first, bool is_last) const;
    std::optional<int> find_character(std::string_view character, bool is_first,
                                      bool is_last) const;

    std::unique_ptr<const Vocabulary> vocabulary_;
    BpeOptions options_;
    PairTable merges_;  // left id << 32 | right id -> rank << 32 | id
    // Ids of one-letter pieces of up to two bytes by code point, -1 where there is none.
    std::array<int, 0x800> short_letters_{};
    std::array<int, 256> byte_ids_{};  // of <0x00> ... <0xFF>, -1 where there is none
    std::optional<int> unknown_id_;
};

}  // namespace heed
