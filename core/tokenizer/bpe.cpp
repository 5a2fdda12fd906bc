#include "core/tokenizer/bpe.h"

#include <algorithm>
#include <queue>

#include "core/base/error.h"
#include "core/base/utf8.h"
#include "core/tokenizer/unicode.h"

namespace heed {

// Merges within one word. Symbols are a linked list over the word's characters; a merge keeps the
// left symbol and empties the right one.
class BpeSplitter : public WordSplitter {
  public:
    explicit BpeSplitter(const Bpe& model) : model_(model) {}

    void split(std::string_view word, std::vector<WordToken>& out) override {
        if (model_.options_.ignores_merges) {
            if (const auto id = model_.vocabulary_->find(word)) {
                out.push_back({*id, 0, word.size()});
                return;
            }
        }
        read_characters(word);
        merge_all();
        std::size_t at = 0;
        for (const Symbol& symbol : symbols_) {
            if (symbol.length == 0) continue;
            // Bytes of prefixes and suffixes make a word longer than it is; its end is the limit.
            const std::size_t end = std::min(at + symbol.length, word.size());
            out.push_back({symbol.id, std::min(at, word.size() - 1), end});
            at = end;
        }
    }

  private:
    static constexpr std::uint32_t kNone = UINT32_MAX;
    struct Symbol {
        int id = 0;
        std::size_t length = 0;  // bytes; 0 once it went into the symbol before it
        std::uint32_t previous = kNone;
        std::uint32_t next = kNone;
    };
    // Two neighbours that may become one. What is in the queue may be out of date.
    struct Candidate {
        Bpe::Merge merge;
        std::uint32_t left = 0;
        // The queue hands out its largest element first.
        bool operator<(const Candidate& other) const {
            return merge.rank != other.merge.rank ? merge.rank > other.merge.rank
                                                  : left > other.left;
        }
    };

    // Whether all bytes of an unknown character, prefix and suffix with it, are entries; they are
    // then symbols by themselves.
    bool read_bytes(std::string_view character, bool is_first, bool is_last) {
        if (!model_.options_.falls_back_to_bytes) return false;
        const std::string bytes = model_.spell_character(character, is_first, is_last);
        const auto id_of = [this](char byte) {
            return model_.byte_ids_[static_cast<unsigned char>(byte)];
        };
        if (std::any_of(bytes.begin(), bytes.end(), [&](char byte) { return id_of(byte) < 0; })) {
            return false;
        }
        for (const char byte : bytes) symbols_.push_back({id_of(byte), 1});
        return true;
    }

    void read_characters(std::string_view word) {
        symbols_.clear();
        std::optional<Symbol> unknown;
        std::size_t at = 0;
        while (at < word.size()) {
            const auto length = static_cast<std::size_t>(decode_character(word, at).length);
            const std::string_view character = word.substr(at, length);
            const bool is_first = at == 0;
            at += length;
            const bool is_last = at == word.size();
            const std::optional<int> id = model_.find_character(character, is_first, is_last);
            if (!id && read_bytes(character, is_first, is_last)) continue;
            if (!id && unknown && model_.options_.is_unknown_fused) {
                unknown->length += length;
                continue;
            }
            if (unknown) symbols_.push_back(*unknown);
            unknown.reset();
            if (id) {
                symbols_.push_back({*id, length});
            } else if (model_.unknown_id_) {
                unknown = Symbol{*model_.unknown_id_, length};
            }
        }
        if (unknown) symbols_.push_back(*unknown);
        const auto count = static_cast<std::uint32_t>(symbols_.size());
        for (std::uint32_t i = 0; i < count; ++i) {
            symbols_[i].previous = i == 0 ? kNone : i - 1;
            symbols_[i].next = i + 1 == count ? kNone : i + 1;
        }
    }

    void offer(std::uint32_t left) {
        const std::uint32_t right = symbols_[left].next;
        if (right == kNone) return;
        const auto merge = model_.find_merge(symbols_[left].id, symbols_[right].id);
        if (!merge) return;
        queue_.push_back({*merge, left});
        std::push_heap(queue_.begin(), queue_.end());
    }

