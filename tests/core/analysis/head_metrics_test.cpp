#include "core/analysis/head_metrics.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "core/analysis/pattern_context.h"
#include "core/format/json.h"
#include "core/format/mapped_file.h"
#include "core/model/model.h"
#include "core/model/worksheet.h"
#include "core/run/backend.h"
#include "tests/core/analysis/random_patterns.h"

using namespace heed;
using namespace heed::test;

namespace {

// The mean of `value` over the queries with a choice for which it gives something; every metric
// told a second time, each by its own loops.
using ForQuery = std::function<std::optional<double>(int t)>;

std::optional<double> mean_over(const DrawnPattern& p, bool is_causal, const ForQuery& value) {
    double sum = 0;
    int count = 0;
    for (int t = is_causal ? 1 : 0; t < p.rows; ++t) {
        if (p.columns < 2) continue;
        if (const std::optional<double> one = value(t)) {
            sum += *one;
            ++count;
        }
    }
    return count > 0 ? std::optional(sum / count) : std::nullopt;
}

double sum_where(const DrawnPattern& p, int t, const std::function<bool(int s)>& counts) {
    double sum = 0;
    for (int s = 0; s < p.columns; ++s) sum += counts(s) ? p.at(t, s) : 0;
    return sum;
}

// The weight on the keys that `chosen` names, for queries that are no special token and have one.
std::optional<double> mean_on(const DrawnPattern& p, const PatternContext& c,
                              const std::function<bool(int t, int s)>& chosen) {
    return mean_over(p, c.is_causal, [&](int t) -> std::optional<double> {
        if (!c.is_special.empty() && c.is_special[static_cast<std::size_t>(t)]) return std::nullopt;
        bool has_one = false;
        for (int s = 0; s < p.columns; ++s) has_one = has_one || chosen(t, s);
        if (!has_one) return std::nullopt;
        return sum_where(p, t, [&](int s) { return chosen(t, s); });
    });
}

std::optional<double> twin_of_copies(HeadMetric metric, const DrawnPattern& p,
                                     const PatternContext& c) {
    const auto is_copy = [&](int t, int s) {
        return s < t &&
               c.tokens[static_cast<std::size_t>(s)] == c.tokens[static_cast<std::size_t>(t)];
    };
    if (metric == HeadMetric::kDuplicate) return mean_on(p, c, is_copy);
    return mean_on(p, c, [&](int t, int s) { return s > 0 && s < t && is_copy(t, s - 1); });
}

double naive_entropy(const DrawnPattern& p, int t) {
    double nats = 0;
    for (int s = 0; s < p.columns; ++s) {
        if (p.at(t, s) > 0) nats -= p.at(t, s) * std::log(p.at(t, s));
    }
    return nats / std::log(2.0);
}

std::optional<double> twin(HeadMetric metric, const DrawnPattern& p, const PatternContext& c) {
    const auto over = [&](const ForQuery& value) { return mean_over(p, c.is_causal, value); };
    const auto weight = [&](int t, int s) -> std::optional<double> {
        if (s < 0 || s >= p.columns) return std::nullopt;
        return p.at(t, s);
    };
    switch (metric) {
        case HeadMetric::kEntropy:
            return over([&](int t) { return naive_entropy(p, t); });
        case HeadMetric::kPrevious:
            return over([&](int t) { return weight(t, t - 1); });
        case HeadMetric::kNext:
            if (c.is_causal) return std::nullopt;
            return over([&](int t) { return weight(t, t + 1); });
        case HeadMetric::kFirst:
            return over([&](int t) { return weight(t, 0); });
        case HeadMetric::kOwn:
            return over([&](int t) { return weight(t, t); });
        case HeadMetric::kSpecial:
            if (c.is_special.empty()) return std::nullopt;
            return over([&](int t) {
                return sum_where(p, t,
                                 [&](int s) { return c.is_special[static_cast<std::size_t>(s)]; });
            });
        case HeadMetric::kMarks:
            if (c.is_mark.empty()) return std::nullopt;
            return over([&](int t) {
                return sum_where(p, t,
                                 [&](int s) { return c.is_mark[static_cast<std::size_t>(s)]; });
            });
        case HeadMetric::kDistance:
            return over([&](int t) {
                double steps = 0;
                for (int s = 0; s < p.columns; ++s) steps += p.at(t, s) * std::abs(t - s);
                return steps;
            });
        case HeadMetric::kInduction:
        case HeadMetric::kDuplicate:
            return twin_of_copies(metric, p, c);
        case HeadMetric::kConfidence:
            return over([&](int t) {
                double most = 0;
                for (int s = 0; s < p.columns; ++s) most = std::max(most, p.at(t, s));
                return most;
            });
    }
    return std::nullopt;
}

PatternContext make_context(int length, bool is_causal, bool has_special) {
    PatternContext context;
    context.is_causal = is_causal;
    for (int s = 0; s < length; ++s) {
        context.tokens.push_back(s * s % 5);
        if (has_special) context.is_special.push_back(s == 0 || s == length - 1);
        if (has_special) context.is_mark.push_back(s % 4 == 2);
    }
    return context;
}

std::shared_ptr<const Trace> run_sheet(const std::string& text) {
    const auto model = make_worksheet_model(parse_worksheet(text, "sheet.json"), "sheet.json");
    const PreparedInput prepared = model->prepare({});
    return make_cpu_backend(1)->prepare(prepared.graph, model->weights())->run(prepared.inputs, {});
}

}  // namespace

TEST_SUITE_BEGIN("core/head_metrics");

