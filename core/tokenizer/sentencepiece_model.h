// A SentencePiece .model file (a protocol buffer, field numbers of sentencepiece_model.proto): its
// pieces and how text is prepared for them. The file is not trusted.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/tokenizer/charsmap.h"

namespace heed {

struct SentencePieceModel {
    enum class Type { kNormal = 1, kUnknown, kControl, kUserDefined, kUnused, kByte };
    struct Piece {
        std::string text;
        float score = 0;
        Type type = Type::kNormal;
    };

    std::vector<Piece> pieces;  // by id
    bool is_bpe = false;        // else a unigram model
    bool falls_back_to_bytes = false;
    bool adds_dummy_prefix = true;
    bool removes_extra_spaces = true;
    bool escapes_spaces = true;
    std::string unknown_surface = " \u2047 ";  // what an unknown id is decoded to
    CharsMap charsmap{"", "", ""};
};

// Throws Error, beginning with `where`, where piece number `id` has no text or a very long one, or
// a score that is no number.
void check_piece(const SentencePieceModel::Piece& piece, std::size_t id, std::string_view where);

// Throws Error, beginning with `where` (a path), for what is no such file or a kind that heed does
// not have (word and character models, white space as a suffix).
SentencePieceModel parse_sentencepiece_model(std::string_view bytes, std::string_view where);

}  // namespace heed
