// What `heed atlas` reads: texts, and pairs of words that a head could connect.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/analysis/atlas.h"
#include "core/model/model.h"

namespace heed::app {

// One run: a text, of an encoder-decoder with the decoder's; or the path of a picture.
struct AtlasText {
    std::string text;
    std::optional<std::string> target;
    int line = 0;
};

// A line a text; empty ones are left out. For an encoder-decoder a tab stands before the decoder's
// text. At most `limit` of them (0: all). Throws Error.
std::vector<AtlasText> read_atlas_texts(const std::string& path, bool has_targets, int limit);

// A word of a text: its `nth` place there, counted from 1, where it stands as a whole word.
struct PlacedWord {
    std::string word;
    int nth = 1;
};

struct AtlasPairs {
    int kind = 0;  // of AtlasPairFile::kinds
    AtlasText text;
    std::vector<std::pair<PlacedWord, PlacedWord>> pairs;  // from, to
};

struct AtlasPairFile {
    std::vector<std::string> kinds;
    std::vector<double> chances;  // of each kind what a blind choice hits; 0: not known
    std::vector<AtlasPairs> entries;
};

// A JSON object a line: {"kind", "text", "pairs": [[from, to], ...]}, or "from" and "to" for one
// pair, and "target" where the first word of a pair stands in the decoder's text. A word is a
// string, or {"word", "nth"}. "chance", 0 to 1, is what a blind choice hits of the pairs of this
// kind. Throws Error.
AtlasPairFile read_atlas_pairs(const std::string& path);

// The bytes of a word in `text`; nullopt where it does not stand there so often.
std::optional<std::pair<std::size_t, std::size_t>> find_word(std::string_view text,
                                                             const PlacedWord& word);

// The tokens of the pairs of `entry` in a run on its text. Throws Error, naming `path` and the
// line, where a word is not in the text.
std::vector<ExpectedPair> locate_pairs(const AtlasPairs& entry, const Trace& trace,
                                       const std::string& path);

// `period` tokens that the tokenizer does not call special, twice, within what begins and ends a
// text for this model: what `heed atlas` looks for induction on. Different ones where the
// vocabulary has as many.
struct RepeatedTokens {
    std::vector<int> ids;
    int lead = 0;
};
RepeatedTokens make_repeated_tokens(const Model& model, int period, std::uint64_t seed);

}  // namespace heed::app
