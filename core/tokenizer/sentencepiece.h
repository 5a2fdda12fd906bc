// SentencePiece's own way from text to pieces and back (Kudo and Richardson 2018): the text is
// rewritten by the model's table, spaces become "\u2581", and the whole is cut by a unigram model
// or by byte pair encoding. Scores are added in float, as its library does.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/tokenizer/byte_trie.h"
#include "core/tokenizer/sentencepiece_model.h"

namespace heed {

struct SentencePieceToken {
    std::string text;  // of the rewritten input: also where it is unknown
    int id = 0;
    std::size_t begin = 0;  // bytes [begin, end) of the input
    std::size_t end = 0;
};

class SentencePiece {
  public:
    // Throws Error where the model has no unknown piece or one piece twice.
    SentencePiece(SentencePieceModel model, std::string_view where);

    // `text` is UTF-8; bytes that are none count as U+FFFD.
    std::vector<SentencePieceToken> encode(std::string_view text) const;
    // Control pieces vanish, unknown ids become the model's sign for them.
    std::string decode(const std::vector<int>& ids) const;
    // The same for pieces by their text; what is no piece stands for itself.
    std::string decode_pieces(const std::vector<std::string>& pieces) const;

    // The id of a piece, the unknown one's where it is none.
    int id_of(std::string_view piece) const;
    std::optional<int> find(std::string_view piece) const;
    int unknown_id() const { return unknown_id_; }
    const SentencePieceModel& model() const { return model_; }

  private:
    struct Normalized {
        std::string text;
        std::vector<std::size_t> origin;  // of each byte, and of the end
    };
    struct Cut {
        std::size_t end = 0;  // in the rewritten text; it begins where the one before ends
        int id = 0;
    };
    // A beginning of a text and what it is rewritten to.
    struct Prefix {
        std::string_view rewritten;
        std::size_t length = 0;
    };

    Prefix rewrite_prefix(std::string_view text) const;
    Normalized normalize(std::string_view text) const;
    std::vector<Cut> cut_unigram(std::string_view text) const;
    std::vector<Cut> cut_bpe(std::string_view text) const;
    void resegment(std::string_view piece,
                   const std::unordered_map<std::string, std::size_t>& made_of, std::size_t& at,
                   std::vector<Cut>& out) const;
    std::string decode_piece(std::string_view piece, int id, bool& is_at_start) const;
    bool is(int id, SentencePieceModel::Type type) const {
        return model_.pieces[static_cast<std::size_t>(id)].type == type;
    }

    SentencePieceModel model_;
    std::unordered_map<std::string_view, int> ids_;       // what text can be cut into
    std::unordered_map<std::string_view, int> reserved_;  // control, unknown, bytes
    ByteTrie trie_;                                       // of ids_
    ByteTrie user_defined_;
    std::array<int, 256> byte_ids_{};
    float lowest_score_ = 0;
    float highest_score_ = 0;
    int unknown_id_ = -1;
};

}  // namespace heed
