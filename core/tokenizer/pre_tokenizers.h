// How a normalised text is cut into the words that the model gets.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "core/tokenizer/normalized_text.h"

namespace heed {

// A normalised text and the parts of it that matter, in order, none empty. What lies between parts
// is left out (white space).
struct CutText {
    struct Part {
        std::size_t begin = 0;  // bytes [begin, end) of the normalised text
        std::size_t end = 0;
        int added_token = -1;  // an id: found already, no word for the model
    };
    NormalizedText normalized;
    std::vector<Part> parts;
};

class PreTokenizer {
  public:
    virtual ~PreTokenizer() = default;
    // Cuts every part that is no added token further; may spell it anew.
    virtual void cut(CutText& text) const = 0;
};

// White space away, each punctuation character alone.
std::unique_ptr<const PreTokenizer> make_bert_pre_tokenizer();

struct ByteLevelOptions {
    bool adds_prefix_space = false;  // before a part that does not begin with a space
    bool cuts_words = true;          // by the GPT-2 expression
};

// Cuts as GPT-2 does and spells the bytes as letters (core/tokenizer/byte_letters.h).
std::unique_ptr<const PreTokenizer> make_byte_level_pre_tokenizer(const ByteLevelOptions& options);

// Runs of numeric characters apart, or each of them.
std::unique_ptr<const PreTokenizer> make_digits_pre_tokenizer(bool is_each_apart);

// What becomes of the places where a text is cut.
enum class CutBehaviour { kRemoved, kIsolated, kContiguous };
// Punctuation apart: each character, or runs of it.
std::unique_ptr<const PreTokenizer> make_punctuation_pre_tokenizer(CutBehaviour behaviour);

std::unique_ptr<const PreTokenizer> make_white_space_pre_tokenizer();

// One after another.
std::unique_ptr<const PreTokenizer> make_sequence_pre_tokenizer(
    std::vector<std::unique_ptr<const PreTokenizer>> steps);

// Where the word that begins at byte `at` (< text.size()) of a valid UTF-8 text ends, by GPT-2's
// expression: 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
std::size_t find_gpt2_word_end(std::string_view text, std::size_t at);

}  // namespace heed