TEST_CASE("every metric is what its own loops find") {
    for (const int length : {1, 2, 3, 9, 40}) {
        for (const bool is_causal : {false, true}) {
            for (const bool has_special : {false, true}) {
                const DrawnPattern pattern = draw_pattern(length, length, is_causal, 5);
                const PatternContext context = make_context(length, is_causal, has_special);
                const HeadMetrics metrics = compute_head_metrics(pattern.view(), context);
                for (int i = 0; i < kHeadMetricCount; ++i) {
                    const auto metric = static_cast<HeadMetric>(i);
                    CAPTURE(head_metric_row(metric).name);
                    CAPTURE(length);
                    CAPTURE(is_causal);
                    const std::optional<double> want = twin(metric, pattern, context);
                    REQUIRE(metrics[metric].has_value() == want.has_value());
                    if (want) CHECK(*metrics[metric] == doctest::Approx(*want).epsilon(1e-5));
                }
            }
        }
    }
}

TEST_CASE("one token has no choice, so that nothing is claimed of it") {
    const DrawnPattern pattern = draw_pattern(1, 1, true, 1);
    CHECK(compute_head_metrics(pattern.view(), make_context(1, true, true)) == HeadMetrics());
}

TEST_CASE("a causal head has no token after, and its first query does not count") {
    DrawnPattern pattern{3, 3, {1, 0, 0, 0.25F, 0.75F, 0, 0, 0.5F, 0.5F}};
    const HeadMetrics metrics = compute_head_metrics(pattern.view(), make_context(3, true, false));
    CHECK(!metrics[HeadMetric::kNext].has_value());
    CHECK(metrics[HeadMetric::kFirst].value() == doctest::Approx(0.125));
    CHECK(metrics[HeadMetric::kOwn].value() == doctest::Approx(0.625));
    CHECK(metrics[HeadMetric::kPrevious].value() == doctest::Approx(0.375));
}

TEST_CASE("a row without any weight is left out, and a row is measured by its shares") {
    const DrawnPattern pattern{2, 2, {0, 0, 6, 2}};
    const HeadMetrics metrics = compute_head_metrics(pattern.view(), make_context(2, false, false));
    CHECK(metrics[HeadMetric::kFirst].value() == doctest::Approx(0.75));
    CHECK(metrics[HeadMetric::kConfidence].value() == doctest::Approx(0.75));
}

TEST_CASE("negative weights have no entropy") {
    const DrawnPattern pattern{2, 2, {1.5F, -0.5F, 0.5F, 0.5F}};
    const HeadMetrics metrics = compute_head_metrics(pattern.view(), make_context(2, false, false));
    CHECK(!metrics[HeadMetric::kEntropy].has_value());
    CHECK(metrics[HeadMetric::kFirst].value() == doctest::Approx(1));
}

TEST_CASE("between two sentences only what needs no common places is measured") {
    const DrawnPattern pattern = draw_pattern(3, 5, false, 2);
    PatternContext context = make_context(5, false, true);
    context.is_self = false;
    const HeadMetrics metrics = compute_head_metrics(pattern.view(), context);
    for (const HeadMetric metric : {HeadMetric::kEntropy, HeadMetric::kFirst, HeadMetric::kSpecial,
                                    HeadMetric::kConfidence}) {
        CHECK(metrics[metric].has_value());
    }
    for (const HeadMetric metric :
         {HeadMetric::kPrevious, HeadMetric::kNext, HeadMetric::kOwn, HeadMetric::kDistance,
          HeadMetric::kInduction, HeadMetric::kDuplicate}) {
        CHECK(!metrics[metric].has_value());
    }
}

TEST_CASE("a perfect induction head has an induction score of 1") {
    // a b c a b c: each token of the second half looks at what followed it in the first.
    DrawnPattern pattern{6, 6, std::vector<float>(36, 0.0F)};
    for (int t = 0; t < 6; ++t) {
        pattern.values[static_cast<std::size_t>(t * 6 + (t < 3 ? 0 : t - 2))] = 1;
    }
    PatternContext context;
    context.is_causal = true;
    context.tokens = {1, 2, 3, 1, 2, 3};
    const HeadMetrics metrics = compute_head_metrics(pattern.view(), context);
    CHECK(metrics[HeadMetric::kInduction].value() == doctest::Approx(1));
    CHECK(metrics[HeadMetric::kDuplicate].value() == doctest::Approx(0));
}

TEST_CASE("a trace tells which tokens are copies and whether it is causal") {
    const auto trace = run_sheet(
        R"({"name": "s", "tokens": ["a", "b", "a"], "vectors": [[1, 0], [0, 1], [1, 1]],
            "causal": true})");
    const PatternContext context =
        find_pattern_context(*trace, trace->graph().attentions().front());
    CHECK(context.is_self);
    CHECK(context.is_causal);
    CHECK(context.tokens == std::vector<int>{0, 1, 0});
    CHECK(context.is_special.empty());
}

TEST_CASE("queries of another sentence share no places with the keys") {
    const auto trace = run_sheet(
        R"({"name": "s", "tokens": ["a", "b"], "vectors": [[1, 0], [0, 1]],
            "query_tokens": ["x"], "query_vectors": [[1, 1]]})");
    CHECK(!find_pattern_context(*trace, trace->graph().attentions().front()).is_self);
}

TEST_CASE("every metric has its sentence in the help, and its source") {
    const Json help = parse_json(read_text_file(assets_folder() / "help" / "metrics.json", 1 << 20),
                                 "metrics.json");
    for (int i = 0; i < kHeadMetricCount; ++i) {
        const std::string name(head_metric_row(static_cast<HeadMetric>(i)).name);
        CAPTURE(name);
        const auto at = std::find_if(help.object.begin(), help.object.end(),
                                     [&](const auto& entry) { return entry.first == name; });
        REQUIRE(at != help.object.end());
        CHECK(at->second.is_string());
        CHECK(at->second.string.size() > 40);
        CHECK(at->second.string.back() == '.');
    }
}
