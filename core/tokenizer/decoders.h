// Pieces back to text.
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace heed {

class Decoder {
  public:
    virtual ~Decoder() = default;
    virtual std::string decode(const std::vector<std::string>& pieces) const = 0;
};

// Spaces between words; a piece that begins with `prefix` goes on. With `cleans_up` no space before
// . ? ! , and English contractions, looked at a piece at a time.
std::unique_ptr<const Decoder> make_wordpiece_decoder(std::string prefix, bool cleans_up);

// The bytes that the letters spell; what is no UTF-8 becomes U+FFFD. A piece with a character that
// is no byte letter stands for itself.
std::unique_ptr<const Decoder> make_byte_level_decoder();

// Spaces between all pieces: for tokenizers without a decoder.
std::unique_ptr<const Decoder> make_joining_decoder();

}  // namespace heed
