#include "core/tokenizer/wordpiece.h"

#include <algorithm>

#include "core/base/error.h"

namespace heed {
namespace {

std::vector<ByteTrie::Entry> list_entries(const Vocabulary& vocabulary) {
    std::vector<ByteTrie::Entry> entries;
    entries.reserve(vocabulary.entry_count());
    for (int id = 0; id < vocabulary.size(); ++id) {
        if (const std::string* piece = vocabulary.piece(id)) entries.push_back({*piece, id});
    }
    return entries;
}

std::size_t count_characters(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char byte) { return (byte & '\xC0') != '\x80'; }));
}

class WordPieceSplitter : public WordSplitter {
  public:
    explicit WordPieceSplitter(const WordPiece& model) : model_(model) {}
    void split(std::string_view word, std::vector<WordToken>& out) override {
        model_.split(word, out);
    }

  private:
    const WordPiece& model_;
};

}  // namespace

WordPiece::WordPiece(std::unique_ptr<const Vocabulary> vocabulary, const WordPieceOptions& options,
                     std::string_view where)
    : vocabulary_(std::move(vocabulary)),
      trie_(list_entries(*vocabulary_)),
      after_prefix_(trie_.walk(options.continuing_prefix)),
      max_word_characters_(static_cast<std::size_t>(options.max_word_characters)) {
    const std::optional<int> unknown = vocabulary_->find(options.unknown_piece);
    if (!unknown) {
        throw Error(where, "unk_token", "an entry of the vocabulary",
                    in_quotes(options.unknown_piece) + ", which is none");
    }
    unknown_id_ = *unknown;
}

void WordPiece::split(std::string_view word, std::vector<WordToken>& out) const {
    const std::size_t before = out.size();
    bool is_unknown = count_characters(word) > max_word_characters_;
    std::size_t at = 0;
    while (at < word.size() && !is_unknown) {
        std::optional<ByteTrie::Match> match;
        if (at == 0) {
            match = trie_.find_longest(word, at);
        } else if (after_prefix_) {
            match = trie_.find_longest(word, at, *after_prefix_);
        }
        is_unknown = !match;
        if (!match) break;
        out.push_back({match->value, at, at + match->length});
        at += match->length;
    }
    if (is_unknown) {
        out.resize(before);
        out.push_back({unknown_id_, 0, word.size()});
    }
}

std::unique_ptr<WordSplitter> WordPiece::make_splitter() const {
    return std::make_unique<WordPieceSplitter>(*this);
}

}  // namespace heed
