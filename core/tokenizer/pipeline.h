// A tokenizer put together from parts: added tokens, normalizer, pre-tokenizer, model,
// post-processor, decoder. All published tokenizers that heed reads become one of these.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/tokenizer/added_tokens.h"
#include "core/tokenizer/decoders.h"
#include "core/tokenizer/normalizers.h"
#include "core/tokenizer/post_processors.h"
#include "core/tokenizer/pre_tokenizers.h"
#include "core/tokenizer/token_model.h"
#include "core/tokenizer/tokenizer.h"

namespace heed {

struct TokenizerParts {
    std::unique_ptr<const Normalizer> normalizer;         // nullptr: the text as it is
    std::unique_ptr<const PreTokenizer> pre_tokenizer;    // nullptr: all of it is one word
    std::unique_ptr<const TokenModel> model;              // never nullptr
    std::unique_ptr<const PostProcessor> post_processor;  // nullptr: no special tokens
    std::unique_ptr<const Decoder> decoder;               // nullptr: pieces with spaces between
    std::vector<AddedToken> added_tokens;
    bool has_one_type = false;   // the pair has type 0 too
    bool is_byte_level = false;  // pieces are spelt in byte letters
};

// Throws Error, beginning with `where`, where an added token has an id or a content that belongs to
// another, or an id far beyond the vocabulary.
std::shared_ptr<const Tokenizer> make_tokenizer(TokenizerParts parts, std::string_view where);

}  // namespace heed
