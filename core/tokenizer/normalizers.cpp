#include "core/tokenizer/normalizers.h"

#include <algorithm>
#include <utility>

#include "core/base/utf8.h"
#include "core/tokenizer/unicode.h"

namespace heed {
namespace {

// Characters in canonical order: decomposed, and runs of marks sorted by combining class.
std::vector<RewrittenChar> decompose(std::string_view text, bool is_compatible) {
    std::vector<RewrittenChar> out;
    std::vector<char32_t> parts;
    std::size_t run_begin = 0;  // where the run of marks begins that `out` ends with
    const auto sort_run = [&] {
        std::stable_sort(out.begin() + static_cast<std::ptrdiff_t>(run_begin), out.end(),
                         [](const RewrittenChar& a, const RewrittenChar& b) {
                             return combining_class(a.code_point) < combining_class(b.code_point);
                         });
    };
    for (const char32_t c : decode_characters(text)) {
        parts.clear();
        append_decomposition(parts, c, is_compatible);
        for (std::size_t i = 0; i < parts.size(); ++i) {
            if (combining_class(parts[i]) == 0) {
                sort_run();
                run_begin = out.size() + 1;
            }
            out.push_back({parts[i], i > 0 ? 1 : 0});
        }
    }
    sort_run();
    return out;
}

// Joins what has a composed form. A character that goes into one before it takes its own change
// along and is one less.
std::vector<RewrittenChar> compose(const std::vector<RewrittenChar>& characters) {
    std::vector<RewrittenChar> out;
    std::size_t starter = SIZE_MAX;
    int last_class = -1;  // of the character before, where it stayed behind the starter
    for (const RewrittenChar& c : characters) {
        const int combining = combining_class(c.code_point);
        const bool is_blocked = last_class >= combining && last_class != -1;
        const char32_t composed = starter == SIZE_MAX || is_blocked
                                      ? char32_t{0}
                                      : compose_pair(out[starter].code_point, c.code_point);
        if (composed != 0) {
            out[starter].code_point = composed;
            out[starter].change += c.change - 1;
            continue;
        }
        if (combining == 0) {
            starter = out.size();
            last_class = -1;
        } else {
            last_class = combining;
        }
        out.push_back(c);
    }
    return out;
}

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char byte) { return static_cast<unsigned char>(byte) < 0x80; });
}

// Room for as much text as there was.
NormalizedText make_room(const NormalizedText& text) {
    NormalizedText out;
    out.text.reserve(text.text.size());
    out.spans.reserve(text.text.size());
    return out;
}

bool is_ascii_byte(char byte) {
    return static_cast<unsigned char>(byte) < 0x80;
}

// The bytes [begin, end) alone.
NormalizedText slice(const NormalizedText& text, std::size_t begin, std::size_t end) {
    const auto spans = text.spans.begin();
    return {text.text.substr(begin, end - begin),
            {spans + static_cast<std::ptrdiff_t>(begin), spans + static_cast<std::ptrdiff_t>(end)}};
}

// Appends a run of other characters than ASCII, decomposed, without its nonspacing marks.
void append_without_accents(NormalizedText& out, const NormalizedText& run) {
    const NormalizedText decomposed = rewrite_text(run, decompose(run.text, false));
    std::size_t at = 0;
    while (at < decomposed.text.size()) {
        const Utf8Char c = decode_character(decomposed.text, at);
        if (!is_nonspacing_mark(c.code_point)) out.append(c.code_point, decomposed.spans[at]);
        at += static_cast<std::size_t>(c.length);
    }
}

// ASCII has no decomposition and no mark is sorted past it, so what lies between stands alone.
NormalizedText strip_accents(const NormalizedText& text) {
    NormalizedText out = make_room(text);
    std::size_t at = 0;
    while (at < text.text.size()) {
        if (is_ascii_byte(text.text[at])) {
            out.text += text.text[at];
            out.spans.push_back(text.spans[at++]);
            continue;
        }
        std::size_t end = at;
        while (end < text.text.size() && !is_ascii_byte(text.text[end])) ++end;
        append_without_accents(out, slice(text, at, end));
        at = end;
    }
    return out;
}

