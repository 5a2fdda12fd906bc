#include "core/tokenizer/pre_tokenizers.h"

#include <utility>

#include "core/base/utf8.h"
#include "core/tokenizer/byte_letters.h"
#include "core/tokenizer/unicode.h"

namespace heed {
namespace {

using Part = CutText::Part;

// Cuts before and after the characters that `is_delimiter` is true for.
template <class IsDelimiter>
void cut_at(std::string_view part, CutBehaviour behaviour, const IsDelimiter& is_delimiter,
            const AddPiece& add) {
    std::size_t word_begin = 0;
    bool in_run = false;  // of delimiters, kept together
    std::size_t at = 0;
    while (at < part.size()) {
        const Utf8Char c = decode_character(part, at);
        const std::size_t next = at + static_cast<std::size_t>(c.length);
        const bool is_cut = is_delimiter(c.code_point);
        if (behaviour == CutBehaviour::kContiguous) {
            if (is_cut != in_run) {
                add(word_begin, at);
                word_begin = at;
                in_run = is_cut;
            }
        } else if (is_cut) {
            const bool joins_previous = behaviour == CutBehaviour::kMergedWithPrevious;
            const bool joins_next = behaviour == CutBehaviour::kMergedWithNext;
            add(word_begin, joins_previous ? next : at);
            if (behaviour == CutBehaviour::kIsolated) add(at, next);
            word_begin = joins_next ? at : next;
        }
        at = next;
    }
    add(word_begin, part.size());
}

class BertPreTokenizer : public PreTokenizer {
  public:
    void cut(CutText& text) const override {
        cut_parts(text, [](std::string_view part, const AddPiece& add) {
            cut_at(part, CutBehaviour::kRemoved, is_white_space,
                   [&](std::size_t begin, std::size_t end) {
                       cut_at(part.substr(begin, end - begin), CutBehaviour::kIsolated,
                              is_punctuation,
                              [&](std::size_t b, std::size_t e) { add(begin + b, begin + e); });
                   });
        });
    }
};

// Cuts at characters of one class.
class CharacterPreTokenizer : public PreTokenizer {
  public:
    CharacterPreTokenizer(bool (*is_delimiter)(char32_t), CutBehaviour behaviour)
        : is_delimiter_(is_delimiter), behaviour_(behaviour) {}
    void cut(CutText& text) const override {
        cut_parts(text, [this](std::string_view part, const AddPiece& add) {
            cut_at(part, behaviour_, is_delimiter_, add);
        });
    }

  private:
    bool (*is_delimiter_)(char32_t);
    CutBehaviour behaviour_;
};

class ByteLevelPreTokenizer : public PreTokenizer {
  public:
    explicit ByteLevelPreTokenizer(const ByteLevelOptions& options) : options_(options) {}

    void cut(CutText& text) const override {
        if (options_.adds_prefix_space) add_spaces(text);
        if (options_.cuts_words) {
            cut_parts(text, [](std::string_view part, const AddPiece& add) {
                std::size_t at = 0;
                while (at < part.size()) {
                    const std::size_t end = find_gpt2_word_end(part, at);
                    add(at, end);
                    at = end;
                }
            });
        }
        spell_letters(text);
    }

  private:
    // A space before each part that begins with none; its origin is the first character's.
    static void add_spaces(CutText& text) {
        rebuild_parts(text, [](const NormalizedText& old, const Part& part, NormalizedText& out) {
            if (old.text[part.begin] != ' ') out.append(' ', old.spans[part.begin]);
            copy_part(old, part, out);
        });
    }

    static void spell_letters(CutText& text) {
        rebuild_parts(text, [](const NormalizedText& old, const Part& part, NormalizedText& out) {
            for (std::size_t i = part.begin; i < part.end; ++i) {
                out.append(kByteLetters[static_cast<unsigned char>(old.text[i])], old.spans[i]);
            }
        });
    }

    ByteLevelOptions options_;
};

class SequencePreTokenizer : public PreTokenizer {
  public:
    explicit SequencePreTokenizer(std::vector<std::unique_ptr<const PreTokenizer>> steps)
        : steps_(std::move(steps)) {}
    void cut(CutText& text) const override {
        for (const auto& step : steps_) step->cut(text);
    }

