// The 256 letters that stand for bytes in byte-level vocabularies: printable characters for
// themselves, the others as U+0100 and up, so that a space is "Ġ".
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace heed {

constexpr bool is_printable_byte(unsigned byte) {
    return (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
}

constexpr std::array<char32_t, 256> make_byte_letters() {
    std::array<char32_t, 256> letters{};
    char32_t next = 0x100;
    for (unsigned byte = 0; byte < 256; ++byte) {
        letters[byte] = is_printable_byte(byte) ? char32_t{byte} : next++;
    }
    return letters;
}

// The letter of each byte.
inline constexpr std::array<char32_t, 256> kByteLetters = make_byte_letters();
inline constexpr char32_t kSpaceLetter = kByteLetters[' '];

// The byte of a letter, or nullopt where the character is none.
std::optional<unsigned char> byte_of_letter(char32_t letter);

// The bytes that `piece` spells, or nullopt where a character of it is no byte letter.
std::optional<std::string> spell_bytes(std::string_view piece);

}  // namespace heed