NormalizedText lower_case(NormalizedText text) {
    if (is_ascii(text.text)) {
        for (char& byte : text.text) {
            if (byte >= 'A' && byte <= 'Z') byte = static_cast<char>(byte - 'A' + 'a');
        }
        return text;
    }
    NormalizedText out = make_room(text);
    std::vector<char32_t> lower;
    std::size_t at = 0;
    while (at < text.text.size()) {
        const Utf8Char c = decode_character(text.text, at);
        lower.clear();
        append_lower_case(lower, c.code_point);
        for (const char32_t l : lower) out.append(l, text.spans[at]);
        at += static_cast<std::size_t>(c.length);
    }
    return out;
}

class BertNormalizer : public Normalizer {
  public:
    explicit BertNormalizer(const BertNormalizerOptions& options) : options_(options) {}

    NormalizedText normalize(NormalizedText text) const override {
        NormalizedText out = clean(text);
        if (options_.strips_accents && !is_ascii(out.text)) out = strip_accents(out);
        return options_.lower_cases ? lower_case(std::move(out)) : out;
    }
    bool is_lower_casing() const override { return options_.lower_cases; }

  private:
    NormalizedText clean(const NormalizedText& text) const {
        NormalizedText out = make_room(text);
        std::size_t at = 0;
        while (at < text.text.size()) {
            const Utf8Char decoded = decode_character(text.text, at);
            const ByteSpan span = text.spans[at];
            at += static_cast<std::size_t>(decoded.length);
            char32_t c = decoded.code_point;
            if (options_.clean_text && is_unclean_character(c)) continue;
            if (options_.clean_text && is_white_space(c)) c = ' ';
            const bool is_apart = options_.sets_chinese_apart && is_chinese_character(c);
            if (is_apart) out.append(' ', span);
            out.append(c, span);
            if (is_apart) out.append(' ', span);
        }
        return out;
    }

    BertNormalizerOptions options_;
};

class LowerCaseNormalizer : public Normalizer {
  public:
    NormalizedText normalize(NormalizedText text) const override {
        return lower_case(std::move(text));
    }
    bool is_lower_casing() const override { return true; }
};

class UnicodeNormalizer : public Normalizer {
  public:
    explicit UnicodeNormalizer(UnicodeForm form) : form_(form) {}

    NormalizedText normalize(NormalizedText text) const override {
        if (is_ascii(text.text)) return text;
        std::vector<RewrittenChar> characters = decompose(text.text, form_.is_compatible);
        if (form_.is_composed) characters = compose(characters);
        return rewrite_text(text, characters);
    }

  private:
    UnicodeForm form_;
};

class SequenceNormalizer : public Normalizer {
  public:
    explicit SequenceNormalizer(std::vector<std::unique_ptr<const Normalizer>> steps)
        : steps_(std::move(steps)) {}

    NormalizedText normalize(NormalizedText text) const override {
        for (const auto& step : steps_) text = step->normalize(std::move(text));
        return text;
    }
    bool is_lower_casing() const override {
        return std::any_of(steps_.begin(), steps_.end(),
                           [](const auto& step) { return step->is_lower_casing(); });
    }

  private:
    std::vector<std::unique_ptr<const Normalizer>> steps_;
};

}  // namespace

std::unique_ptr<const Normalizer> make_bert_normalizer(const BertNormalizerOptions& options) {
    return std::make_unique<BertNormalizer>(options);
}

std::unique_ptr<const Normalizer> make_lower_case_normalizer() {
    return std::make_unique<LowerCaseNormalizer>();
}

std::unique_ptr<const Normalizer> make_unicode_normalizer(UnicodeForm form) {
    return std::make_unique<UnicodeNormalizer>(form);
}

std::unique_ptr<const Normalizer> make_sequence_normalizer(
    std::vector<std::unique_ptr<const Normalizer>> steps) {
    return std::make_unique<SequenceNormalizer>(std::move(steps));
}

}  // namespace heed