  private:
    std::vector<std::unique_ptr<const PreTokenizer>> steps_;
};

// The length of 's, 't, 're, 've, 'm, 'll or 'd at `at`, where an apostrophe stands; 0 for none.
std::size_t contraction_length(std::string_view text, std::size_t at) {
    const std::string_view rest = text.substr(at + 1, 2);
    if (rest.empty()) return 0;
    if (rest[0] == 's' || rest[0] == 't' || rest[0] == 'm' || rest[0] == 'd') return 2;
    return rest == "re" || rest == "ve" || rest == "ll" ? 3 : 0;
}

struct ClassRun {
    std::size_t end = 0;         // where the run ends
    std::size_t last_begin = 0;  // where its last character begins
};

// The characters of one class from `at` on; `at` is the end where there is none.
ClassRun find_run(std::string_view text, std::size_t at, CharClass char_class) {
    ClassRun run{at, at};
    while (run.end < text.size()) {
        const Utf8Char c = decode_character(text, run.end);
        if (classify_character(c.code_point) != char_class) break;
        run.last_begin = run.end;
        run.end += static_cast<std::size_t>(c.length);
    }
    return run;
}

}  // namespace

void cut_parts(CutText& text,
               const std::function<void(std::string_view part, const AddPiece& add)>& cut_part) {
    std::vector<Part> parts;
    for (const Part& part : text.parts) {
        if (part.added_token >= 0) {
            parts.push_back(part);
            continue;
        }
        const std::string_view words =
            std::string_view(text.normalized.text).substr(part.begin, part.end - part.begin);
        cut_part(words, [&](std::size_t begin, std::size_t end) {
            if (begin < end) parts.push_back({part.begin + begin, part.begin + end});
        });
    }
    text.parts = std::move(parts);
}

void copy_part(const NormalizedText& old, const CutText::Part& part, NormalizedText& out) {
    out.text.append(old.text, part.begin, part.end - part.begin);
    out.spans.insert(out.spans.end(), old.spans.begin() + static_cast<std::ptrdiff_t>(part.begin),
                     old.spans.begin() + static_cast<std::ptrdiff_t>(part.end));
}

void rebuild_parts(CutText& text,
                   const std::function<void(const NormalizedText& old, const CutText::Part& part,
                                            NormalizedText& out)>& write) {
    NormalizedText out;
    out.text.reserve(text.normalized.text.size() + text.normalized.text.size() / 2);
    out.spans.reserve(out.text.capacity());
    for (Part& part : text.parts) {
        const std::size_t begin = out.text.size();
        if (part.added_token >= 0) {
            copy_part(text.normalized, part, out);
        } else {
            write(text.normalized, part, out);
        }
        part.begin = begin;
        part.end = out.text.size();
    }
    text.normalized = std::move(out);
}

std::size_t find_gpt2_word_end(std::string_view text, std::size_t at) {
    if (text[at] == '\'') {
        if (const std::size_t length = contraction_length(text, at)) return at + length;
    }
    // One space may lead a run of anything but white space.
    const std::size_t begin = text[at] == ' ' && at + 1 < text.size() ? at + 1 : at;
    const CharClass char_class = classify_character(decode_character(text, begin).code_point);
    if (char_class != CharClass::kSpace) return find_run(text, begin, char_class).end;
    // White space leaves its last character to the word after it, where there is one.
    const ClassRun run = find_run(text, at, CharClass::kSpace);
    return run.end == text.size() || run.last_begin == at ? run.end : run.last_begin;
}

std::unique_ptr<const PreTokenizer> make_bert_pre_tokenizer() {
    return std::make_unique<BertPreTokenizer>();
}

std::unique_ptr<const PreTokenizer> make_byte_level_pre_tokenizer(const ByteLevelOptions& options) {
    return std::make_unique<ByteLevelPreTokenizer>(options);
}

std::unique_ptr<const PreTokenizer> make_digits_pre_tokenizer(bool is_each_apart) {
    return std::make_unique<CharacterPreTokenizer>(
        is_numeric, is_each_apart ? CutBehaviour::kIsolated : CutBehaviour::kContiguous);
}

std::unique_ptr<const PreTokenizer> make_punctuation_pre_tokenizer(CutBehaviour behaviour) {
    return std::make_unique<CharacterPreTokenizer>(is_punctuation, behaviour);
}

std::unique_ptr<const PreTokenizer> make_white_space_pre_tokenizer() {
    return std::make_unique<CharacterPreTokenizer>(is_white_space, CutBehaviour::kRemoved);
}

std::unique_ptr<const PreTokenizer> make_sequence_pre_tokenizer(
    std::vector<std::unique_ptr<const PreTokenizer>> steps) {
    return std::make_unique<SequencePreTokenizer>(std::move(steps));
}

}  // namespace heed
