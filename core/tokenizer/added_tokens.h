// Tokens that are found in the text itself before anything else, special ones among them.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/tokenizer/byte_trie.h"

namespace heed {

class Normalizer;

struct AddedToken {
    int id = 0;
    std::string content;
    bool is_special = false;
    bool is_normalized = false;   // looked for after the normalizer, itself normalised
    bool strips_left = false;     // takes the white space before it
    bool strips_right = false;    // and after it
    bool is_single_word = false;  // only where no word character touches it
};

// The pieces that a model has without added tokens.
struct KnownPieces {
    std::size_t count = 0;
    std::function<const std::string*(int id)> piece;  // nullptr where there is none
    std::function<std::optional<int>(std::string_view piece)> find;
};
// Throws Error, beginning with `where`, where an added token has an id or a content that belongs to
// another, or an id far beyond the vocabulary.
void check_added_tokens(const std::vector<AddedToken>& tokens, const KnownPieces& known,
                        std::string_view where);

// Finds the tokens of one kind in a text: the leftmost, the longest at a place.
class AddedTokenFinder {
  public:
    struct Pattern {
        std::string text;
        const AddedToken* token = nullptr;
    };
    // Bytes [begin, end) are the token, or text between tokens where it is nullptr.
    struct Cut {
        std::size_t begin = 0;
        std::size_t end = 0;
        const AddedToken* token = nullptr;
    };

    explicit AddedTokenFinder(std::vector<Pattern> patterns);
    // `text` from its beginning to its end; nothing for an empty text.
    std::vector<Cut> cut(std::string_view text) const;
    const std::vector<Pattern>& patterns() const { return patterns_; }

  private:
    std::vector<Pattern> patterns_;
    ByteTrie trie_;
};

// All added tokens of a tokenizer.
class AddedTokens {
  public:
    // `normalizer` may be nullptr.
    AddedTokens(std::vector<AddedToken> tokens, const Normalizer* normalizer);
    AddedTokens(const AddedTokens&) = delete;
    AddedTokens& operator=(const AddedTokens&) = delete;

    const AddedTokenFinder& in_original() const { return in_original_; }
    const AddedTokenFinder& in_normalized() const { return in_normalized_; }
    const std::vector<AddedToken>& all() const { return tokens_; }
    const AddedToken* find(std::string_view content) const;
    const AddedToken* find_id(int id) const;
    // What an id is decoded to: the content, normalised where the token is looked for so. nullptr
    // where it is none of these tokens.
    const std::string* find_text(int id) const;
    // Whether a piece, spelt like this, is left out of decoded text.
    bool is_special(std::string_view piece) const;

  private:
    std::vector<AddedToken> tokens_;
    std::unordered_map<std::string_view, const AddedToken*> by_content_;
    std::unordered_map<int, const AddedToken*> by_id_;
    std::unordered_map<int, const std::string*> texts_;  // by id
    AddedTokenFinder in_original_;
    AddedTokenFinder in_normalized_;
};

}  // namespace heed