    void merge_all() {
        queue_.clear();
        for (std::uint32_t i = 0; i < symbols_.size(); ++i) offer(i);
        while (!queue_.empty()) {
            std::pop_heap(queue_.begin(), queue_.end());
            const Candidate candidate = queue_.back();
            queue_.pop_back();
            Symbol& left = symbols_[candidate.left];
            if (left.length == 0 || left.next == kNone) continue;
            Symbol& right = symbols_[left.next];
            const auto merge = model_.find_merge(left.id, right.id);
            if (!merge || merge->id != candidate.merge.id) continue;
            left.id = static_cast<int>(merge->id);
            left.length += right.length;
            left.next = right.next;
            right.length = 0;
            if (left.next != kNone) symbols_[left.next].previous = candidate.left;
            if (left.previous != kNone) offer(left.previous);
            offer(candidate.left);
        }
    }

    const Bpe& model_;
    std::vector<Symbol> symbols_;
    std::vector<Candidate> queue_;  // a heap
};

Bpe::Bpe(std::unique_ptr<const Vocabulary> vocabulary, const std::vector<BpeMerge>& merges,
         const BpeOptions& options, std::string_view where)
    : vocabulary_(std::move(vocabulary)), options_(options), merges_(merges.size()) {
    if (options_.unknown_piece) {
        unknown_id_ = vocabulary_->find(*options_.unknown_piece);
        if (!unknown_id_) {
            throw Error(where, "unk_token", "an entry of the vocabulary",
                        in_quotes(*options_.unknown_piece) + ", which is none");
        }
    }
    for (char32_t c = 0; c < short_letters_.size(); ++c) {
        std::string letter;
        append_utf8(letter, c);
        short_letters_[c] = vocabulary_->find(letter).value_or(-1);
    }
    byte_ids_ = find_byte_pieces(*vocabulary_);
    std::uint32_t rank = 0;
    for (const BpeMerge& merge : merges) add_merge(merge, rank++, where);
}

void Bpe::add_merge(const BpeMerge& merge, std::uint32_t rank, std::string_view where) {
    const auto require = [&](const std::string& piece) {
        if (const auto id = vocabulary_->find(piece)) return static_cast<std::uint64_t>(*id);
        std::string place(where);
        if (merge.line > 0) place += ": line " + std::to_string(merge.line);
        throw Error(place, "merge " + std::to_string(rank), "pieces of the vocabulary",
                    in_quotes(merge.left) + " and " + in_quotes(merge.right) + ", but " +
                        in_quotes(piece) + " is none");
    };
    const std::uint64_t left = require(merge.left);
    const std::uint64_t right = require(merge.right);
    const std::string_view rest = merge.right;
    const std::size_t prefix = std::min(options_.continuing_prefix.size(), rest.size());
    const std::uint64_t made = require(merge.left + std::string(rest.substr(prefix)));
    merges_.set((left << 32) | right, (std::uint64_t{rank} << 32) | made);
}

std::optional<Bpe::Merge> Bpe::find_merge(int left, int right) const {
    const std::uint64_t* found =
        merges_.find((static_cast<std::uint64_t>(left) << 32) | static_cast<std::uint64_t>(right));
    if (found == nullptr) return std::nullopt;
    return Merge{static_cast<std::uint32_t>(*found >> 32), static_cast<std::uint32_t>(*found)};
}

std::optional<int> Bpe::find_character(std::string_view character, bool is_first,
                                       bool is_last) const {
    const bool has_prefix = !is_first && !options_.continuing_prefix.empty();
    const bool has_suffix = is_last && !options_.end_of_word_suffix.empty();
    if (!has_prefix && !has_suffix) {
        if (character.size() > 2) return vocabulary_->find(character);
        const int id = short_letters_[decode_character(character, 0).code_point];
        return id < 0 ? std::nullopt : std::optional<int>(id);
    }
    return vocabulary_->find(spell_character(character, is_first, is_last));
}

std::string Bpe::spell_character(std::string_view character, bool is_first, bool is_last) const {
    std::string piece;
    if (!is_first) piece += options_.continuing_prefix;
    piece += character;
    if (is_last) piece += options_.end_of_word_suffix;
    return piece;
}

std::unique_ptr<WordSplitter> Bpe::make_splitter() const {
    return std::make_unique<BpeSplitter>(*this);
}

}  // namespace heed
