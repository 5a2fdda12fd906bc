#include "core/tokenizer/normalized_text.h"

#include "core/base/check.h"
#include "core/base/utf8.h"
#include "core/tokenizer/unicode.h"

namespace heed {
namespace {

// Steps over one character of a valid text.
std::size_t character_length(std::string_view text, std::size_t at) {
    return static_cast<std::size_t>(decode_character(text, at).length);
}

}  // namespace

void NormalizedText::append_long(char32_t c, ByteSpan span) {
    append_utf8(text, c);
    spans.resize(text.size(), span);
}

NormalizedText make_normalized_text(std::string_view original, std::size_t begin, std::size_t end) {
    HEED_CHECK_LE(end, original.size());
    HEED_CHECK_LT(original.size(), std::size_t{UINT32_MAX});
    NormalizedText out;
    out.text.reserve(end - begin);
    out.spans.reserve(end - begin);
    const std::string_view part = original.substr(0, end);
    std::size_t at = begin;
    while (at < end) {
        const Utf8Char c = decode_character(part, at);
        const std::size_t next = at + static_cast<std::size_t>(c.length);
        out.append(c.code_point,
                   {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(next)});
        at = next;
    }
    return out;
}

NormalizedText rewrite_text(const NormalizedText& old,
                            const std::vector<RewrittenChar>& characters) {
    NormalizedText out;
    out.text.reserve(old.text.size());
    out.spans.reserve(old.text.size());
    std::size_t at = 0;  // the next byte of the old text
    const auto skip = [&old, &at](int count) {
        for (int i = 0; i < count && at < old.text.size(); ++i) {
            at += character_length(old.text, at);
        }
    };
    for (const RewrittenChar& c : characters) {
        ByteSpan span;
        if (c.change > 0) {
            if (at > 0) span = old.spans[at - 1];
        } else {
            HEED_CHECK_LT(at, old.text.size());
            span = old.spans[at];
            skip(1 - c.change);
        }
        out.append(c.code_point, span);
    }
    return out;
}

std::vector<char32_t> decode_characters(std::string_view text) {
    std::vector<char32_t> out;
    out.reserve(text.size());
    std::size_t at = 0;
    while (at < text.size()) {
        const Utf8Char c = decode_character(text, at);
        out.push_back(c.code_point);
        at += static_cast<std::size_t>(c.length);
    }
    return out;
}

}  // namespace heed
