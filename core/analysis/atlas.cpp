#include "core/analysis/atlas.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <set>
#include <string_view>

#include "core/analysis/pattern_context.h"
#include "core/base/check.h"

namespace heed {

namespace {

// All heads of a site, [H, T, S].
struct Patterns {
    Tensor values;
    int rows = 0;
    int columns = 0;

    PatternView view(int head) const {
        return {values.data() + static_cast<std::ptrdiff_t>(head) * rows * columns, columns, rows,
                columns};
    }
};

Patterns read_patterns(const Trace& trace, const AttentionSite& site) {
    Patterns patterns{trace.tensor(*site.pattern), 0, 0};
    patterns.rows = patterns.values.extent(-2);
    patterns.columns = patterns.values.extent(-1);
    return patterns;
}

// A pattern that has the same weight on every key that may be seen.
std::vector<float> make_level_pattern(int rows, int columns, bool is_causal) {
    std::vector<float> weights(static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns));
    for (int t = 0; t < rows; ++t) {
        const int seen = is_causal ? std::min(t + 1, columns) : columns;
        float* row = &weights[static_cast<std::size_t>(t) * static_cast<std::size_t>(columns)];
        std::fill(row, row + seen, 1.0F / static_cast<float>(seen));
    }
    return weights;
}

// Where the largest weight of a row lies; the first of equal ones.
int find_largest(const float* row, int columns) {
    return static_cast<int>(std::max_element(row, row + columns) - row);
}

// The row that answers for a pair; -1 where there is none.
int find_row(const ExpectedPair& pair) {
    return pair.is_across ? pair.from.front() - 1 : pair.from.back();
}

// The sites that a pair is asked of: across, or among the positions of the text that heed calls the
// first.
bool is_for(const AttentionSite& site, const ExpectedPair& pair) {
    if (!site.pattern) return false;
    if (pair.is_across) return site.kind == AttentionKind::kCross;
    return site.kind == AttentionKind::kSelf && site.query_sequence == 0;
}

struct NamedMetric {
    HeadMetric metric;
    std::string_view label;
};
// What a head can be called by.
constexpr std::array kCallable{
    NamedMetric{HeadMetric::kPrevious, "previous token"},
    NamedMetric{HeadMetric::kNext, "next token"},
    NamedMetric{HeadMetric::kFirst, "first token"},
    NamedMetric{HeadMetric::kOwn, "same token"},
    NamedMetric{HeadMetric::kSpecial, "special tokens"},
    NamedMetric{HeadMetric::kMarks, "punctuation"},
    NamedMetric{HeadMetric::kDuplicate, "earlier copies"},
};

constexpr double kErrorsAbove = 1.64;  // one-sided, 5 %

bool is_borne(const HeadLabel& label) {
    return label.value >= kLeastForLabel && label.value - label.baseline >= kLeastAboveLevel;
}

}  // namespace

std::vector<int> find_word_tokens(std::span<const TokenLabel> labels, int text_index,
                                  std::size_t begin, std::size_t end) {
    std::vector<int> found;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const TokenLabel& label = labels[i];
        if (label.text_index != text_index || label.begin >= label.end) continue;
        if (label.begin < end && label.end > begin) found.push_back(static_cast<int>(i));
    }
    return found;
}

AtlasBuilder::AtlasBuilder(std::vector<std::string> kinds) {
    for (std::string& name : kinds) kinds_.push_back({std::move(name), false, 0, 0, {}});
}

AtlasBuilder::SiteSums& AtlasBuilder::sums_of(const AttentionSite& site) {
    const auto at = std::find_if(sites_.begin(), sites_.end(),
                                 [&](const SiteSums& sums) { return sums.name == site.name; });
    if (at != sites_.end()) {
        HEED_CHECK_EQ(at->heads.size(), static_cast<std::size_t>(site.heads));
        return *at;
    }
    SiteSums sums;
    sums.name = site.name;
    sums.layer = site.layer;
    sums.asked.resize(kinds_.size());
    sums.heads.resize(static_cast<std::size_t>(site.heads));
    for (HeadSums& head : sums.heads) head.hits.resize(kinds_.size());
    return sites_.emplace_back(std::move(sums));
}

void AtlasBuilder::add_text(const Trace& trace) {
    for (const AttentionSite& site : trace.graph().attentions()) {
        if (!site.pattern) continue;
        const Patterns patterns = read_patterns(trace, site);
        const PatternContext context = find_pattern_context(trace, site);
        SiteSums& sums = sums_of(site);
        for (int h = 0; h < site.heads; ++h) {
            sums.heads[static_cast<std::size_t>(h)].measures.add(patterns.view(h), context);
        }
        const std::vector<float> level =
            make_level_pattern(patterns.rows, patterns.columns, context.is_causal);
        sums.level.add({level.data(), patterns.columns, patterns.rows, patterns.columns}, context);
    }
    ++texts_;
    // Sequences that look: not the patches that a picture's tokens are made of.
    std::set<int> looking;
    for (const AttentionSite& site : trace.graph().attentions()) {
        looking.insert(site.query_sequence);
    }
    for (const int sequence : looking) {
        tokens_ += trace.graph().sequences()[static_cast<std::size_t>(sequence)].length;
    }
}

