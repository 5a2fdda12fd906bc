// The table of rewritings that SentencePiece models carry ("precompiled_charsmap"): a double-array
// trie (the Darts format) from UTF-8 prefixes to what they become. The file is not trusted: every
// step through the trie stays inside it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace heed {

class CharsMap {
  public:
    // `blob`: the trie's size in bytes (32 bits, little-endian), the trie, then the texts, each
    // ended by a zero byte. Empty: no rewritings. Throws Error (`where`, `field`).
    CharsMap(std::string_view blob, std::string_view where, std::string_view field);

    struct Match {
        std::size_t length = 0;      // bytes of the prefix
        std::string_view rewritten;  // what it becomes
    };
    // The shortest or the longest beginning of `text` that the table has.
    std::optional<Match> find_shortest(std::string_view text) const;
    std::optional<Match> find_longest(std::string_view text) const;

  private:
    std::optional<Match> find(std::string_view text, bool longest) const;

    std::vector<std::uint32_t> units_;
    std::string texts_;
};

// The bytes of a text in base64 with padding; nullopt where it is none.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace heed
