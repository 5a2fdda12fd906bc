#include "core/tokenizer/decoders.h"

#include <array>
#include <string_view>
#include <utility>

#include "core/tokenizer/byte_letters.h"
#include "core/tokenizer/unicode.h"

namespace heed {
namespace {

void replace_all(std::string& text, std::string_view from, std::string_view to) {
    std::size_t at = text.find(from);
    while (at != std::string::npos) {
        text.replace(at, from.size(), to);
        at = text.find(from, at + to.size());
    }
}

// The replacements in the order in which they are made.
constexpr std::array<std::pair<std::string_view, std::string_view>, 11> kCleanUps = {{
    {" .", "."},
    {" ?", "?"},
    {" !", "!"},
    {" ,", ","},
    {" ' ", "'"},
    {" n't", "n't"},
    {" 'm", "'m"},
    {" do not", " don't"},
    {" 's", "'s"},
    {" 've", "'ve"},
    {" 're", "'re"},
}};

class WordPieceDecoder : public Decoder {
  public:
    WordPieceDecoder(std::string prefix, bool cleans_up)
        : prefix_(std::move(prefix)), cleans_up_(cleans_up) {}

    std::vector<std::string> decode_each(std::vector<std::string> pieces) const override {
        bool is_first = true;
        for (std::string& piece : pieces) {
            if (!is_first) {
                piece = piece.starts_with(prefix_) ? piece.substr(prefix_.size()) : " " + piece;
            }
            if (cleans_up_) {
                for (const auto& [from, to] : kCleanUps) replace_all(piece, from, to);
            }
            is_first = false;
        }
        return pieces;
    }

  private:
    std::string prefix_;
    bool cleans_up_;
};

class ByteLevelDecoder : public Decoder {
  public:
    std::vector<std::string> decode_each(std::vector<std::string> pieces) const override {
        std::string bytes;
        for (const std::string& piece : pieces) bytes += spell_bytes(piece).value_or(piece);
        return {replace_broken_characters(bytes)};
    }
};

class JoiningDecoder : public Decoder {
  public:
    std::vector<std::string> decode_each(std::vector<std::string> pieces) const override {
        for (std::size_t i = 1; i < pieces.size(); ++i) pieces[i].insert(0, 1, ' ');
        return pieces;
    }
};

class SequenceDecoder : public Decoder {
  public:
    explicit SequenceDecoder(std::vector<std::unique_ptr<const Decoder>> steps)
        : steps_(std::move(steps)) {}

    std::vector<std::string> decode_each(std::vector<std::string> pieces) const override {
        for (const auto& step : steps_) pieces = step->decode_each(std::move(pieces));
        return pieces;
    }

  private:
    std::vector<std::unique_ptr<const Decoder>> steps_;
};

}  // namespace

std::string Decoder::decode(std::vector<std::string> pieces) const {
    std::string out;
    for (const std::string& text : decode_each(std::move(pieces))) out += text;
    return out;
}

std::unique_ptr<const Decoder> make_sequence_decoder(
    std::vector<std::unique_ptr<const Decoder>> steps) {
    return std::make_unique<SequenceDecoder>(std::move(steps));
}

std::unique_ptr<const Decoder> make_wordpiece_decoder(std::string prefix, bool cleans_up) {
    return std::make_unique<WordPieceDecoder>(std::move(prefix), cleans_up);
}

std::unique_ptr<const Decoder> make_byte_level_decoder() {
    return std::make_unique<ByteLevelDecoder>();
}

std::unique_ptr<const Decoder> make_joining_decoder() {
    return std::make_unique<JoiningDecoder>();
}

}  // namespace heed
