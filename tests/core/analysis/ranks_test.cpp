#include "core/analysis/ranks.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <random>

namespace heed::test {
namespace {

constexpr double kNear = 1e-12;
constexpr float kMinusInfinity = -std::numeric_limits<float>::infinity();

TEST_SUITE_BEGIN("core/ranks");

TEST_CASE("the likeliest come first, and rank and probability are what a loop finds") {
    std::mt19937 random(4);
    std::vector<float> logits;
    for (int i = 0; i < 500; ++i) logits.push_back(static_cast<float>(random() % 97) / 7 - 5);
    double sum = 0;
    for (const float logit : logits) sum += std::exp(static_cast<double>(logit));
    const std::vector<RankedEntry> top = rank_top(logits, 500);
    REQUIRE(top.size() == 500);
    double whole = 0;
    for (std::size_t i = 0; i < top.size(); ++i) {
        const float own = logits[static_cast<std::size_t>(top[i].id)];
        int before = 0;
        for (int other = 0; other < 500; ++other) {
            const float value = logits[static_cast<std::size_t>(other)];
            if (value > own || (value == own && other < top[i].id)) ++before;
        }
        CHECK(before == static_cast<int>(i));
        CHECK(top[i].rank == before);
        CHECK(top[i].logit == static_cast<double>(own));
        CHECK(std::abs(top[i].probability - std::exp(static_cast<double>(own)) / sum) < kNear);
        whole += top[i].probability;
        const RankedEntry alone = rank_entry(logits, top[i].id);
        CHECK(alone.rank == before);
        CHECK(alone.probability == top[i].probability);
    }
    CHECK(std::abs(whole - 1) < kNear);
    CHECK(rank_top(logits, 3).size() == 3);
    CHECK(rank_top(logits, 3)[2].id == top[2].id);
}

TEST_CASE("huge scores, one score and forbidden ones") {
    const std::vector<float> huge{3e38F, 3e38F, -3e38F};
    CHECK(std::abs(rank_top(huge, 1)[0].probability - 0.5) < kNear);
    CHECK(rank_top(huge, 2)[1].id == 1);
    CHECK(rank_top(std::vector<float>{-7}, 5)[0].probability == 1);
    CHECK(rank_top(std::vector<float>{}, 5).empty());
    const std::vector<float> blocked{kMinusInfinity, 1, kMinusInfinity};
    CHECK(rank_entry(blocked, 0).probability == 0);
    CHECK(rank_entry(blocked, 2).rank == 2);
    CHECK(rank_entry(blocked, 1).probability == 1);
}

TEST_SUITE_END();

}  // namespace
}  // namespace heed::test
