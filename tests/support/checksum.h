// FNV-1a of 64 bits, as tools/checksum.py has it: tells stale goldens, guards against nothing else.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace heed::test {

// 16 hexadecimal digits.
inline std::string fnv1a64(std::string_view content) {
    std::uint64_t value = 0xcbf29ce484222325U;
    for (const char byte : content) {
        value = (value ^ static_cast<unsigned char>(byte)) * 0x100000001b3U;
    }
    std::string digits;
    for (int shift = 60; shift >= 0; shift -= 4) digits += "0123456789abcdef"[value >> shift & 15U];
    return digits;
}

}  // namespace heed::test
