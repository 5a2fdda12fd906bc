#include "core/analysis/head_metrics.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "core/base/check.h"

namespace heed {

namespace {

constexpr std::array<HeadMetricRow, kHeadMetricCount> kTable{{
    {HeadMetric::kEntropy, "entropy", "entropy", "bits", false},
    {HeadMetric::kPrevious, "previous", "token before", "", true},
    {HeadMetric::kNext, "next", "token after", "", true},
    {HeadMetric::kFirst, "first", "first token", "", true},
    {HeadMetric::kOwn, "own", "token itself", "", true},
    {HeadMetric::kSpecial, "special", "special tokens", "", true},
    {HeadMetric::kDistance, "distance", "distance", "tokens", false},
    {HeadMetric::kInduction, "induction", "induction", "", true},
    {HeadMetric::kDuplicate, "duplicate", "earlier copies", "", true},
    {HeadMetric::kConfidence, "confidence", "confidence", "", true},
}};

constexpr bool is_in_order() {
    for (std::size_t i = 0; i < kTable.size(); ++i) {
        if (static_cast<std::size_t>(kTable[i].metric) != i) return false;
        if (kTable[i].name != kHeadMetricNames[i]) return false;
    }
    return true;
}
static_assert(is_in_order(), "a row of the metrics' table stands in the wrong place");

// A mean that may be of nothing.
struct Mean {
    double sum = 0;
    int count = 0;

    void add(double value) {
        sum += value;
        ++count;
    }
    std::optional<double> value() const {
        if (count == 0) return std::nullopt;
        return sum / count;
    }
};

struct Means {
    std::array<Mean, kHeadMetricCount> of{};
    bool has_negative = false;

    void add(HeadMetric metric, double value) { of[static_cast<std::size_t>(metric)].add(value); }
};

// What is measured on every row by itself. `inverse` is one over the row's sum.
void measure_row(const float* row, int columns, double inverse, const PatternContext& context,
                 Means& means) {
    double bits = 0;
    double largest = 0;
    double special = 0;
    const bool knows_special = !context.is_special.empty();
    for (int s = 0; s < columns; ++s) {
        const double weight = static_cast<double>(row[s]) * inverse;
        if (weight < 0) means.has_negative = true;
        if (weight > 0) bits -= weight * std::log2(weight);
        largest = std::max(largest, weight);
        if (knows_special && context.is_special[static_cast<std::size_t>(s)]) special += weight;
    }
    means.add(HeadMetric::kEntropy, bits);
    means.add(HeadMetric::kConfidence, largest);
    means.add(HeadMetric::kFirst, static_cast<double>(row[0]) * inverse);
    if (knows_special) means.add(HeadMetric::kSpecial, special);
}

// What needs rows and columns to be the same positions.
void measure_places(const float* row, int t, int columns, double inverse, bool is_causal,
                    Means& means) {
    const auto at = [&](int s) { return static_cast<double>(row[s]) * inverse; };
    if (t > 0) means.add(HeadMetric::kPrevious, at(t - 1));
    if (t + 1 < columns && !is_causal) means.add(HeadMetric::kNext, at(t + 1));
    means.add(HeadMetric::kOwn, at(t));
    double distance = 0;
    for (int s = 0; s < columns; ++s) distance += at(s) * std::abs(t - s);
    means.add(HeadMetric::kDistance, distance);
}

// Earlier copies of the token at `t` and what came right after them.
void measure_copies(const float* row, int t, double inverse, const PatternContext& context,
                    Means& means) {
    const auto token = [&](int s) { return context.tokens[static_cast<std::size_t>(s)]; };
    if (!context.is_special.empty() && context.is_special[static_cast<std::size_t>(t)]) return;
    double copies = 0;
    double followers = 0;
    bool has_copy = false;
    bool has_follower = false;
    for (int s = 0; s < t; ++s) {
        if (token(s) != token(t)) continue;
        has_copy = true;
        copies += static_cast<double>(row[s]) * inverse;
        if (s + 1 == t) continue;
        has_follower = true;
        followers += static_cast<double>(row[s + 1]) * inverse;
    }
    if (has_copy) means.add(HeadMetric::kDuplicate, copies);
    if (has_follower) means.add(HeadMetric::kInduction, followers);
}

}  // namespace

const HeadMetricRow& head_metric_row(HeadMetric metric) {
    return kTable.at(static_cast<std::size_t>(metric));
}

HeadMetrics compute_head_metrics(const PatternView& pattern, const PatternContext& context) {
    const auto columns = static_cast<std::size_t>(pattern.columns);
    if (!context.tokens.empty()) HEED_CHECK_EQ(context.tokens.size(), columns);
    if (!context.is_special.empty()) HEED_CHECK_EQ(context.is_special.size(), columns);
    if (context.is_self) HEED_CHECK_EQ(pattern.rows, pattern.columns);
    Means means;
    for (int t = 0; t < pattern.rows; ++t) {
        const int choices = context.is_causal ? std::min(t + 1, pattern.columns) : pattern.columns;
        if (choices < 2) continue;
        const float* row = pattern.row(t);
        double sum = 0;
        for (int s = 0; s < pattern.columns; ++s) sum += static_cast<double>(row[s]);
        if (!(sum > 0)) continue;
        measure_row(row, pattern.columns, 1 / sum, context, means);
        if (!context.is_self) continue;
        measure_places(row, t, pattern.columns, 1 / sum, context.is_causal, means);
        if (!context.tokens.empty()) measure_copies(row, t, 1 / sum, context, means);
    }
    HeadMetrics metrics;
    for (const HeadMetricRow& row : kTable) {
        metrics[row.metric] = means.of[static_cast<std::size_t>(row.metric)].value();
    }
    if (means.has_negative) metrics[HeadMetric::kEntropy].reset();
    return metrics;
}

double head_metric_limit(HeadMetric metric, int columns) {
    const double keys = std::max(2, columns);
    if (metric == HeadMetric::kEntropy) return std::log2(keys);
    if (metric == HeadMetric::kDistance) return keys - 1;
    return 1;
}

}  // namespace heed
