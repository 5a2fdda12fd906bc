// What every head of a model does over many texts: where its weight lies on the whole, whether it
// finds again what stood in a random sequence before, and how often its largest weight hits what a
// person expects. Each number stands beside what would come of knowing nothing.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/analysis/head_metrics.h"
#include "core/run/trace.h"

namespace heed {

// Tokens of a text that stand for a word: positions of its sequence, in order.
// Those of `labels` that overlap the bytes [begin, end) of text `text_index`.
std::vector<int> find_word_tokens(std::span<const TokenLabel> labels, int text_index,
                                  std::size_t begin, std::size_t end);

// A word and the word that a head could look at from it.
struct ExpectedPair {
    std::vector<int> from;  // positions of the queries' sequence, at least one
    std::vector<int> to;    // of the keys'
    // From a decoder's text to the encoder's; the row that predicts the word is looked at, which
    // stands before it. Else within one text, and the row of the word's last token.
    bool is_across = false;
};

// Pairs of one kind ("pronoun to name"), and what would be hit of them by knowing nothing: the best
// fixed offset, or a blind choice where that is known to hit more.
struct AtlasKind {
    std::string name;
    bool is_across = false;
    int count = 0;
    int offset = 0;  // key position less query position
    double baseline = 0;
    double chance = 0;  // of a blind choice between the words in question; 0: not known

    bool is_by_chance() const { return chance > 0 && chance >= baseline; }
};

struct AtlasHead {
    std::string site;  // "blocks.0.attn"
    int layer = 0;
    int head = 0;
    HeadMetrics measures;           // over all rows of all texts
    HeadMetrics level;              // of a head that looks at all it may see alike
    std::optional<double> repeats;  // weight on what followed, in random sequences that come twice
    double repeats_level = 0;       // of a head that looks at all alike
    std::vector<std::optional<double>> hits;  // for each kind, its share; absent where it has none
};

struct Atlas {
    std::string model;
    int texts = 0;
    long long tokens = 0;
    int sequences = 0;  // of random tokens, each twice
    int period = 0;
    std::uint64_t seed = 0;
    std::vector<AtlasKind> kinds;
    std::vector<AtlasHead> heads;  // site by site
};

// Gathers an atlas from runs of one model.
class AtlasBuilder {
  public:
    explicit AtlasBuilder(std::vector<std::string> kinds);

    void add_text(const Trace& trace);
    // A run on a sequence of `period` tokens that comes twice; `lead` tokens stand before it.
    void add_repeats(const Trace& trace, int lead, int period);
    void add_pair(const Trace& trace, int kind, const ExpectedPair& pair);
    // A blind choice hits this share of the pairs of `kind`, as where one of two names is right.
    void set_chance(int kind, double chance);
    // Without name, seed and the like, which the caller knows.
    Atlas finish() const;

  private:
    struct HeadSums {
        HeadMetricSums measures;
        double repeats = 0;
        std::vector<int> hits;  // for each kind
    };
    struct SiteSums {
        std::string name;
        int layer = 0;
        HeadMetricSums level;
        double repeats_level = 0;
        int repeats_rows = 0;
        std::vector<int> asked;  // pairs of each kind
        std::vector<HeadSums> heads;
    };
    struct KindSums {
        std::string name;
        bool is_across = false;
        int count = 0;
        double chance = 0;
        std::map<int, int> hits_by_offset;
    };
    SiteSums& sums_of(const AttentionSite& site);

    std::vector<KindSums> kinds_;
    std::vector<SiteSums> sites_;  // in the order of the graph
    int texts_ = 0;
    long long tokens_ = 0;
    int sequences_ = 0;
    int period_ = 0;
};

// What a head can be called by: "previous token", with what bears it.
struct HeadLabel {
    std::string text;
    double value = 0;
    double baseline = 0;
};

// The least share of its weight, or of its pairs, that a head is called by, and the least that it
// must have above its baseline.
constexpr double kLeastForLabel = 0.3;
constexpr double kLeastAboveLevel = 0.15;

// The labels that the numbers bear, what lies highest above its baseline first. Shares of pairs
// must also be above the baseline by 1.64 of its standard errors (one-sided, 5 %).
std::vector<HeadLabel> list_head_labels(const Atlas& atlas, const AtlasHead& head);

}  // namespace heed
