// How a normalised text is cut into the words that the model gets.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/tokenizer/normalized_text.h"
#include "core/tokenizer/regex.h"

namespace heed {

// A normalised text and the parts of it that matter, in order, none empty. What lies between parts
// is left out (white space).
struct CutText {
    struct Part {
        std::size_t begin = 0;  // bytes [begin, end) of the normalised text
        std::size_t end = 0;
        int added_token = -1;  // an id: found already, no word for the model
    };
    NormalizedText normalized;
    std::vector<Part> parts;
};

class PreTokenizer {
  public:
    virtual ~PreTokenizer() = default;
    // Cuts every part that is no added token further; may spell it anew.
    virtual void cut(CutText& text) const = 0;
};

// White space away, each punctuation character alone.
std::unique_ptr<const PreTokenizer> make_bert_pre_tokenizer();

struct ByteLevelOptions {
    bool adds_prefix_space = false;  // before a part that does not begin with a space
    bool cuts_words = true;          // by the GPT-2 expression
};

// Cuts as GPT-2 does and spells the bytes as letters (core/tokenizer/byte_letters.h).
std::unique_ptr<const PreTokenizer> make_byte_level_pre_tokenizer(const ByteLevelOptions& options);

// Runs of numeric characters apart, or each of them.
std::unique_ptr<const PreTokenizer> make_digits_pre_tokenizer(bool is_each_apart);

// What becomes of the places where a text is cut.
enum class CutBehaviour { kRemoved, kIsolated, kContiguous, kMergedWithPrevious, kMergedWithNext };
// Cuts at the matches of `pattern`; with `is_inverted` at what lies between them.
std::unique_ptr<const PreTokenizer> make_split_pre_tokenizer(TextPattern pattern,
                                                             CutBehaviour behaviour,
                                                             bool is_inverted);
// Punctuation apart: each character, or runs of it.
std::unique_ptr<const PreTokenizer> make_punctuation_pre_tokenizer(CutBehaviour behaviour);

std::unique_ptr<const PreTokenizer> make_white_space_pre_tokenizer();
// Runs of word characters, and runs of what is neither word character nor white space.
std::unique_ptr<const PreTokenizer> make_word_pre_tokenizer();

struct MetaspaceOptions {
    enum class Prepend { kAlways, kFirst, kNever };
    std::string replacement = "\u2581";  // for every space
    Prepend prepend = Prepend::kAlways;  // before a word without it; kFirst: where the text begins
    bool cuts_words = true;              // before every replacement
};
std::unique_ptr<const PreTokenizer> make_metaspace_pre_tokenizer(MetaspaceOptions options);

// One after another.
std::unique_ptr<const PreTokenizer> make_sequence_pre_tokenizer(
    std::vector<std::unique_ptr<const PreTokenizer>> steps);

// Calls add(begin, end) with the pieces of one part, counted from its beginning.
using AddPiece = std::function<void(std::size_t begin, std::size_t end)>;
// Replaces every part that is no added token by the pieces that cut_part(part, add) makes of it;
// empty ones are left out.
void cut_parts(CutText& text,
               const std::function<void(std::string_view part, const AddPiece& add)>& cut_part);
// The normalised text spelt anew: each part that is no added token written by
// write(old, part, out), added tokens as they are; what lies between parts is gone.
void rebuild_parts(CutText& text,
                   const std::function<void(const NormalizedText& old, const CutText::Part& part,
                                            NormalizedText& out)>& write);
// Bytes of a part at the end of `out`.
void copy_part(const NormalizedText& old, const CutText::Part& part, NormalizedText& out);

// Where the word that begins at byte `at` (< text.size()) of a valid UTF-8 text ends, by GPT-2's
// expression: 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
std::size_t find_gpt2_word_end(std::string_view text, std::size_t at);

}  // namespace heed
