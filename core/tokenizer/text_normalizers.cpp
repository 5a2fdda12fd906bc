// Normalizers that rewrite parts of a text: Replace, Prepend, Strip and Precompiled.
#include <utf8proc.h>

#include <utility>

#include "core/tokenizer/charsmap.h"
#include "core/tokenizer/normalizers.h"
#include "core/tokenizer/regex.h"
#include "core/tokenizer/unicode.h"

namespace heed {
namespace {

// Bytes [begin, end) of `from` at the end of `to`.
void append_bytes(NormalizedText& to, const NormalizedText& from, std::size_t begin,
                  std::size_t end) {
    to.text.append(from.text, begin, end - begin);
    to.spans.insert(to.spans.end(), from.spans.begin() + static_cast<std::ptrdiff_t>(begin),
                    from.spans.begin() + static_cast<std::ptrdiff_t>(end));
}

void append_text(NormalizedText& to, std::string_view text, ByteSpan span) {
    to.text += text;
    to.spans.resize(to.text.size(), span);
}

// What stands for a match has the origin of the match's last character, for an empty match that of
// the character before it.
class ReplaceNormalizer : public Normalizer {
  public:
    ReplaceNormalizer(TextPattern pattern, std::string content)
        : pattern_(std::move(pattern)), content_(std::move(content)) {}

    NormalizedText normalize(NormalizedText text) const override {
        const std::vector<TextRange> matches = pattern_.find_all(text.text);
        if (matches.empty()) return text;
        NormalizedText out;
        std::size_t at = 0;
        for (const TextRange& match : matches) {
            append_bytes(out, text, at, match.begin);
            const std::uint32_t begin = text.spans.front().begin;
            append_text(out, content_,
                        match.end > 0 ? text.spans[match.end - 1] : ByteSpan{begin, begin});
            at = match.end;
        }
        append_bytes(out, text, at, text.text.size());
        return out;
    }

  private:
    TextPattern pattern_;
    std::string content_;
};

// Nothing is set before an empty text.
class PrependNormalizer : public Normalizer {
  public:
    explicit PrependNormalizer(std::string content) : content_(std::move(content)) {}

    NormalizedText normalize(NormalizedText text) const override {
        if (text.text.empty()) return text;
        NormalizedText out;
        append_text(out, content_, text.spans.front());
        append_bytes(out, text, 0, text.text.size());
        return out;
    }

  private:
    std::string content_;
};

class StripNormalizer : public Normalizer {
  public:
    StripNormalizer(bool left, bool right) : left_(left), right_(right) {}

    NormalizedText normalize(NormalizedText text) const override {
        std::size_t begin = text.text.size();
        std::size_t end = 0;  // after the last character that stays
        for (std::size_t at = 0; at < text.text.size();) {
            const Utf8Char c = decode_character(text.text, at);
            const std::size_t next = at + static_cast<std::size_t>(c.length);
            if (!is_white_space(c.code_point)) {
                if (begin == text.text.size()) begin = at;
                end = next;
            }
            at = next;
        }
        if (!left_) begin = 0;
        if (!right_) end = text.text.size();
        NormalizedText out;
        if (begin < end) append_bytes(out, text, begin, end);
        return out;
    }

  private:
    bool left_;
    bool right_;
};

// The end of the grapheme cluster that begins at `at`.
std::size_t find_cluster_end(std::string_view text, std::size_t at) {
    utf8proc_int32_t state = 0;
    Utf8Char c = decode_character(text, at);
    for (;;) {
        at += static_cast<std::size_t>(c.length);
        if (at >= text.size()) return at;
        const Utf8Char next = decode_character(text, at);
        if (utf8proc_grapheme_break_stateful(static_cast<utf8proc_int32_t>(c.code_point),
                                             static_cast<utf8proc_int32_t>(next.code_point),
                                             &state) != 0) {
            return at;
        }
        c = next;
    }
}

// A grapheme cluster shorter than 6 bytes becomes what its shortest known beginning becomes; else
// each of its characters by itself.
class PrecompiledNormalizer : public Normalizer {
  public:
    explicit PrecompiledNormalizer(CharsMap map) : map_(std::move(map)) {}

    NormalizedText normalize(NormalizedText text) const override {
        std::vector<RewrittenChar> out;
        bool is_modified = false;
        const std::string_view all = text.text;
        const auto rewrite = [&](std::string_view part) {
            const auto match = map_.find_shortest(part);
            if (!match) return false;
            replace(out, part, match->rewritten);
            is_modified = true;
            return true;
        };
        for (std::size_t at = 0; at < all.size();) {
            const std::size_t end = find_cluster_end(all, at);
            const std::string_view cluster = all.substr(at, end - at);
            at = end;
            if (cluster.size() < kLongCluster && rewrite(cluster)) continue;
            for (std::size_t i = 0; i < cluster.size();) {
                const Utf8Char c = decode_character(cluster, i);
                const auto length = static_cast<std::size_t>(c.length);
                if (!rewrite(cluster.substr(i, length))) out.push_back({c.code_point, 0});
                i += length;
            }
        }
        return is_modified ? rewrite_text(text, out) : text;
    }

  private:
    static constexpr std::size_t kLongCluster = 6;  // bytes

    // More characters than there were: the last ones are inserted. Fewer: the last one of all that
    // is written stands for those that are gone.
    static void replace(std::vector<RewrittenChar>& out, std::string_view from,
                        std::string_view to) {
        const auto before = static_cast<int>(decode_characters(from).size());
        const std::vector<char32_t> made = decode_characters(to);
        const int more = static_cast<int>(made.size()) - before;
        for (const char32_t c : made) out.push_back({c, 0});
        if (more > 0) {
            for (int i = 0; i < more; ++i)
                out[out.size() - 1 - static_cast<std::size_t>(i)].change = 1;
        } else if (more < 0 && !out.empty()) {
            out.back().change += more;
        }
    }

    CharsMap map_;
};

}  // namespace

std::unique_ptr<const Normalizer> make_replace_normalizer(TextPattern pattern,
                                                          std::string content) {
    return std::make_unique<ReplaceNormalizer>(std::move(pattern), std::move(content));
}

std::unique_ptr<const Normalizer> make_prepend_normalizer(std::string content) {
    return std::make_unique<PrependNormalizer>(std::move(content));
}

std::unique_ptr<const Normalizer> make_strip_normalizer(bool left, bool right) {
    return std::make_unique<StripNormalizer>(left, right);
}

std::unique_ptr<const Normalizer> make_precompiled_normalizer(CharsMap map) {
    return std::make_unique<PrecompiledNormalizer>(std::move(map));
}

}  // namespace heed
