// A number for a text: names of files, versions of pictures. Not for keeping secrets.
#pragma once

#include <cstdint>
#include <string_view>

namespace heed {

// FNV-1a (Fowler, Noll, Vo).
inline std::uint64_t hash_text(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const char c : text) {
        hash ^= static_cast<unsigned char>(c);
        hash *= 0x100000001b3U;
    }
    return hash;
}

}  // namespace heed
