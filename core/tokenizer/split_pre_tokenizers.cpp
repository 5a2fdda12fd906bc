// Pre-tokenizers that cut at a pattern: Split, Whitespace and Metaspace.
#include <utility>

#include "core/tokenizer/pre_tokenizers.h"
#include "core/tokenizer/unicode.h"

namespace heed {
namespace {

using Part = CutText::Part;

// A stretch of a part: a match of the pattern or what lies between two.
struct Stretch {
    TextRange range;
    bool is_match = false;
};

std::vector<Stretch> list_stretches(const TextPattern& pattern, std::string_view part,
                                    bool is_inverted) {
    std::vector<Stretch> stretches;
    std::size_t at = 0;
    for (const TextRange& match : pattern.find_all(part)) {
        if (match.begin > at) stretches.push_back({{at, match.begin}, is_inverted});
        stretches.push_back({match, !is_inverted});
        at = match.end;
    }
    if (at < part.size()) stretches.push_back({{at, part.size()}, is_inverted});
    return stretches;
}

// Neighbouring stretches as one where the behaviour says so.
std::vector<TextRange> join_stretches(const std::vector<Stretch>& stretches,
                                      CutBehaviour behaviour) {
    std::vector<TextRange> out;
    bool was_match = false;
    for (const Stretch& stretch : stretches) {
        bool joins = false;
        if (behaviour == CutBehaviour::kContiguous) joins = stretch.is_match == was_match;
        if (behaviour == CutBehaviour::kMergedWithPrevious) joins = stretch.is_match && !was_match;
        if (behaviour == CutBehaviour::kMergedWithNext) joins = !stretch.is_match && was_match;
        if (behaviour == CutBehaviour::kRemoved && stretch.is_match) {
            was_match = true;
            continue;
        }
        if (joins && !out.empty()) {
            out.back().end = stretch.range.end;
        } else {
            out.push_back(stretch.range);
        }
        was_match = stretch.is_match;
    }
    return out;
}

class SplitPreTokenizer : public PreTokenizer {
  public:
    SplitPreTokenizer(TextPattern pattern, CutBehaviour behaviour, bool is_inverted)
        : pattern_(std::move(pattern)), behaviour_(behaviour), is_inverted_(is_inverted) {}

    void cut(CutText& text) const override {
        cut_parts(text, [this](std::string_view part, const AddPiece& add) {
            for (const TextRange& range :
                 join_stretches(list_stretches(pattern_, part, is_inverted_), behaviour_)) {
                add(range.begin, range.end);
            }
        });
    }

  private:
    TextPattern pattern_;
    CutBehaviour behaviour_;
    bool is_inverted_;
};

class WordPreTokenizer : public PreTokenizer {
  public:
    void cut(CutText& text) const override {
        cut_parts(text, [](std::string_view part, const AddPiece& add) {
            enum class Kind { kSpace, kWord, kOther };
            std::size_t begin = 0;
            Kind run = Kind::kSpace;
            const auto end_run = [&](std::size_t at) {
                if (run != Kind::kSpace) add(begin, at);
            };
            for (std::size_t at = 0; at < part.size();) {
                const Utf8Char c = decode_character(part, at);
                Kind kind = Kind::kOther;
                if (is_word_character(c.code_point)) kind = Kind::kWord;
                if (is_white_space(c.code_point)) kind = Kind::kSpace;
                if (kind != run) {
                    end_run(at);
                    begin = at;
                    run = kind;
                }
                at += static_cast<std::size_t>(c.length);
            }
            end_run(part.size());
        });
    }
};

class MetaspacePreTokenizer : public PreTokenizer {
  public:
    explicit MetaspacePreTokenizer(MetaspaceOptions options) : options_(std::move(options)) {}

    void cut(CutText& text) const override {
        rebuild_parts(text, [&](const NormalizedText& old, const Part& part, NormalizedText& out) {
            write(old, part, out);
        });
        if (!options_.cuts_words) return;
        cut_parts(text, [this](std::string_view part, const AddPiece& add) {
            std::size_t begin = 0;
            while (begin < part.size()) {
                const std::size_t next = part.find(options_.replacement, begin + 1);
                const std::size_t end = next == std::string_view::npos ? part.size() : next;
                add(begin, end);
                begin = end;
            }
        });
    }

  private:
    using Prepend = MetaspaceOptions::Prepend;

    // The part with replacements for its spaces, one more before it where the options say so.
    void write(const NormalizedText& old, const Part& part, NormalizedText& out) const {
        const std::string_view bytes =
            std::string_view(old.text).substr(part.begin, part.end - part.begin);
        const bool begins_with_it =
            bytes.starts_with(' ') || bytes.starts_with(options_.replacement);
        const bool is_first = old.spans[part.begin].begin == 0;
        const bool prepends = options_.prepend == Prepend::kAlways ||
                              (options_.prepend == Prepend::kFirst && is_first);
        if (prepends && !begins_with_it) add_replacement(out, old.spans[part.begin]);
        for (std::size_t at = part.begin; at < part.end; ++at) {
            if (old.text[at] == ' ') {
                add_replacement(out, old.spans[at]);
            } else {
                out.text += old.text[at];
                out.spans.push_back(old.spans[at]);
            }
        }
    }

    void add_replacement(NormalizedText& out, ByteSpan span) const {
        out.text += options_.replacement;
        out.spans.resize(out.text.size(), span);
    }

    MetaspaceOptions options_;
};

}  // namespace

std::unique_ptr<const PreTokenizer> make_split_pre_tokenizer(TextPattern pattern,
                                                             CutBehaviour behaviour,
                                                             bool is_inverted) {
    return std::make_unique<SplitPreTokenizer>(std::move(pattern), behaviour, is_inverted);
}

std::unique_ptr<const PreTokenizer> make_word_pre_tokenizer() {
    return std::make_unique<WordPreTokenizer>();
}

std::unique_ptr<const PreTokenizer> make_metaspace_pre_tokenizer(MetaspaceOptions options) {
    return std::make_unique<MetaspacePreTokenizer>(std::move(options));
}

}  // namespace heed
