// The tokenizer that a GGUF file carries, as the published tokenizer of the same model: byte-level
// BPE, LLaMA's BPE with scores, BERT's WordPiece or T5's unigrams.
#pragma once

#include <memory>

#include "core/format/gguf.h"
#include "core/tokenizer/tokenizer.h"

namespace heed {

// nullptr where the file has none. Throws Error, naming the key, for a kind of tokenizer or a way
// to cut words (tokenizer.ggml.pre) that heed does not have.
std::shared_ptr<const Tokenizer> make_gguf_tokenizer(const GgufFile& file);

}  // namespace heed
