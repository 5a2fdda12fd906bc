// The pieces that a model knows and their ids.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace heed {

class Vocabulary {
  public:
    struct Entry {
        std::string piece;
        std::int64_t id = 0;
        int line = 0;  // of the file, for messages; 0 where not known
    };

    // Throws Error, beginning with `where` and naming `field`, for no entries, ids that are
    // negative, huge (beyond twice the number of entries and a million) or given twice, and pieces
    // given twice.
    Vocabulary(std::vector<Entry> entries, std::string_view where, std::string_view field);
    Vocabulary(const Vocabulary&) = delete;
    Vocabulary& operator=(const Vocabulary&) = delete;

    std::optional<int> find(std::string_view piece) const;
    // The piece of an id, or nullptr where there is none.
    const std::string* piece(int id) const;
    // The piece of an id that a model has handed out.
    const std::string& known_piece(int id) const { return pieces_[static_cast<std::size_t>(id)]; }
    int size() const { return static_cast<int>(pieces_.size()); }  // largest id + 1
    std::size_t entry_count() const { return ids_.size(); }

    // The largest id that a vocabulary of `entries` entries may hold.
    static std::int64_t largest_id(std::size_t entries);

  private:
    std::vector<std::string> pieces_;  // by id; holes are empty and not in ids_
    std::unordered_map<std::string_view, int> ids_;
    int empty_piece_id_ = -1;  // the id of the empty piece, which pieces_ cannot tell from a hole
};

// 30522 as "30,522".
std::string group_digits(std::size_t number);

// The ids of the pieces <0x00> ... <0xFF>; -1 for those that are not there.
std::array<int, 256> find_byte_pieces(const Vocabulary& vocabulary);
// The byte that a piece like "<0xE2>" stands for.
std::optional<unsigned char> parse_byte_piece(std::string_view piece);

}  // namespace heed
