#include "core/analysis/shown_pattern.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "tests/core/analysis/pattern_traces.h"

using namespace heed;
using namespace heed::test;

namespace {

std::vector<TokenGroup> groups_of(std::initializer_list<std::vector<int>> positions) {
    std::vector<TokenGroup> groups;
    for (const std::vector<int>& own : positions) groups.push_back({own, "", false});
    return groups;
}

Pattern pattern_of(const Trace& trace, int site, const PatternRequest& request) {
    return compute_pattern(trace, trace.graph().attentions().at(static_cast<std::size_t>(site)),
                           request);
}

Rows join_rows(const Rows& from, const std::vector<TokenGroup>& rows,
               const std::vector<TokenGroup>& columns) {
    Rows joined;
    for (const TokenGroup& row : rows) {
        joined.emplace_back();
        for (const TokenGroup& column : columns) {
            double sum = 0;
            for (const int t : row.positions) {
                for (const int s : column.positions) {
                    sum += from[static_cast<std::size_t>(t)][static_cast<std::size_t>(s)];
                }
            }
            joined.back().push_back(sum / static_cast<double>(row.positions.size()));
        }
    }
    return joined;
}

}  // namespace

TEST_SUITE_BEGIN("core/analysis/shown_pattern");

TEST_CASE("all tokens alone are the pattern itself") {
    const auto trace = make_stack_trace(5, 1);
    const Pattern pattern = pattern_of(*trace, 0, {});
    const ShownPattern shown = arrange_pattern(pattern, list_tokens({}, 5), list_tokens({}, 5));
    CHECK(shown.values.row(2) == pattern.values.row(2));
    CHECK(shown.left_out_of_all == 0);
}

TEST_CASE("joined rows are means, joined columns sums, and what is left out is told") {
    const auto trace = make_stack_trace(6, 2, false);
    const PatternRequest mean{PatternKind::kWeights, HeadChoice::kMean, {}};
    const Rows all = find_pattern(*trace, 1, mean);
    const auto rows = groups_of({{1}, {2, 3}, {5}});
    const auto columns = groups_of({{0, 1}, {3}, {4, 5}});
    const ShownPattern shown = arrange_pattern(pattern_of(*trace, 1, mean), rows, columns);
    const Rows want = join_rows(all, rows, columns);
    check_same(shown.values, want);
    double hidden = 0;
    for (std::size_t r = 0; r < want.size(); ++r) {
        // Rows of a softmax add up to 1: what is missing lies at position 2.
        const double missing = 1 - want[r][0] - want[r][1] - want[r][2];
        CHECK(static_cast<double>(shown.left_out[r]) == doctest::Approx(missing));
        hidden += missing * static_cast<double>(rows[r].positions.size());
    }
    CHECK(static_cast<double>(shown.left_out_of_all) == doctest::Approx(hidden / 4));
}

TEST_CASE("a joined cell is blocked only where all its pairs are") {
    const auto trace = make_stack_trace(4, 1);
    const Pattern pattern = pattern_of(*trace, 0, {});
    const ShownPattern shown =
        arrange_pattern(pattern, groups_of({{0}, {1, 2}}), groups_of({{0, 1}, {2}, {3}}));
    REQUIRE(shown.blocked.rows() == 2);
    const bool want[2][3] = {{false, true, true}, {false, false, true}};
    for (int r = 0; r < 2; ++r) {
        for (int c = 0; c < 3; ++c) CHECK((shown.blocked.at(r, c) != 0) == want[r][c]);
    }
    const ShownPattern lower = arrange_pattern(pattern, groups_of({{3}}), groups_of({{0}, {1, 2}}));
    CHECK(lower.blocked.rows() == 0);
}

TEST_CASE("every shown number is the sum of cells of the trace") {
    for (const int length : {1, 5}) {
        const auto trace = make_stack_trace(length, 2);
        auto rows = list_tokens({}, length);
        auto columns = list_tokens({}, length);
        if (length == 5) {
            rows = groups_of({{0}, {1, 2}, {4}});
            columns = groups_of({{0, 1}, {3, 4}});
        }
        for (const PatternKind kind :
             {PatternKind::kWeights, PatternKind::kNormWeighted, PatternKind::kRollout}) {
            for (const HeadChoice choice :
                 {HeadChoice::kOne, HeadChoice::kMean, HeadChoice::kMax, HeadChoice::kChosen}) {
                const Pattern pattern = pattern_of(*trace, 1, {kind, choice, {3}});
                const ShownPattern shown = arrange_pattern(pattern, rows, columns);
                for (int r = 0; r < shown.values.rows(); ++r) {
                    for (int c = 0; c < shown.values.columns(); ++c) {
                        CAPTURE(static_cast<int>(kind));
                        CAPTURE(static_cast<int>(choice));
                        CAPTURE(r);
                        CAPTURE(c);
                        double sum = 0;
                        double before = std::numeric_limits<double>::infinity();
                        for (const PatternTerm& term :
                             explain_shown(*trace, pattern, shown, r, c)) {
                            if (term.node >= 0) {
                                const float value = trace->value(term.node, term.index);
                                CHECK(term.value == static_cast<double>(value));
                            }
                            CHECK(term.contribution == term.factor * term.value);
                            CHECK(std::abs(term.contribution) <= before);
                            before = std::abs(term.contribution);
                            sum += term.contribution;
                        }
                        const auto want = static_cast<double>(shown.values.at(r, c));
                        CHECK(std::abs(sum - want) <= 1e-6 + 1e-5 * std::abs(want));
                    }
                }
            }
        }
    }
}

TEST_SUITE_END();
