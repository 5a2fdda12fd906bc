// What the tokens of a sequence are called where they are spoken of: words, or the patches of a
// picture.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "app/views/stage_texts.h"
#include "core/run/inputs.h"

namespace heed::app {

// {word}, {words} and {whole} (what they are pieces of: the sentence, the picture).
StageWords piece_words(std::span<const TokenLabel> tokens);
// `text` with {word}, {words} and {whole} filled in.
std::string say_pieces(std::string_view text, std::span<const TokenLabel> tokens);

}  // namespace heed::app
