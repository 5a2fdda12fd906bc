// The tokenizers that are published as SentencePiece models: ALBERT, XLNet and Marian with what
// their classes do around the model, LLaMA and T5 as the parts that their tokenizer.json names, and
// a model that stands alone.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "core/tokenizer/sentencepiece_model.h"
#include "core/tokenizer/tokenizer.h"
#include "core/tokenizer/tokenizer_files.h"

namespace heed {

// What the model's pieces and the config (its tokenizer_class) tell it to be. Throws Error,
// beginning with `where`, for classes that need their tokenizer.json.
std::shared_ptr<const Tokenizer> make_sentencepiece_tokenizer(SentencePieceModel model,
                                                              const TokenizerConfig& config,
                                                              std::string_view where);

// Marian: pieces of `source` by the numbers of `vocabulary` (vocab.json). `target` spells what a
// decoder is given; null: this one does.
std::shared_ptr<const Tokenizer> make_marian_tokenizer(SentencePieceModel source,
                                                       std::unique_ptr<const Vocabulary> vocabulary,
                                                       const TokenizerConfig& config,
                                                       std::string_view where,
                                                       std::shared_ptr<const Tokenizer> target);

// The parts of `model`'s tokenizer.json; used by make_sentencepiece_tokenizer.
std::shared_ptr<const Tokenizer> make_llama_tokenizer(SentencePieceModel model,
                                                      const TokenizerConfig& config,
                                                      std::string_view where);
std::shared_ptr<const Tokenizer> make_t5_tokenizer(SentencePieceModel model,
                                                   const TokenizerConfig& config,
                                                   std::string_view where);

}  // namespace heed
