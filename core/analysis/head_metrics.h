// What one head does, in numbers: each is measured on the head's pattern. The table of names is
// here; what they mean is told in assets/help/metrics.json.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace heed {

enum class HeadMetric {
    kEntropy,     // of a row, in bits
    kPrevious,    // weight on the token before
    kNext,        // weight on the token after
    kFirst,       // weight on the first token
    kOwn,         // weight on the token itself
    kSpecial,     // weight on special tokens
    kMarks,       // weight on punctuation
    kDistance,    // |t - s|, weighted
    kInduction,   // weight on what followed earlier copies of the token
    kDuplicate,   // weight on earlier copies of the token
    kConfidence,  // largest weight of a row
};
constexpr int kHeadMetricCount = static_cast<int>(HeadMetric::kConfidence) + 1;

// As options spell them, in the order of HeadMetric.
inline constexpr std::array<std::string_view, kHeadMetricCount> kHeadMetricNames{
    "entropy", "previous", "next",      "first",     "own",       "special",
    "marks",   "distance", "induction", "duplicate", "confidence"};

struct HeadMetricRow {
    HeadMetric metric;
    std::string_view name;   // of kHeadMetricNames
    std::string_view title;  // "entropy", "token before", as a person reads it
    std::string_view unit;   // "bits", "tokens"; empty for weights of [0, 1]
    bool is_weight;          // lies in [0, 1] where no weight is negative
};
const HeadMetricRow& head_metric_row(HeadMetric metric);

// What a metric needs to know of the positions besides the weights.
struct PatternContext {
    bool is_self = true;           // rows and columns are the same positions
    bool is_causal = false;        // query t may see the keys s <= t alone
    std::vector<int> tokens;       // of the keys: equal numbers, equal tokens; empty: not known
    std::vector<bool> is_special;  // of the keys; empty: not known
    std::vector<bool> is_mark;     // of the keys: punctuation alone; empty: not known
};

// `rows` x `columns` weights; row t begins at data + t * stride.
struct PatternView {
    const float* data = nullptr;
    std::ptrdiff_t stride = 0;
    int rows = 0;
    int columns = 0;

    const float* row(int t) const { return data + t * stride; }
};

// Empty where a metric makes no sense: nothing in the pattern for it to be measured on.
class HeadMetrics {
  public:
    std::optional<double>& operator[](HeadMetric metric) {
        return values_[static_cast<std::size_t>(metric)];
    }
    const std::optional<double>& operator[](HeadMetric metric) const {
        return values_[static_cast<std::size_t>(metric)];
    }
    bool operator==(const HeadMetrics&) const = default;

  private:
    std::array<std::optional<double>, kHeadMetricCount> values_{};
};

// The metrics of several patterns of one head together.
class HeadMetricSums {
  public:
    void add(const PatternView& pattern, const PatternContext& context);
    // Means over the queries that have a choice (may see two keys or more) and for which the metric
    // is defined. Each row is divided by its sum; a row whose sum is not positive is left out.
    // Entropy is absent where a weight is negative.
    HeadMetrics means() const;

  private:
    // A mean that may be of nothing.
    struct Mean {
        double sum = 0;
        int count = 0;
    };
    void add(HeadMetric metric, double value);
    void add_row(const float* row, int columns, double inverse, const PatternContext& context);
    void add_places(const float* row, int t, int columns, double inverse, bool is_causal);
    void add_copies(const float* row, int t, double inverse, const PatternContext& context);

    std::array<Mean, kHeadMetricCount> of_{};
    bool has_negative_ = false;
};

// Those of one pattern.
HeadMetrics compute_head_metrics(const PatternView& pattern, const PatternContext& context);

// The largest value that a metric can have among `columns` keys: log2 for the entropy, 1 for
// weights. At least a positive number.
double head_metric_limit(HeadMetric metric, int columns);

}  // namespace heed
