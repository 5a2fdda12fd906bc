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

    std::string decode(const std::vector<std::string>& pieces) const override {
        std::string out;
        bool is_first = true;
        for (const std::string& piece : pieces) {
            std::string text = piece;
            if (!is_first) {
                text = piece.starts_with(prefix_) ? piece.substr(prefix_.size()) : " " + piece;
            }
            if (cleans_up_) {
                for (const auto& [from, to] : kCleanUps) replace_all(text, from, to);
            }
            out += text;
            is_first = false;
        }
        return out;
    }

  private:
    std::string prefix_;
    bool cleans_up_;
};

class ByteLevelDecoder : public Decoder {
  public:
    std::string decode(const std::vector<std::string>& pieces) const override {
        std::string bytes;
        for (const std::string& piece : pieces) bytes += spell_bytes(piece).value_or(piece);
        return replace_broken_characters(bytes);
    }
};

class JoiningDecoder : public Decoder {
  public:
    std::string decode(const std::vector<std::string>& pieces) const override {
        std::string out;
        for (const std::string& piece : pieces) {
            if (&piece != &pieces.front()) out += ' ';
            out += piece;
        }
        return out;
    }
};

}  // namespace

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
