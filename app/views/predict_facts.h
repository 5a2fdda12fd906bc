// What a model predicts at a position, as numbers: the likeliest words with probability, logit and
// rank, words found by their letters, what each layer would have said. Pure; it draws nothing, and
// waits for the trace's values.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/analysis/logit_lens.h"
#include "core/run/trace.h"

namespace heed::app {

// How many of the likeliest are kept, and how many found words.
constexpr int kShownPredictions = 100;
constexpr int kMostFound = 50;
// What each layer says: this many words beside each other, of this many positions at a time.
constexpr int kLensWords = 4;
constexpr int kLensPositions = 64;

// The likeliest entries of one row of a predictor. `position` counts only where it has a row for
// each position.
struct Prediction {
    std::vector<RankedEntry> entries;
    std::vector<std::string> names;    // of the entries
    std::vector<float> probabilities;  // the cells of the node of probabilities; empty without one
    int words = 0;                     // of the whole row
};
Prediction predict(const Trace& trace, const Predictor& predictor, int position, int count);
// One entry of that row.
Prediction predict_entry(const Trace& trace, const Predictor& predictor, int position, int id);

// The words whose name has `query` in it: equal ones first, then those that begin with it, then
// others; among these the likeliest first. The mark of a space is no letter, nor is the case.
Prediction find_words(const Trace& trace, const Predictor& predictor, int position,
                      const std::string& query, const CancelToken& cancel);

// What layers say at positions [first, end), with the names of the words.
struct LensWords {
    LogitLens lens;
    std::vector<std::string> rows;               // "in", "0", "1", ...
    std::vector<std::vector<std::string>> tops;  // [rows * columns][words]
    std::vector<std::string> answers;            // [columns]
};
LensWords read_lens(const Trace& trace, const LensPlan& plan, const LensRequest& request,
                    const CancelToken& cancel);

// The word that a position stands in: bytes of the sentence that the `mask` takes the place of.
// Pieces that stand together are one word. nullopt for what the model added.
struct WordBytes {
    int text_index = 0;  // 0 the text, 1 the pair
    std::size_t begin = 0;
    std::size_t end = 0;
};
std::optional<WordBytes> find_word_bytes(const Trace& trace, int sequence, int position);
// `text` with these bytes replaced.
std::string mask_word(const std::string& text, const WordBytes& word, const std::string& mask);

}  // namespace heed::app
