// Text to tokens and back. A tokenizer is read from the files of a model folder and never changes.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace heed {

// One token of an encoded text.
struct Token {
    int id = 0;
    std::string piece;      // as the vocabulary spells it: "Ġthe", "##s", "[CLS]"
    std::size_t begin = 0;  // bytes [begin, end) of the text it came from; [0, 0) where added
    std::size_t end = 0;
    int type_id = 0;
    int text = -1;  // 0 the text, 1 the pair, -1 added by the template
    bool is_special = false;
};

using Encoding = std::vector<Token>;

class Tokenizer {
  public:
    virtual ~Tokenizer() = default;

    // `text` and `pair` are UTF-8 (invalid bytes count as U+FFFD). `pair` given and empty is a pair
    // without tokens.
    virtual Encoding encode(std::string_view text, std::optional<std::string_view> pair,
                            bool add_special) const = 0;
    // The tokenizer of what an encoder-decoder's decoder is given and says: Marian has a model of
    // its own for it, and may have a vocabulary of its own. It lives as long as this one.
    virtual const Tokenizer& target() const { return *this; }
    // The text of `ids`; special tokens and ids without a piece are left out.
    virtual std::string decode(const std::vector<int>& ids) const = 0;
    virtual int vocabulary_size() const = 0;  // largest id + 1
    // The piece of an id ("Ġthe"); an Error where there is none.
    virtual std::string piece(int id) const = 0;
    virtual std::optional<int> find(std::string_view piece) const = 0;
    // "WordPiece, 30,522 entries, lower case".
    virtual std::string description() const = 0;
    // The id of [MASK] where the tokenizer has one, and of [UNK].
    virtual std::optional<int> mask_id() const = 0;
    virtual std::optional<int> unknown_id() const = 0;
    // Whether pieces are spelt in byte letters ("Ġthe", "Ã©").
    virtual bool is_byte_level() const { return false; }
};

// How a piece is written for a person: "Ġ" and "▁" as a space, byte letters as their text, "##s" as
// it is. Bytes that are no whole UTF-8 come as "\xe2". The piece alone does not tell "é" from the
// byte that this letter stands for: with the tokenizer's is_byte_level() it is right always,
// without, a guess (right for what is spelt with other letters around it).
std::string display_piece(std::string_view piece, bool is_byte_level);
std::string display_piece(std::string_view piece);

// Reads the tokenizer of a model folder (tokenizer.json, else source.spm + vocab.json, else a
// SentencePiece .model, else vocab.json + merges.txt, else vocab.txt; with what
// tokenizer_config.json, special_tokens_map.json and added_tokens.json say beside all but the
// first) or of one of these files alone. nullptr where the folder has none of the files; Error
// where one cannot be used.
std::shared_ptr<const Tokenizer> load_tokenizer(const std::filesystem::path& folder_or_file);

}  // namespace heed
