// What is done to the text before it is cut into words, with every byte's origin kept.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/tokenizer/charsmap.h"
#include "core/tokenizer/normalized_text.h"
#include "core/tokenizer/regex.h"

namespace heed {

class Normalizer {
  public:
    virtual ~Normalizer() = default;
    virtual NormalizedText normalize(NormalizedText text) const = 0;
    virtual bool is_lower_casing() const { return false; }
};

struct BertNormalizerOptions {
    bool clean_text = true;          // drops control characters, makes white space spaces
    bool sets_chinese_apart = true;  // spaces around each Chinese character
    bool strips_accents = false;     // NFD, then without nonspacing marks
    bool lower_cases = false;
};

// The steps of `options` in their order.
std::unique_ptr<const Normalizer> make_bert_normalizer(const BertNormalizerOptions& options);

std::unique_ptr<const Normalizer> make_lower_case_normalizer();

// The four forms of Unicode. A composed character has the origin of its first part.
struct UnicodeForm {
    bool is_composed = false;
    bool is_compatible = false;
};
std::unique_ptr<const Normalizer> make_unicode_normalizer(UnicodeForm form);

// Every match of `pattern` becomes `content`.
std::unique_ptr<const Normalizer> make_replace_normalizer(TextPattern pattern, std::string content);
// `content` before a text that is not empty.
std::unique_ptr<const Normalizer> make_prepend_normalizer(std::string content);
// White space away from the ends.
std::unique_ptr<const Normalizer> make_strip_normalizer(bool left, bool right);
// The rewritings of a SentencePiece model, by grapheme clusters as the tokenizers library does.
std::unique_ptr<const Normalizer> make_precompiled_normalizer(CharsMap map);

// One after another.
std::unique_ptr<const Normalizer> make_sequence_normalizer(
    std::vector<std::unique_ptr<const Normalizer>> steps);

}  // namespace heed
