// The positions of a sequence as a person wants to see them: each alone or joined to words, without
// those that are hidden.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/run/inputs.h"

namespace heed {

// One row or column of a picture: positions, ascending.
struct TokenGroup {
    std::vector<int> positions;
    std::string text;  // of all of them: "tokenizer"
    bool is_special = false;

    bool operator==(const TokenGroup&) const = default;
};

// Each of `extent` positions alone; labels may be missing (then texts are numbers).
std::vector<TokenGroup> list_tokens(std::span<const TokenLabel> labels, int extent);

// Whether the token at `position` goes on with the word of the one before it: by "##", else by
// touching it in the text with letters or digits on both sides. Special tokens, punctuation and
// characters of scripts that are written without spaces stand alone.
bool continues_word(std::span<const TokenLabel> labels, int position);

// Pieces joined to words.
std::vector<TokenGroup> group_words(std::span<const TokenLabel> labels, int extent);

// Which positions are seen.
struct TokenFilter {
    bool hides_special = false;
    bool hides_first = false;  // position 0, where many heads leave what they do not need
    std::vector<int> hidden;
    std::vector<int> only;  // nothing but these; empty: all
};
// The groups without hidden positions; groups that lose all of theirs are left out. A word is kept
// whole in `only` where one of its pieces is named.
std::vector<TokenGroup> filter_groups(std::vector<TokenGroup> groups,
                                      std::span<const TokenLabel> labels,
                                      const TokenFilter& filter);

// The group that holds `position`; -1 where none does.
int find_group(const std::vector<TokenGroup>& groups, int position);
// The first position of the group `by` steps after that of `position`, stopping at the ends. From a
// position that is not shown it goes to the nearest shown one in that direction. -1 without groups.
int step_group(const std::vector<TokenGroup>& groups, int position, int by);

}  // namespace heed
