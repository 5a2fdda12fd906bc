#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <limits>

#include "core/model/model.h"
#include "core/run/backend.h"
#include "tests/core/analysis/pattern_traces.h"

using namespace heed;
using namespace heed::test;

namespace {

const AttentionSite& site_of(const Trace& trace, int site) {
    return trace.graph().attentions().at(static_cast<std::size_t>(site));
}

std::vector<PatternRequest> every_request() {
    std::vector<PatternRequest> all;
    for (const PatternKind kind : {PatternKind::kWeights, PatternKind::kNormWeighted}) {
        all.push_back({kind, HeadChoice::kOne, {1}});
        all.push_back({kind, HeadChoice::kMean, {}});
        all.push_back({kind, HeadChoice::kMax, {}});
        all.push_back({kind, HeadChoice::kChosen, {0, 1}});
    }
    return all;
}

}  // namespace

TEST_SUITE_BEGIN("core/analysis/pattern");

TEST_CASE("every kind and choice of heads is what loops over the trace's cells find") {
    for (const int length : {1, 6}) {
        for (const bool is_causal : {true, false}) {
            const auto trace = make_stack_trace(length, 3, is_causal);
            for (int site = 0; site < 3; ++site) {
                std::vector<PatternRequest> requests = every_request();
                requests.push_back({PatternKind::kRollout, HeadChoice::kOne, {0}});
                requests.push_back({PatternKind::kNormWeighted, HeadChoice::kChosen, {1, 3}});
                for (const PatternRequest& request : requests) {
                    CAPTURE(length);
                    CAPTURE(site);
                    CAPTURE(static_cast<int>(request.kind));
                    CAPTURE(static_cast<int>(request.choice));
                    const Pattern pattern = compute_pattern(*trace, site_of(*trace, site), request);
                    check_same(pattern.values, find_pattern(*trace, site, request));
                    CHECK(pattern.has_output_map);
                }
            }
        }
    }
}

TEST_CASE("queries over other keys, without W_O, have the lengths of the values alone") {
    const auto trace = make_cross_trace(3, 5);
    for (const PatternRequest& request : every_request()) {
        const Pattern pattern = compute_pattern(*trace, site_of(*trace, 0), request);
        check_same(pattern.values, find_pattern(*trace, 0, request));
        CHECK(pattern.has_output_map == (request.kind != PatternKind::kNormWeighted));
    }
    const PatternRequest rollout{PatternKind::kRollout, HeadChoice::kMean, {}};
    CHECK(!find_obstacle(trace->graph(), site_of(*trace, 0), rollout).empty());
}

TEST_CASE("what may not be seen is blocked, by the rule of the mask") {
    const auto trace = make_cross_trace(3, 5);
    const Pattern pattern = compute_pattern(*trace, site_of(*trace, 0), {});
    REQUIRE(pattern.blocked.rows() == 3);
    const NodeId masked = site_of(*trace, 0).masked.value();
    for (int t = 0; t < 3; ++t) {
        for (int s = 0; s < 5; ++s) {
            const float score = trace->value(masked, {0, t, s});
            const bool is_blocked = score == -std::numeric_limits<float>::infinity();
            CHECK((pattern.blocked.at(t, s) != 0) == is_blocked);
            CHECK(is_blocked == (s > t + 2));
        }
    }
    const auto open = make_stack_trace(4, 1, false);
    CHECK(compute_pattern(*open, site_of(*open, 0), {}).blocked.rows() == 0);
}

TEST_CASE("what is too far away is blocked too, in the past and on both sides") {
    for (const char* name : {"generators/mistral-window", "encoders/modernbert-mlm"}) {
        CAPTURE(name);
        const auto model =
            open_model(std::filesystem::path(HEED_SOURCE_DIR) / "tests/data/families" / name);
        ModelInput input;
        input.ids = {2, 5, 6, 7, 5, 3, 4, 8, 6};
        const PreparedInput ready = model->prepare(input);
        const auto trace =
            make_cpu_backend(1)->prepare(ready.graph, model->weights())->run(ready.inputs, {});
        int far = 0;
        for (const AttentionSite& site : trace->graph().attentions()) {
            const Pattern pattern = compute_pattern(*trace, site, {});
            for (int t = 0; t < 9; ++t) {
                for (int s = 0; s < 9; ++s) {
                    const float score = trace->value(site.masked.value(), {0, t, s});
                    const bool is_blocked = score == -std::numeric_limits<float>::infinity();
                    const bool is_shown =
                        pattern.blocked.rows() > 0 && pattern.blocked.at(t, s) != 0;
                    CHECK(is_shown == is_blocked);
                    far += is_blocked && s < t ? 1 : 0;
                }
            }
        }
        CHECK(far > 0);
    }
}

TEST_CASE("the rows of rollout are shares of the words") {
    const auto trace = make_stack_trace(7, 3);
    const PatternRequest request{PatternKind::kRollout, HeadChoice::kMean, {}};
    const Pattern pattern = compute_pattern(*trace, site_of(*trace, 2), request);
    for (int t = 0; t < 7; ++t) {
        double sum = 0;
        for (int s = 0; s < 7; ++s) {
            CHECK(pattern.values.at(t, s) >= 0);
            if (s > t) CHECK(pattern.values.at(t, s) == 0);
            sum += static_cast<double>(pattern.values.at(t, s));
        }
        CHECK(sum == doctest::Approx(1));
    }
}

TEST_CASE("one head's weights are the trace's own memory") {
    const auto trace = make_stack_trace(5, 1);
    const PatternRequest request{PatternKind::kWeights, HeadChoice::kOne, {2}};
    const Pattern pattern = compute_pattern(*trace, site_of(*trace, 0), request);
    const Tile tile = trace->read(pattern.node, {2, 3, 0, 5, 0, 5}).value();
    CHECK(pattern.values.row(3) == tile.row(2, 3));
}

TEST_CASE("no head has no picture, and work that is cancelled ends") {
    const auto trace = make_stack_trace(5, 2);
    const AttentionSite& site = site_of(*trace, 1);
    const PatternRequest none{PatternKind::kWeights, HeadChoice::kChosen, {}};
    CHECK(find_obstacle(trace->graph(), site, none) == "no head is chosen");
    const PatternRequest beyond{PatternKind::kWeights, HeadChoice::kOne, {4}};
    CHECK(!find_obstacle(trace->graph(), site, beyond).empty());
    CancelToken cancel;
    cancel.cancel();
    const PatternRequest rollout{PatternKind::kRollout, HeadChoice::kMean, {}};
    CHECK_THROWS_AS(compute_pattern(*trace, site, rollout, cancel), Cancelled);
    const double one = estimate_work(trace->graph(), site, {});
    CHECK(one == 25);
    CHECK(estimate_work(trace->graph(), site, rollout) > one);
}

TEST_SUITE_END();
