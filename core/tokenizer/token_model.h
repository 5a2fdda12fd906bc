// What turns a word into pieces: WordPiece, BPE, Unigram. It gets words that normalizer and
// pre-tokenizer have made, and knows neither the text nor special tokens.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/tokenizer/vocabulary.h"

namespace heed {

// One piece of a word.
struct WordToken {
    int id = 0;
    std::size_t begin = 0;  // bytes [begin, end) of the word
    std::size_t end = 0;
    // What it is called where that is not the vocabulary's piece; else empty. Lives as long as the
    // word and the splitter.
    std::string_view text{};
};

// Splits words one after another; holds what is reused between them. For one thread.
class WordSplitter {
  public:
    virtual ~WordSplitter() = default;
    // Appends the pieces of `word`, which is valid UTF-8 and not empty.
    virtual void split(std::string_view word, std::vector<WordToken>& out) = 0;
};

class TokenModel {
  public:
    virtual ~TokenModel() = default;
    virtual const Vocabulary& vocabulary() const = 0;
    virtual std::optional<int> unknown_id() const = 0;
    virtual std::string name() const = 0;  // "WordPiece"
    // The splitter refers to the model.
    virtual std::unique_ptr<WordSplitter> make_splitter() const = 0;
};

}  // namespace heed
