#include "core/tokenizer/added_tokens.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/base/utf8.h"
#include "core/tokenizer/normalizers.h"
#include "core/tokenizer/unicode.h"
#include "core/tokenizer/vocabulary.h"

namespace heed {
namespace {

std::vector<ByteTrie::Entry> list_entries(const std::vector<AddedTokenFinder::Pattern>& patterns) {
    std::vector<ByteTrie::Entry> entries;
    for (std::size_t i = 0; i < patterns.size(); ++i) {
        entries.push_back({patterns[i].text, static_cast<int>(i)});
    }
    return entries;
}

struct LastCharacter {
    std::size_t begin = 0;
    char32_t code_point = 0xFFFD;
};

// The character that ends at `end` (> 0), one byte where it is no UTF-8.
LastCharacter find_last_character(std::string_view text, std::size_t end) {
    for (std::size_t length = 1; length <= 4 && length <= end; ++length) {
        const Utf8Char c = decode_utf8(text.substr(0, end), end - length);
        if (c.valid && static_cast<std::size_t>(c.length) == length) {
            return {end - length, c.code_point};
        }
    }
    return {end - 1};
}

// Whether a word character stands right before `begin` or right after `end`.
bool touches_word(std::string_view text, std::size_t begin, std::size_t end) {
    if (begin > 0 && is_word_character(find_last_character(text, begin).code_point)) return true;
    return end < text.size() && is_word_character(decode_utf8(text, end).code_point);
}

std::size_t skip_white_space_left(std::string_view text, std::size_t at) {
    while (at > 0) {
        const LastCharacter last = find_last_character(text, at);
        if (!is_white_space(last.code_point)) break;
        at = last.begin;
    }
    return at;
}

std::size_t skip_white_space_right(std::string_view text, std::size_t at) {
    while (at < text.size()) {
        const Utf8Char c = decode_utf8(text, at);
        if (!is_white_space(c.code_point)) break;
        at += static_cast<std::size_t>(c.length);
    }
    return at;
}

std::vector<AddedTokenFinder::Pattern> list_patterns(const std::vector<AddedToken>& tokens,
                                                     bool is_normalized,
                                                     const Normalizer* normalizer) {
    std::vector<AddedTokenFinder::Pattern> patterns;
    for (const AddedToken& token : tokens) {
        if (token.is_normalized != is_normalized) continue;
        std::string text = token.content;
        if (is_normalized && normalizer != nullptr) {
            text = normalizer->normalize(make_normalized_text(text, 0, text.size())).text;
        }
        patterns.push_back({std::move(text), &token});
    }
    return patterns;
}

}  // namespace

AddedTokenFinder::AddedTokenFinder(std::vector<Pattern> patterns)
    : patterns_(std::move(patterns)), trie_(list_entries(patterns_)) {}

std::vector<AddedTokenFinder::Cut> AddedTokenFinder::cut(std::string_view text) const {
    std::vector<Cut> cuts;
    std::size_t done = 0;  // what lies before is in `cuts`
    std::size_t at = 0;
    while (at < text.size()) {
        while (at < text.size() && !trie_.can_begin(text[at])) ++at;
        if (at == text.size()) break;
        const auto match = trie_.find_longest(text, at);
        if (!match) {
            ++at;
            continue;
        }
        std::size_t begin = at;
        std::size_t end = at + match->length;
        at = end;
        const AddedToken& token = *patterns_[static_cast<std::size_t>(match->value)].token;
        if (token.is_single_word && touches_word(text, begin, end)) continue;
        if (token.strips_left) begin = std::max(skip_white_space_left(text, begin), done);
        if (token.strips_right) end = skip_white_space_right(text, end);
        // A token before that strips on its right may have taken the same white space; then both
        // have it. One that strips on its left as well has none left.
        if (begin >= end) continue;
        if (done < begin) cuts.push_back({done, begin, nullptr});
        cuts.push_back({begin, end, &token});
        done = end;
    }
    if (done < text.size()) cuts.push_back({done, text.size(), nullptr});
    return cuts;
}

AddedTokens::AddedTokens(std::vector<AddedToken> tokens, const Normalizer* normalizer)
    : tokens_(std::move(tokens)),
      in_original_(list_patterns(tokens_, false, normalizer)),
      in_normalized_(list_patterns(tokens_, true, normalizer)) {
    for (const AddedToken& token : tokens_) {
        by_content_.emplace(token.content, &token);
        by_id_.emplace(token.id, &token);
    }
    for (const AddedTokenFinder* finder : {&in_original_, &in_normalized_}) {
        for (const auto& pattern : finder->patterns()) {
            texts_.emplace(pattern.token->id, &pattern.text);
        }
    }
}

const AddedToken* AddedTokens::find(std::string_view content) const {
    const auto at = by_content_.find(content);
    return at == by_content_.end() ? nullptr : at->second;
}

const AddedToken* AddedTokens::find_id(int id) const {
    const auto at = by_id_.find(id);
    return at == by_id_.end() ? nullptr : at->second;
}

void check_added_tokens(const std::vector<AddedToken>& tokens, const KnownPieces& known,
                        std::string_view where) {
    const std::int64_t limit = Vocabulary::largest_id(known.count + tokens.size());
    std::unordered_map<int, std::string_view> ids;
    std::unordered_map<std::string_view, int> contents;
    for (const AddedToken& token : tokens) {
        const std::string name = in_quotes(token.content) + " with id " + std::to_string(token.id);
        if (token.content.empty()) throw Error(where, "added_tokens", "a content", "an empty one");
        if (token.id < 0 || token.id > limit) {
            throw Error(where, "added_tokens", "ids from 0 to at most " + std::to_string(limit),
                        name);
        }
        const std::string* owner = known.piece(token.id);
        if (owner != nullptr && *owner != token.content) {
            throw Error(where, "added_tokens", "the vocabulary's own ids",
                        name + ", which is " + in_quotes(*owner) + " there");
        }
        const std::optional<int> id = known.find(token.content);
        if (id && *id != token.id) {
            throw Error(where, "added_tokens", "the vocabulary's own ids",
                        name + ", which has " + std::to_string(*id) + " there");
        }
        if (!ids.emplace(token.id, token.content).second ||
            !contents.emplace(token.content, token.id).second) {
            throw Error(where, "added_tokens", "each content and id once", name + " a second time");
        }
    }
}

const std::string* AddedTokens::find_text(int id) const {
    const auto at = texts_.find(id);
    return at == texts_.end() ? nullptr : at->second;
}

bool AddedTokens::is_special(std::string_view piece) const {
    const AddedToken* token = find(piece);
    return token != nullptr && token->is_special;
}

}  // namespace heed