void AtlasBuilder::add_repeats(const Trace& trace, int lead, int period) {
    for (const AttentionSite& site : trace.graph().attentions()) {
        if (!site.pattern || site.kind != AttentionKind::kSelf) continue;
        const Patterns patterns = read_patterns(trace, site);
        const bool is_causal = find_pattern_context(trace, site).is_causal;
        HEED_CHECK(patterns.rows == patterns.columns && patterns.rows >= lead + 2 * period);
        SiteSums& sums = sums_of(site);
        for (int t = lead + period; t < lead + 2 * period; ++t) {
            ++sums.repeats_rows;
            sums.repeats_level += 1.0 / (is_causal ? t + 1 : patterns.columns);
            const int followed = t - period + 1;
            for (int h = 0; h < site.heads; ++h) {
                const float* row = patterns.view(h).row(t);
                const double sum = std::accumulate(row, row + patterns.columns, 0.0);
                if (!(sum > 0)) continue;
                sums.heads[static_cast<std::size_t>(h)].repeats +=
                    static_cast<double>(row[followed]) / sum;
            }
        }
    }
    ++sequences_;
    period_ = period;
}

void AtlasBuilder::add_pair(const Trace& trace, int kind, const ExpectedPair& pair) {
    const int row = find_row(pair);
    if (row < 0 || pair.to.empty()) return;
    const auto number = static_cast<std::size_t>(kind);
    KindSums& kind_sums = kinds_.at(number);
    kind_sums.is_across = pair.is_across;
    ++kind_sums.count;
    for (const int key : pair.to) ++kind_sums.hits_by_offset[key - row];
    for (const AttentionSite& site : trace.graph().attentions()) {
        if (!is_for(site, pair)) continue;
        const Patterns patterns = read_patterns(trace, site);
        if (row >= patterns.rows) continue;
        SiteSums& sums = sums_of(site);
        ++sums.asked[number];
        for (int h = 0; h < site.heads; ++h) {
            const int largest = find_largest(patterns.view(h).row(row), patterns.columns);
            const bool hits = std::find(pair.to.begin(), pair.to.end(), largest) != pair.to.end();
            if (hits) ++sums.heads[static_cast<std::size_t>(h)].hits[number];
        }
    }
}

void AtlasBuilder::set_chance(int kind, double chance) {
    kinds_.at(static_cast<std::size_t>(kind)).chance = chance;
}

Atlas AtlasBuilder::finish() const {
    Atlas atlas;
    atlas.texts = texts_;
    atlas.tokens = tokens_;
    atlas.sequences = sequences_;
    atlas.period = period_;
    for (const KindSums& sums : kinds_) {
        AtlasKind kind{sums.name, sums.is_across, sums.count, 0, 0, sums.chance};
        int most = 0;
        for (const auto& [offset, hits] : sums.hits_by_offset) {
            const bool is_nearer = std::abs(offset) < std::abs(kind.offset);
            if (hits < most || (hits == most && !is_nearer)) continue;
            most = hits;
            kind.offset = offset;
        }
        if (sums.count > 0) {
            kind.baseline = std::max(static_cast<double>(most) / sums.count, sums.chance);
        }
        atlas.kinds.push_back(std::move(kind));
    }
    for (const SiteSums& site : sites_) {
        for (std::size_t h = 0; h < site.heads.size(); ++h) {
            const HeadSums& sums = site.heads[h];
            AtlasHead head;
            head.site = site.name;
            head.layer = site.layer;
            head.head = static_cast<int>(h);
            head.measures = sums.measures.means();
            head.level = site.level.means();
            if (site.repeats_rows > 0) {
                head.repeats = sums.repeats / site.repeats_rows;
                head.repeats_level = site.repeats_level / site.repeats_rows;
            }
            for (std::size_t k = 0; k < kinds_.size(); ++k) {
                const int asked = site.asked[k];
                head.hits.push_back(asked == 0
                                        ? std::nullopt
                                        : std::optional(static_cast<double>(sums.hits[k]) / asked));
            }
            atlas.heads.push_back(std::move(head));
        }
    }
    return atlas;
}

std::vector<HeadLabel> list_head_labels(const Atlas& atlas, const AtlasHead& head) {
    std::vector<HeadLabel> labels;
    const auto add = [&](HeadLabel label) {
        if (is_borne(label)) labels.push_back(std::move(label));
    };
    for (const NamedMetric& named : kCallable) {
        const std::optional<double>& value = head.measures[named.metric];
        if (value) {
            add({std::string(named.label), *value, head.level[named.metric].value_or(0)});
        }
    }
    if (head.repeats) add({"induction", *head.repeats, head.repeats_level});
    for (std::size_t k = 0; k < atlas.kinds.size() && k < head.hits.size(); ++k) {
        const AtlasKind& kind = atlas.kinds[k];
        if (!head.hits[k] || kind.count == 0) continue;
        const double error = std::sqrt(kind.baseline * (1 - kind.baseline) / kind.count);
        if (*head.hits[k] <= kind.baseline + kErrorsAbove * error) continue;
        add({kind.name, *head.hits[k], kind.baseline});
    }
    std::stable_sort(labels.begin(), labels.end(), [](const HeadLabel& a, const HeadLabel& b) {
        return a.value - a.baseline > b.value - b.baseline;
    });
    return labels;
}

}  // namespace heed
