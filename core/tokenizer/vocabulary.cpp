#include "core/tokenizer/vocabulary.h"

#include <charconv>
#include <cstdio>

#include "core/base/error.h"

namespace heed {
namespace {

std::string place(std::string_view where, int line) {
    std::string out(where);
    if (line > 0) out += ": line " + std::to_string(line);
    return out;
}

}  // namespace

std::int64_t Vocabulary::largest_id(std::size_t entries) {
    return static_cast<std::int64_t>(2 * entries) + 1'000'000;
}

Vocabulary::Vocabulary(std::vector<Entry> entries, std::string_view where, std::string_view field) {
    if (entries.empty()) throw Error(where, field, "at least one entry", "none");
    const std::int64_t limit = largest_id(entries.size());
    std::int64_t largest = 0;
    for (const Entry& entry : entries) {
        if (entry.id < 0 || entry.id > limit) {
            throw Error(place(where, entry.line), field,
                        "ids from 0 to at most " + std::to_string(limit),
                        "id " + std::to_string(entry.id) + " for " + in_quotes(entry.piece));
        }
        largest = std::max(largest, entry.id);
    }
    pieces_.resize(static_cast<std::size_t>(largest) + 1);
    ids_.reserve(entries.size());
    for (Entry& entry : entries) {
        const int id = static_cast<int>(entry.id);
        if (piece(id) != nullptr) {
            throw Error(place(where, entry.line), field, "each id once",
                        "id " + std::to_string(id) + " for " + in_quotes(*piece(id)) + " and " +
                            in_quotes(entry.piece));
        }
        std::string& text = pieces_[static_cast<std::size_t>(id)];
        text = std::move(entry.piece);
        if (text.empty()) empty_piece_id_ = id;
        const auto [other, is_new] = ids_.emplace(text, id);
        if (!is_new) {
            throw Error(place(where, entry.line), field, "each entry once",
                        in_quotes(text) + " twice, with ids " + std::to_string(other->second) +
                            " and " + std::to_string(id));
        }
    }
}

std::optional<int> Vocabulary::find(std::string_view piece) const {
    const auto at = ids_.find(piece);
    if (at == ids_.end()) return std::nullopt;
    return at->second;
}

const std::string* Vocabulary::piece(int id) const {
    if (id < 0 || id >= size()) return nullptr;
    const std::string& piece = pieces_[static_cast<std::size_t>(id)];
    return piece.empty() && id != empty_piece_id_ ? nullptr : &piece;
}

std::string group_digits(std::size_t number) {
    const std::string digits = std::to_string(number);
    std::string out;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i > 0 && (digits.size() - i) % 3 == 0) out += ',';
        out += digits[i];
    }
    return out;
}

std::array<int, 256> find_byte_pieces(const Vocabulary& vocabulary) {
    std::array<int, 256> ids{};
    for (unsigned byte = 0; byte < ids.size(); ++byte) {
        char piece[8];
        std::snprintf(piece, sizeof piece, "<0x%02X>", byte);
        ids[byte] = vocabulary.find(piece).value_or(-1);
    }
    return ids;
}

std::optional<unsigned char> parse_byte_piece(std::string_view piece) {
    if (piece.size() != 6 || !piece.starts_with("<0x") || piece[5] != '>') return std::nullopt;
    unsigned value = 0;
    const char* end = piece.data() + 5;
    const auto [at, failure] = std::from_chars(piece.data() + 3, end, value, 16);
    if (failure != std::errc() || at != end) return std::nullopt;
    return static_cast<unsigned char>(value);
}

}  // namespace heed
