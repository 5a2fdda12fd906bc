// Reading the files that tokenizers are published in. Every parser takes the bytes of the file, and
// `where` (a path) begins every message; all throw Error for what cannot be used.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/tokenizer/added_tokens.h"
#include "core/tokenizer/bpe.h"
#include "core/tokenizer/tokenizer.h"
#include "core/tokenizer/vocabulary.h"

namespace heed {

// A whole tokenizer. `padding` and `truncation` are ignored; a component that heed does not have is
// named in the Error.
std::shared_ptr<const Tokenizer> parse_tokenizer_json(std::string_view text,
                                                      std::string_view where);

// What stands beside a vocabulary and says how it is used.
struct TokenizerConfig {
    std::optional<bool> lower_cases;  // do_lower_case
    std::optional<bool> strips_accents;
    bool sets_chinese_apart = true;  // tokenize_chinese_chars
    bool adds_prefix_space = false;
    bool adds_begin = true;             // LLaMA: bos_token before each text
    bool adds_end = false;              // and eos_token after it
    bool has_two_vocabularies = false;  // separate_vocabs: Marian's decoder has its own
    std::string tokenizer_class;        // empty where not said
    // By role ("mask_token"), only those that are said.
    std::vector<std::pair<std::string, std::string>> special_tokens;
    std::vector<AddedToken> added_tokens;

    // The piece of a role, or `fallback`.
    std::string special(std::string_view role, std::string_view fallback) const;
    // The added tokens at the end of `tokens`, in place of those with the same content.
    void add_tokens_to(std::vector<AddedToken>& tokens) const;
};
TokenizerConfig parse_tokenizer_config(std::string_view text, std::string_view where);
// special_tokens_map.json: roles that tokenizer_config.json does not say.
void parse_special_tokens_map(std::string_view text, std::string_view where,
                              TokenizerConfig& config);
// added_tokens.json, pieces to ids: used where tokenizer_config.json has no added_tokens_decoder.
void parse_added_tokens(std::string_view text, std::string_view where, TokenizerConfig& config);

// vocab.txt: a piece a line, its id the line's number from 0. Empty lines only at the end.
std::unique_ptr<const Vocabulary> parse_vocab_txt(std::string_view text, std::string_view where);
// The BERT tokenizer of a vocab.txt. Without `lower_cases` in `config` the vocabulary tells: it is
// cased where more than one entry of a hundred (special ones aside) has a capital.
std::shared_ptr<const Tokenizer> make_bert_tokenizer(std::unique_ptr<const Vocabulary> vocabulary,
                                                     const TokenizerConfig& config,
                                                     std::string_view where);

// vocab.json: one object, pieces to ids.
std::unique_ptr<const Vocabulary> parse_vocab_json(std::string_view text, std::string_view where);
// merges.txt: two pieces a line, with one space between; a first line that begins with "#version"
// is no merge.
std::vector<BpeMerge> parse_merges(std::string_view text, std::string_view where);
// The byte-level tokenizer of vocab.json and merges.txt: GPT-2's, or RoBERTa's where the vocabulary
// has <s>, </s> and <mask> or the config says so.
std::shared_ptr<const Tokenizer> make_byte_level_tokenizer(
    std::unique_ptr<const Vocabulary> vocabulary, const std::vector<BpeMerge>& merges,
    const TokenizerConfig& config, std::string_view where);

// The tokenizer of any vocab.json and merges.txt: GPT's and CTRL's, told by how their pieces end,
// else a byte-level one.
std::shared_ptr<const Tokenizer> make_merging_tokenizer(
    std::unique_ptr<const Vocabulary> vocabulary, const std::vector<BpeMerge>& merges,
    const TokenizerConfig& config, std::string_view where);

}  // namespace heed
