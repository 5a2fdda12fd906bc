#include "core/tensor/tensor.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "core/base/check.h"

using namespace heed;

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

}  // namespace

TEST_SUITE_BEGIN("core/tensor");

TEST_CASE("values lie row-major") {
    std::vector<float> values(24);
    std::iota(values.begin(), values.end(), 0.0f);
    const Tensor tensor({2, 3, 4}, values);
    CHECK_EQ(tensor.size(), 24);
    CHECK_EQ(tensor.rank(), 3);
    CHECK_EQ(tensor.extent(1), 3);
    CHECK_EQ(tensor.extent(-1), 4);
    CHECK_EQ(tensor.at({0, 0, 1}), 1.0f);
    CHECK_EQ(tensor.at({0, 1, 0}), 4.0f);
    CHECK_EQ(tensor.at({1, 0, 0}), 12.0f);
    CHECK_EQ(tensor.at({1, 2, 3}), 23.0f);
    CHECK_THROWS_AS(tensor.at({1, 3, 0}), Bug);
    CHECK_THROWS_AS(tensor.extent(3), Bug);
}

TEST_CASE("no numbers, one number, and the wrong number of numbers") {
    CHECK_EQ(Tensor().size(), 0);
    CHECK_EQ(Tensor(std::vector<int>{}).size(), 1);
    CHECK_EQ(Tensor({3, 0, 2}).size(), 0);
    CHECK_THROWS_AS(Tensor({2, -1}), Bug);
    CHECK_THROWS_AS(Tensor({2, 2}, {1.0f, 2.0f, 3.0f}), Bug);
}

TEST_CASE("a clone has its own memory") {
    Tensor tensor({2}, {1.0f, 2.0f});
    const Tensor copy = tensor.clone();
    tensor.values()[0] = 9.0f;
    CHECK_EQ(copy.at({0}), 1.0f);
    CHECK_EQ(copy.at({1}), 2.0f);
    CHECK_EQ(copy.extents(), tensor.extents());
}

TEST_CASE("statistics of a span are those of the textbook") {
    const Stats stats = compute_stats(std::vector<float>{2, 4, 4, 4, 5, 5, 7, 9});
    CHECK_EQ(stats.min, 2.0f);
    CHECK_EQ(stats.max, 9.0f);
    CHECK_EQ(stats.abs_max, 9.0f);
    CHECK_EQ(stats.mean, 5.0);
    CHECK_EQ(stats.deviation, 2.0);
    CHECK_EQ(stats.finite, 8);
    CHECK_EQ(stats.non_finite, 0);
}

TEST_CASE("what is not finite is counted and left out") {
    const Stats stats = compute_stats(std::vector<float>{-kInfinity, -3, NAN, -1, kInfinity});
    CHECK_EQ(stats.min, -3.0f);
    CHECK_EQ(stats.max, -1.0f);
    CHECK_EQ(stats.abs_max, 3.0f);
    CHECK_EQ(stats.mean, -2.0);
    CHECK_EQ(stats.finite, 2);
    CHECK_EQ(stats.non_finite, 3);
}

TEST_CASE("nothing finite gives zeros") {
    for (const std::vector<float>& values : {std::vector<float>{}, std::vector<float>{NAN}}) {
        const Stats stats = compute_stats(values);
        CHECK_EQ(stats.finite, 0);
        CHECK_EQ(stats.abs_max, 0.0f);
        CHECK_EQ(stats.deviation, 0.0);
    }
}

TEST_CASE("huge values do not overflow the mean or the deviation") {
    const float huge = std::numeric_limits<float>::max();
    const Stats stats = compute_stats(std::vector<float>{huge, huge, -huge, -huge});
    CHECK_EQ(stats.mean, 0.0);
    CHECK_EQ(stats.deviation, static_cast<double>(huge));
}

TEST_SUITE_END();
