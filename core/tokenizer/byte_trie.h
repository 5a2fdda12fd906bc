// A tree of byte strings, walked a byte at a time: finds the longest entry that a text begins with.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/tokenizer/pair_table.h"

namespace heed {

class ByteTrie {
  public:
    struct Entry {
        std::string_view text;  // used during construction only
        int value = 0;          // >= 0
    };
    struct Match {
        std::size_t length = 0;  // bytes
        int value = 0;
    };

    // Entries without text are left out; of two with the same text the first counts.
    explicit ByteTrie(const std::vector<Entry>& entries);

    static constexpr std::uint32_t kRoot = 0;
    // The node after `text` from the root, or nullopt where no entry begins with it.
    std::optional<std::uint32_t> walk(std::string_view text) const;
    // The longest entry of at least one byte that `text` at `at` begins with, continuing from
    // `node`.
    std::optional<Match> find_longest(std::string_view text, std::size_t at,
                                      std::uint32_t node = kRoot) const;

    // Calls found(length, value) for every entry of at least one byte that `text` at `at` begins
    // with, the shortest first.
    template <class Found>
    void find_each(std::string_view text, std::size_t at, const Found& found) const {
        std::uint32_t node = kRoot;
        for (std::size_t i = at; i < text.size(); ++i) {
            node = find_child(node, text[i]);
            if (node == kRoot) return;
            if (values_[node] >= 0) found(i + 1 - at, values_[node]);
        }
    }

    // Whether an entry begins with this byte.
    bool can_begin(char byte) const { return of_root_[static_cast<unsigned char>(byte)] != 0; }

  private:
    std::uint32_t find_child(std::uint32_t node, char byte) const;

    PairTable children_;                        // node * 256 + byte -> child
    std::array<std::uint32_t, 256> of_root_{};  // the same for the root; 0 where there is none
    std::vector<int> values_;                   // of each node, -1 where no entry ends
};

}  // namespace heed
