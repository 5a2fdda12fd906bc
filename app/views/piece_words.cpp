#include "app/views/piece_words.h"

#include "app/views/patches.h"

namespace heed::app {

StageWords piece_words(std::span<const TokenLabel> tokens) {
    if (map_patches(tokens).is_empty()) {
        return {{"word", "word"}, {"words", "words"}, {"whole", "sentence"}};
    }
    return {{"word", "patch"}, {"words", "patches"}, {"whole", "picture"}};
}

std::string say_pieces(std::string_view text, std::span<const TokenLabel> tokens) {
    return fill_in(text, piece_words(tokens));
}

}  // namespace heed::app
