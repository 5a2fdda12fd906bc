// Walks the bytes of a GGUF file's head, never past their end. Used by gguf.cpp alone.
#pragma once

#include <cstring>

#include "core/format/gguf.h"

namespace heed {

class GgufReader {
  public:
    GgufReader(std::span<const std::byte> bytes, std::string_view where)
        : bytes_(bytes), where_(where) {}

    std::uint64_t position() const { return position_; }
    std::uint64_t left() const { return bytes_.size() - position_; }

    // The next `count` bytes. Throws Error, naming `field`, where so many are not left.
    std::span<const std::byte> take(std::uint64_t count, std::string_view field);

    template <class Number>
    Number read(std::string_view field) {
        Number number;
        std::memcpy(&number, take(sizeof number, field).data(), sizeof number);
        return number;
    }
    // A count of things that take at least `least_bytes` each.
    std::uint64_t read_count(std::string_view field, std::uint64_t least_bytes);
    std::string_view read_string(std::string_view field);
    // A kind and a value of it.
    GgufValue read_value(const std::string& field);

    // A value of a kind that is known, `depth` arrays deep.
    GgufValue read_of_kind(GgufKind kind, const std::string& field, int depth);

  private:
    GgufKind read_kind(const std::string& field);
    GgufValue read_array(const std::string& field, int depth);

    std::span<const std::byte> bytes_;
    std::string_view where_;
    std::uint64_t position_ = 0;
};

// Bytes of a value of a kind whose values are all of one size; 0 for strings and arrays.
std::uint64_t gguf_kind_bytes(GgufKind kind);

}  // namespace heed
