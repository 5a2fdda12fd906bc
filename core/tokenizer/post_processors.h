// What is done to the tokens of a text and its pair before they are one sequence: special tokens
// around them, type ids, trimmed offsets.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/tokenizer/tokenizer.h"

namespace heed {

// The tokens of one text. `text` is what the offsets count in.
struct EncodedText {
    std::string_view text;
    Encoding tokens;
};

// The tokens of all of them, one after the other.
Encoding join_texts(std::vector<EncodedText> texts);

class PostProcessor {
  public:
    virtual ~PostProcessor() = default;
    // `texts` has the text's tokens and, where there is a pair, the pair's, with type ids 0 and 1.
    // They are changed in place; special tokens are set before and after (the text of a token stays
    // its own). A template leaves one element for each of its places, in their order.
    virtual void process(std::vector<EncodedText>& texts, bool add_special) const = 0;
};

struct SpecialToken {
    int id = 0;
    std::string piece;
};

// One place of a template: a special token's pieces, or the text (0) or pair (1).
struct TemplateItem {
    std::vector<SpecialToken> special;
    int text = -1;
    int type_id = 0;
};

// A template has at most one place for each text, `single` none for the pair.
std::unique_ptr<const PostProcessor> make_template_processor(std::vector<TemplateItem> single,
                                                             std::vector<TemplateItem> pair);

// [CLS] A [SEP], [CLS] A [SEP] B [SEP].
std::unique_ptr<const PostProcessor> make_bert_processor(SpecialToken cls, SpecialToken sep);

struct TrimOptions {
    bool trims_offsets = true;      // without leading and trailing spaces
    bool adds_prefix_space = true;  // a first token's one space was added: nothing to trim
};

// <s> A </s>, <s> A </s> </s> B </s>, all type ids 0.
std::unique_ptr<const PostProcessor> make_roberta_processor(SpecialToken cls, SpecialToken sep,
                                                            TrimOptions trim);
std::unique_ptr<const PostProcessor> make_byte_level_processor(TrimOptions trim);

// One after another.
std::unique_ptr<const PostProcessor> make_sequence_processor(
    std::vector<std::unique_ptr<const PostProcessor>> steps);

}  // namespace heed
