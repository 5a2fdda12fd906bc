#include "core/analysis/token_groups.h"

#include <algorithm>
#include <string_view>

#include "core/base/utf8.h"

namespace heed {
namespace {

// Scripts whose characters are words of their own, and signs that are no letters.
constexpr struct {
    char32_t first;
    char32_t last;
} kAlone[] = {{0x2000, 0x2BFF}, {0x2E80, 0x9FFF},   {0xF900, 0xFAFF},  {0xFE30, 0xFE4F},
              {0xFF00, 0xFF0F}, {0x1F000, 0x1FAFF}, {0x20000, 0x3FFFF}};

bool is_of_word(char32_t c) {
    if (c < 0x80) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
    if (c < 0xC0 || c == 0xD7 || c == 0xF7 || c == 0xFFFD) return false;
    return std::none_of(std::begin(kAlone), std::end(kAlone),
                        [c](const auto& range) { return c >= range.first && c <= range.last; });
}

std::vector<char32_t> decode(std::string_view text) {
    std::vector<char32_t> all;
    for (std::size_t at = 0; at < text.size();) {
        const Utf8Char c = decode_utf8(text, at);
        all.push_back(c.code_point);
        at += static_cast<std::size_t>(c.length);
    }
    return all;
}

std::string_view without_mark(std::string_view text) {
    return text.size() > 2 && text.substr(0, 2) == "##" ? text.substr(2) : text;
}

bool has_mark(const TokenLabel& label) {
    return without_mark(label.piece).size() != label.piece.size() ||
           (label.piece.empty() && without_mark(label.text).size() != label.text.size());
}

// "'t" after "don" belongs to it, as "t" would.
bool begins_like_word(const std::vector<char32_t>& text) {
    const bool is_apostrophe = text.front() == U'\'' || text.front() == U'\u2019';
    return is_apostrophe ? text.size() > 1 && is_of_word(text[1]) : is_of_word(text.front());
}

void join(TokenGroup& group, const TokenLabel& label, int position) {
    group.positions.push_back(position);
    group.text += has_mark(label) ? without_mark(label.text) : std::string_view(label.text);
}

bool holds(const std::vector<int>& values, int value) {
    return std::find(values.begin(), values.end(), value) != values.end();
}

}  // namespace

std::vector<TokenGroup> list_tokens(std::span<const TokenLabel> labels, int extent) {
    std::vector<TokenGroup> groups;
    for (int i = 0; i < extent; ++i) {
        const auto at = static_cast<std::size_t>(i);
        if (static_cast<int>(labels.size()) == extent) {
            groups.push_back({{i}, labels[at].text, labels[at].is_special});
        } else {
            groups.push_back({{i}, std::to_string(i), false});
        }
    }
    return groups;
}

bool continues_word(std::span<const TokenLabel> labels, int position) {
    if (position <= 0 || static_cast<std::size_t>(position) >= labels.size()) return false;
    const TokenLabel& before = labels[static_cast<std::size_t>(position) - 1];
    const TokenLabel& own = labels[static_cast<std::size_t>(position)];
    if (own.is_special || before.is_special || own.text_index != before.text_index) return false;
    if (has_mark(own)) return true;
    const bool has_bytes = own.end > own.begin && before.end > before.begin;
    // Two parts of the bytes of one character.
    if (has_bytes && own.begin < before.end && own.begin >= before.begin) return true;
    if (has_bytes && own.begin != before.end) return false;
    const std::vector<char32_t> end = decode(before.text);
    const std::vector<char32_t> start = decode(own.text);
    if (end.empty() || start.empty()) return false;
    if (!has_bytes) {
        // Without bytes a missing space tells something only where others have theirs.
        const bool has_spaces = std::any_of(labels.begin(), labels.end(), [](const TokenLabel& l) {
            return l.text.size() > 1 && l.text.front() == ' ';
        });
        if (!has_spaces) return false;
    }
    return is_of_word(end.back()) && begins_like_word(start);
}

std::vector<TokenGroup> group_words(std::span<const TokenLabel> labels, int extent) {
    if (static_cast<int>(labels.size()) != extent) return list_tokens(labels, extent);
    std::vector<TokenGroup> groups;
    for (int i = 0; i < extent; ++i) {
        const TokenLabel& label = labels[static_cast<std::size_t>(i)];
        if (continues_word(labels, i)) {
            join(groups.back(), label, i);
        } else {
            groups.push_back({{i}, label.text, label.is_special});
        }
    }
    return groups;
}

std::vector<TokenGroup> filter_groups(std::vector<TokenGroup> groups,
                                      std::span<const TokenLabel> labels,
                                      const TokenFilter& filter) {
    const auto is_hidden = [&](int position) {
        const auto at = static_cast<std::size_t>(position);
        if (filter.hides_special && at < labels.size() && labels[at].is_special) return true;
        return (filter.hides_first && position == 0) || holds(filter.hidden, position);
    };
    std::vector<TokenGroup> kept;
    for (TokenGroup& group : groups) {
        const bool is_asked =
            filter.only.empty() ||
            std::any_of(group.positions.begin(), group.positions.end(),
                        [&](int position) { return holds(filter.only, position); });
        if (!is_asked) continue;
        group.positions.erase(
            std::remove_if(group.positions.begin(), group.positions.end(), is_hidden),
            group.positions.end());
        if (!group.positions.empty()) kept.push_back(std::move(group));
    }
    return kept;
}

int find_group(const std::vector<TokenGroup>& groups, int position) {
    for (std::size_t i = 0; i < groups.size(); ++i) {
        if (holds(groups[i].positions, position)) return static_cast<int>(i);
    }
    return -1;
}

int step_group(const std::vector<TokenGroup>& groups, int position, int by) {
    if (groups.empty()) return -1;
    const int last = static_cast<int>(groups.size()) - 1;
    int at = find_group(groups, position);
    if (at < 0) {
        int before = -1;
        for (int i = 0; i <= last; ++i) {
            if (groups[static_cast<std::size_t>(i)].positions.front() < position) before = i;
        }
        at = by > 0 ? before : before + 1;
    }
    at = std::clamp(at + by, 0, last);
    return groups[static_cast<std::size_t>(at)].positions.front();
}

}  // namespace heed
