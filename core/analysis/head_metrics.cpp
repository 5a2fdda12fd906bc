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
    {HeadMetric::kMarks, "marks", "punctuation", "", true},
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

}  // namespace

void HeadMetricSums::add(HeadMetric metric, double value) {
    Mean& mean = of_[static_cast<std::size_t>(metric)];
    mean.sum += value;
    ++mean.count;
}

// What is measured on every row by itself. `inverse` is one over the row's sum.
void HeadMetricSums::add_row(const float* row, int columns, double inverse,
                             const PatternContext& context) {
    double bits = 0;
    double largest = 0;
    double special = 0;
    double marks = 0;
    const bool knows_special = !context.is_special.empty();
    const bool knows_marks = !context.is_mark.empty();
    for (int s = 0; s < columns; ++s) {
        const double weight = static_cast<double>(row[s]) * inverse;
        if (weight < 0) has_negative_ = true;
        if (weight > 0) bits -= weight * std::log2(weight);
        largest = std::max(largest, weight);
        if (knows_special && context.is_special[static_cast<std::size_t>(s)]) special += weight;
        if (knows_marks && context.is_mark[static_cast<std::size_t>(s)]) marks += weight;
    }
    add(HeadMetric::kEntropy, bits);
    add(HeadMetric::kConfidence, largest);
    add(HeadMetric::kFirst, static_cast<double>(row[0]) * inverse);
    if (knows_special) add(HeadMetric::kSpecial, special);
    if (knows_marks) add(HeadMetric::kMarks, marks);
}

// What needs rows and columns to be the same positions.
void HeadMetricSums::add_places(const float* row, int t, int columns, double inverse,
                                bool is_causal) {
    const auto at = [&](int s) { return static_cast<double>(row[s]) * inverse; };
    if (t > 0) add(HeadMetric::kPrevious, at(t - 1));
    if (t + 1 < columns && !is_causal) add(HeadMetric::kNext, at(t + 1));
    add(HeadMetric::kOwn, at(t));
    double distance = 0;
    for (int s = 0; s < columns; ++s) distance += at(s) * std::abs(t - s);
    add(HeadMetric::kDistance, distance);
}

// Earlier copies of the token at `t` and what came right after them.
void HeadMetricSums::add_copies(const float* row, int t, double inverse,
                                const PatternContext& context) {
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
    if (has_copy) add(HeadMetric::kDuplicate, copies);
    if (has_follower) add(HeadMetric::kInduction, followers);
}

const HeadMetricRow& head_metric_row(HeadMetric metric) {
    return kTable.at(static_cast<std::size_t>(metric));
}

void HeadMetricSums::add(const PatternView& pattern, const PatternContext& context) {
    const auto columns = static_cast<std::size_t>(pattern.columns);
    if (!context.tokens.empty()) HEED_CHECK_EQ(context.tokens.size(), columns);
    if (!context.is_special.empty()) HEED_CHECK_EQ(context.is_special.size(), columns);
    if (!context.is_mark.empty()) HEED_CHECK_EQ(context.is_mark.size(), columns);
    if (context.is_self) HEED_CHECK_EQ(pattern.rows, pattern.columns);
    for (int t = 0; t < pattern.rows; ++t) {
        const int choices = context.is_causal ? std::min(t + 1, pattern.columns) : pattern.columns;
        if (choices < 2) continue;
        const float* row = pattern.row(t);
        double sum = 0;
        for (int s = 0; s < pattern.columns; ++s) sum += static_cast<double>(row[s]);
        if (!(sum > 0)) continue;
        add_row(row, pattern.columns, 1 / sum, context);
        if (!context.is_self) continue;
        add_places(row, t, pattern.columns, 1 / sum, context.is_causal);
        if (!context.tokens.empty()) add_copies(row, t, 1 / sum, context);
    }
}

HeadMetrics HeadMetricSums::means() const {
    HeadMetrics metrics;
    for (const HeadMetricRow& row : kTable) {
        const Mean& mean = of_[static_cast<std::size_t>(row.metric)];
        if (mean.count > 0) metrics[row.metric] = mean.sum / mean.count;
    }
    if (has_negative_) metrics[HeadMetric::kEntropy].reset();
    return metrics;
}

HeadMetrics compute_head_metrics(const PatternView& pattern, const PatternContext& context) {
    HeadMetricSums sums;
    sums.add(pattern, context);
    return sums.means();
}

double head_metric_limit(HeadMetric metric, int columns) {
    const double keys = std::max(2, columns);
    if (metric == HeadMetric::kEntropy) return std::log2(keys);
    if (metric == HeadMetric::kDistance) return keys - 1;
    return 1;
}

}  // namespace heed
