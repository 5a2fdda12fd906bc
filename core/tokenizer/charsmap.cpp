#include "core/tokenizer/charsmap.h"

#include <cstring>

#include "core/base/error.h"
#include "core/base/utf8.h"

namespace heed {
namespace {

// One unit of a Darts double array.
struct Unit {
    std::uint32_t bits;

    bool has_leaf() const { return ((bits >> 8) & 1U) != 0; }
    std::uint32_t value() const { return bits & 0x7FFFFFFFU; }
    std::uint32_t label() const { return bits & 0x800000FFU; }
    std::size_t offset() const { return std::size_t{bits >> 10} << ((bits & 0x200U) >> 6); }
};

// A byte within a character of UTF-8, not its first.
bool is_continuation(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80;
}

int base64_digit(char c) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    if (c == '+') return 62;
    return c == '/' ? 63 : -1;
}

}  // namespace

CharsMap::CharsMap(std::string_view blob, std::string_view where, std::string_view field) {
    if (blob.empty()) return;
    std::uint32_t bytes = 0;
    if (blob.size() >= sizeof bytes) std::memcpy(&bytes, blob.data(), sizeof bytes);
    if (bytes == 0 || bytes % 4 != 0 || bytes > blob.size() - sizeof bytes) {
        throw Error(where, field, "a table of rewritings",
                    "one whose trie is said to have " + std::to_string(bytes) + " of " +
                        std::to_string(blob.size()) + " bytes");
    }
    units_.resize(bytes / 4);
    std::memcpy(units_.data(), blob.data() + sizeof bytes, bytes);
    texts_ = blob.substr(sizeof bytes + bytes);
    texts_ += '\0';
    if (const auto place = find_invalid_utf8(texts_)) {
        throw Error(where, field, "rewritings in UTF-8",
                    "other bytes at " + std::to_string(*place) + " of them");
    }
}

std::optional<CharsMap::Match> CharsMap::find(std::string_view text, bool longest) const {
    std::optional<Match> best;
    if (units_.empty()) return best;
    std::size_t node = Unit{units_[0]}.offset();
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        node ^= byte;
        if (byte == 0 || node >= units_.size()) break;
        const Unit unit{units_[node]};
        if (unit.label() != byte) break;
        node ^= unit.offset();
        if (node >= units_.size()) break;
        if (!unit.has_leaf()) continue;
        const std::size_t value = Unit{units_[node]}.value();
        // What would cut a character in two is no rewriting.
        if (value >= texts_.size() || is_continuation(texts_[value])) break;
        if (i + 1 < text.size() && is_continuation(text[i + 1])) continue;
        best = Match{i + 1, std::string_view(texts_.c_str() + value)};
        if (!longest) break;
    }
    return best;
}

std::optional<CharsMap::Match> CharsMap::find_shortest(std::string_view text) const {
    return find(text, false);
}

std::optional<CharsMap::Match> CharsMap::find_longest(std::string_view text) const {
    return find(text, true);
}

std::optional<std::string> decode_base64(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    std::string out;
    out.reserve(text.size() / 4 * 3);
    for (std::size_t at = 0; at < text.size(); at += 4) {
        const bool is_last = at + 4 == text.size();
        int padding = 0;
        if (is_last && text[at + 3] == '=') padding = text[at + 2] == '=' ? 2 : 1;
        std::uint32_t bits = 0;
        for (int i = 0; i < 4; ++i) {
            const int digit =
                i >= 4 - padding ? 0 : base64_digit(text[at + static_cast<std::size_t>(i)]);
            if (digit < 0) return std::nullopt;
            bits = (bits << 6) | static_cast<std::uint32_t>(digit);
        }
        for (int i = 0; i < 3 - padding; ++i) {
            out += static_cast<char>((bits >> (16 - 8 * i)) & 0xFFU);
        }
    }
    return out;
}

}  // namespace heed
