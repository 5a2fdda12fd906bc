#include "core/tokenizer/sentencepiece_model.h"

#include <cmath>
#include <cstdint>
#include <cstring>

#include "core/base/error.h"
#include "core/base/utf8.h"
#include "core/format/mapped_file.h"

namespace heed {
namespace {

// Far above any trained piece (16 characters unless said otherwise); bounds what a piece's merges
// cost.
constexpr std::size_t kMaxPieceBytes = 512;

// One field of a message: its number and either a number or bytes.
struct Field {
    std::uint64_t number = 0;
    std::uint64_t value = 0;
    std::string_view bytes;
    bool has_bytes = false;

    float as_float() const {
        const auto bits = static_cast<std::uint32_t>(value);
        float result = 0;
        std::memcpy(&result, &bits, sizeof result);
        return result;
    }
};

// Reads the fields of a protocol buffer one after the other.
class FieldReader {
  public:
    FieldReader(std::string_view bytes, std::string_view where) : rest_(bytes), where_(where) {}

    bool next(Field& field) {
        if (rest_.empty()) return false;
        const std::uint64_t key = read_varint();
        field = Field{key >> 3, 0, {}, false};
        switch (key & 7U) {
            case 0:
                field.value = read_varint();
                return true;
            case 1:
                field.value = read_fixed(8);
                return true;
            case 2: {
                const std::uint64_t size = read_varint();
                if (size > rest_.size()) fail("a length of " + std::to_string(size));
                field.bytes = rest_.substr(0, size);
                field.has_bytes = true;
                rest_.remove_prefix(size);
                return true;
            }
            case 5:
                field.value = read_fixed(4);
                return true;
            default:
                fail("a field of kind " + std::to_string(key & 7U));
        }
    }

    [[noreturn]] void fail(const std::string& found) const {
        throw Error(where_, "", "a SentencePiece model", found + " where a field should be");
    }

  private:
    std::uint64_t read_varint() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            if (rest_.empty()) fail("the end of the file");
            const auto byte = static_cast<unsigned char>(rest_.front());
            rest_.remove_prefix(1);
            value |= std::uint64_t{byte & 0x7FU} << shift;
            if ((byte & 0x80U) == 0) return value;
        }
        fail("a number of more than 64 bits");
    }

    std::uint64_t read_fixed(std::size_t size) {
        if (rest_.size() < size) fail("the end of the file");
        std::uint64_t value = 0;
        std::memcpy(&value, rest_.data(), size);
        rest_.remove_prefix(size);
        return value;
    }

    std::string_view rest_;
    std::string_view where_;
};

SentencePieceModel::Piece read_piece(std::string_view bytes, std::size_t id,
                                     std::string_view where) {
    SentencePieceModel::Piece piece;
    FieldReader reader(bytes, where);
    for (Field field; reader.next(field);) {
        if (field.number == 1) piece.text = field.bytes;
        if (field.number == 2) piece.score = field.as_float();
        if (field.number == 3) {
            if (field.value < 1 || field.value > 6) reader.fail("a piece of an unknown kind");
            piece.type = static_cast<SentencePieceModel::Type>(field.value);
        }
    }
    check_piece(piece, id, where);
    return piece;
}

void read_trainer(std::string_view bytes, SentencePieceModel& model, std::string_view where) {
    FieldReader reader(bytes, where);
    for (Field field; reader.next(field);) {
        if (field.number == 3) {
            if (field.value != 1 && field.value != 2) {
                throw Error(where, "model_type", "unigram (1) or BPE (2)",
                            std::to_string(field.value));
            }
            model.is_bpe = field.value == 2;
        }
        if (field.number == 24 && field.value != 0) {
            throw Error(where, "treat_whitespace_as_suffix", "false (heed does not have it)",
                        "true");
        }
        if (field.number == 35) model.falls_back_to_bytes = field.value != 0;
        if (field.number == 44) model.unknown_surface = field.bytes;
    }
}

void read_normalizer(std::string_view bytes, SentencePieceModel& model, std::string_view where) {
    FieldReader reader(bytes, where);
    for (Field field; reader.next(field);) {
        if (field.number == 2) {
            model.charsmap = CharsMap(field.bytes, where, "precompiled_charsmap");
        }
        if (field.number == 3) model.adds_dummy_prefix = field.value != 0;
        if (field.number == 4) model.removes_extra_spaces = field.value != 0;
        if (field.number == 5) model.escapes_spaces = field.value != 0;
    }
}

}  // namespace

void check_piece(const SentencePieceModel::Piece& piece, std::size_t id, std::string_view where) {
    const std::string field = "piece " + std::to_string(id);
    if (piece.text.empty() || find_invalid_utf8(piece.text)) {
        throw Error(where, field, "a text in UTF-8", in_quotes(piece.text));
    }
    if (piece.text.size() > kMaxPieceBytes) {
        throw Error(where, field, "at most " + std::to_string(kMaxPieceBytes) + " bytes",
                    std::to_string(piece.text.size()));
    }
    if (!std::isfinite(piece.score)) {
        throw Error(where, field, "a finite score", std::to_string(piece.score));
    }
}

SentencePieceModel parse_sentencepiece_model(std::string_view bytes, std::string_view where) {
    if (const std::string wrong = recognise_wrong_content(bytes.substr(0, 1024)); !wrong.empty()) {
        throw Error(where, "", "a SentencePiece model", wrong);
    }
    SentencePieceModel model;
    FieldReader reader(bytes, where);
    for (Field field; reader.next(field);) {
        const bool is_message = field.number >= 1 && field.number <= 3;
        if (is_message && !field.has_bytes) reader.fail("a number");
        if (field.number == 1) {
            model.pieces.push_back(read_piece(field.bytes, model.pieces.size(), where));
        }
        if (field.number == 2) read_trainer(field.bytes, model, where);
        if (field.number == 3) read_normalizer(field.bytes, model, where);
    }
    if (model.pieces.empty()) throw Error(where, "", "a SentencePiece model", "no pieces");
    return model;
}

}  // namespace heed
