// A hash table from 64-bit keys to 64-bit values, for the two inner loops of tokenizing: the next
// node of a trie and the rank of a merge. Filled once, then only read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/check.h"

namespace heed {

class PairTable {
  public:
    // Room for `count` entries.
    explicit PairTable(std::size_t count) {
        std::size_t slots = 16;
        while (slots < 2 * count) slots *= 2;
        slots_.resize(slots);
    }

    // Sets the value of `key`, which is not UINT64_MAX.
    void set(std::uint64_t key, std::uint64_t value) {
        Slot& slot = slots_[find_slot(key)];
        if (slot.key == kEmpty) {
            ++used_;
            HEED_CHECK_LT(used_, slots_.size());
        }
        slot = {key, value};
    }

    // The value of `key`, or nullptr.
    const std::uint64_t* find(std::uint64_t key) const {
        const Slot& slot = slots_[find_slot(key)];
        return slot.key == kEmpty ? nullptr : &slot.value;
    }

  private:
    static constexpr std::uint64_t kEmpty = UINT64_MAX;
    struct Slot {
        std::uint64_t key = kEmpty;
        std::uint64_t value = 0;
    };

    std::size_t find_slot(std::uint64_t key) const {
        const std::size_t mask = slots_.size() - 1;
        std::uint64_t hash = key * 0x9E3779B97F4A7C15u;
        hash ^= hash >> 32;
        std::size_t at = static_cast<std::size_t>(hash) & mask;
        while (slots_[at].key != kEmpty && slots_[at].key != key) at = (at + 1) & mask;
        return at;
    }

    std::vector<Slot> slots_;
    std::size_t used_ = 0;
};

}  // namespace heed
