// A text on its way to the model: what it has become, and for every byte of it the bytes of the
// original text that it came from. It knows no rule of any normalizer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace heed {

// Bytes [begin, end) of the original text.
struct ByteSpan {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
};

struct NormalizedText {
    std::string text;             // valid UTF-8
    std::vector<ByteSpan> spans;  // one for each byte of `text`: its whole character's origin

    void append(char32_t c, ByteSpan span) {
        if (c < 0x80) {
            text += static_cast<char>(c);
            spans.push_back(span);
        } else {
            append_long(c, span);
        }
    }
    void append_long(char32_t c, ByteSpan span);  // the same for what is not ASCII
};

// Bytes [begin, end) of `original`, each character its own origin. Bytes that are no UTF-8 become
// U+FFFD. The original has less than 4 GiB.
NormalizedText make_normalized_text(std::string_view original, std::size_t begin, std::size_t end);

// One character of a rewritten text. New characters are aligned with the old ones in order: each
// takes the next old character's origin and, where `change` is -n, n more old characters are gone
// with it. Where `change` is 1 the character is inserted and has the origin of the old character
// before it.
struct RewrittenChar {
    char32_t code_point = 0;
    int change = 0;
};

// `old` with its characters replaced.
NormalizedText rewrite_text(const NormalizedText& old,
                            const std::vector<RewrittenChar>& characters);

// The characters of a valid UTF-8 text.
std::vector<char32_t> decode_characters(std::string_view text);

}  // namespace heed
