// Pieces back to text.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/tokenizer/regex.h"

namespace heed {

class Decoder {
  public:
    virtual ~Decoder() = default;
    // What the pieces become: texts that are set one after the other.
    virtual std::vector<std::string> decode_each(std::vector<std::string> pieces) const = 0;
    // The whole text.
    std::string decode(std::vector<std::string> pieces) const;
};

// Spaces between words; a piece that begins with `prefix` goes on. With `cleans_up` no space before
// . ? ! , and English contractions, looked at a piece at a time.
std::unique_ptr<const Decoder> make_wordpiece_decoder(std::string prefix, bool cleans_up);

// The bytes that the letters spell; what is no UTF-8 becomes U+FFFD. A piece with a character that
// is no byte letter stands for itself.
std::unique_ptr<const Decoder> make_byte_level_decoder();

// "\u2581" as a space; in the first piece none, unless `keeps_first` (then nothing was prepended).
std::unique_ptr<const Decoder> make_metaspace_decoder(std::string replacement, bool keeps_first);
// `suffix` as a space, in the last piece as nothing.
std::unique_ptr<const Decoder> make_bpe_decoder(std::string suffix);
// Runs of pieces like <0xE2> as the bytes' text; each byte U+FFFD where they are no UTF-8.
std::unique_ptr<const Decoder> make_byte_fallback_decoder();
// All as one.
std::unique_ptr<const Decoder> make_fuse_decoder();
// Each match in each piece becomes `content`.
std::unique_ptr<const Decoder> make_replace_decoder(TextPattern pattern, std::string content);
// Up to `at_start` times `content` away from the beginning of each piece, `at_end` from its end.
std::unique_ptr<const Decoder> make_strip_decoder(std::string content, int at_start, int at_end);
// White space away from the ends of the whole text.
std::unique_ptr<const Decoder> make_trim_decoder();
// One after another.
std::unique_ptr<const Decoder> make_sequence_decoder(
    std::vector<std::unique_ptr<const Decoder>> steps);

// Spaces between all pieces: for tokenizers without a decoder.
std::unique_ptr<const Decoder> make_joining_decoder();

}  // namespace heed
