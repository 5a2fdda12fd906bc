#include "core/tokenizer/byte_letters.h"

#include "core/base/utf8.h"

namespace heed {

namespace {

constexpr std::size_t kLetterLimit = 0x144;  // above the largest letter

constexpr std::array<int, kLetterLimit> make_letter_bytes() {
    std::array<int, kLetterLimit> bytes{};
    for (int& byte : bytes) byte = -1;
    for (int byte = 0; byte < 256; ++byte) {
        bytes[kByteLetters[static_cast<std::size_t>(byte)]] = byte;
    }
    return bytes;
}

constexpr std::array<int, kLetterLimit> kLetterBytes = make_letter_bytes();

}  // namespace

std::optional<unsigned char> byte_of_letter(char32_t letter) {
    if (letter >= kLetterLimit || kLetterBytes[letter] < 0) return std::nullopt;
    return static_cast<unsigned char>(kLetterBytes[letter]);
}

std::optional<std::string> spell_bytes(std::string_view piece) {
    std::string bytes;
    std::size_t at = 0;
    while (at < piece.size()) {
        const Utf8Char c = decode_utf8(piece, at);
        const auto byte = c.valid ? byte_of_letter(c.code_point) : std::nullopt;
        if (!byte) return std::nullopt;
        bytes += static_cast<char>(*byte);
        at += static_cast<std::size_t>(c.length);
    }
    return bytes;
}

}  // namespace heed
