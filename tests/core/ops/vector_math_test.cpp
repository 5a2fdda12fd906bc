#include "core/ops/vector_math.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

#include "core/ops/rows.h"

using namespace heed;

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

// `f` of each number, in rows of an odd length so that padding takes part.
template <class F>
std::vector<float> apply(const std::vector<float>& in, F f) {
    std::vector<float> out(in.size());
    map_row(in.data(), out.data(), static_cast<int>(in.size()), f);
    return out;
}

// Numbers from -end to end, close together.
std::vector<float> sweep(float end) {
    std::vector<float> numbers;
    for (int i = -200000; i <= 200000; ++i) numbers.push_back(end * static_cast<float>(i) / 200000);
    return numbers;
}

// The largest distance in units of the expected value's last place.
template <class F, class G>
double largest_ulps(const std::vector<float>& in, F f, G expected) {
    const std::vector<float> got = apply(in, f);
    double largest = 0;
    for (std::size_t i = 0; i < in.size(); ++i) {
        const double want = expected(static_cast<double>(in[i]));
        if (std::abs(want) < 1.2e-38) continue;
        const double unit = std::ldexp(1.0, std::ilogb(want) - 23);
        largest = std::max(largest, std::abs(static_cast<double>(got[i]) - want) / unit);
    }
    return largest;
}

}  // namespace

TEST_SUITE_BEGIN("core/vector_math");

TEST_CASE("functions are right to a few units in the last place") {
    const auto exp = [](double x) { return std::exp(x); };
    CHECK_LT(largest_ulps(sweep(87), exp_vec, exp), 1.5);
    CHECK_LT(largest_ulps(sweep(1), exp_vec, exp), 1.5);
    const auto tanh = [](double x) { return std::tanh(x); };
    CHECK_LT(largest_ulps(sweep(20), tanh_vec, tanh), 3);
    CHECK_LT(largest_ulps(sweep(1), tanh_vec, tanh), 3);
    CHECK_LT(largest_ulps(sweep(1e-3F), tanh_vec, tanh), 1.5);
    const auto sigmoid = [](double x) { return 1 / (1 + std::exp(-x)); };
    CHECK_LT(largest_ulps(sweep(80), sigmoid_vec, sigmoid), 3);
    // e^(-x^2/2) passes the rounding of its argument on: half a unit for each 1 of x^2 / 2.
    const auto share = [](double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); };
    CHECK_LT(largest_ulps(sweep(1), normal_share_vec, share), 8);
    CHECK_LT(largest_ulps(sweep(5), normal_share_vec, share), 20);
    CHECK_LT(largest_ulps(sweep(12), normal_share_vec, share), 90);
}

TEST_CASE("functions hold at their ends") {
    const std::vector<float> ends = {-kInfinity, -1e30F, -1000, -87.4F, 0, 1000, kInfinity};
    CHECK_EQ(apply(ends, exp_vec),
             std::vector<float>{0, 0, 0, 0, 1, apply({88}, exp_vec)[0], apply({88}, exp_vec)[0]});
    CHECK_EQ(apply(ends, tanh_vec), std::vector<float>{-1, -1, -1, -1, 0, 1, 1});
    CHECK_EQ(apply(ends, normal_share_vec), std::vector<float>{0, 0, 0, 0, 0.5F, 1, 1});
    const std::vector<float> shares = apply(ends, sigmoid_vec);
    CHECK_LT(shares[0], 1e-37F);
    CHECK_EQ(shares[4], 0.5F);
    CHECK_EQ(shares[6], 1.0F);
    const float missing = std::numeric_limits<float>::quiet_NaN();
    CHECK(std::isnan(apply({missing}, exp_vec)[0]));
    CHECK(std::isnan(apply({missing}, tanh_vec)[0]));
    CHECK(std::isnan(apply({missing}, normal_share_vec)[0]));
}

TEST_CASE("rows are summed the same wherever they lie, whatever follows them") {
    std::mt19937 random(1);
    std::normal_distribution<float> normal;
    for (const int count : {1, 3, 15, 16, 17, 31, 64, 65, 100, 1000}) {
        std::vector<float> row(static_cast<std::size_t>(count));
        double sum = 0;
        float largest = -kInfinity;
        for (float& number : row) {
            number = normal(random);
            sum += static_cast<double>(number);
            largest = std::max(largest, number);
        }
        const auto identity = [](const Vec& x) { return x; };
        const float got = sum_row(row.data(), count, 0, identity);
        CHECK_LT(std::abs(static_cast<double>(got) - sum), 1e-4);
        for (int shift = 0; shift < 20; ++shift) {
            std::vector<float> room(static_cast<std::size_t>(shift), 1e9F);
            room.insert(room.end(), row.begin(), row.end());
            room.insert(room.end(), 20, 1e9F);
            CHECK_EQ(sum_row(room.data() + shift, count, 0, identity), got);
            CHECK_EQ(max_row(room.data() + shift, count), largest);
            map_row(room.data() + shift, room.data() + shift, count,
                    [](const Vec& x) { return x + 1.0F; });
            CHECK_EQ(room[static_cast<std::size_t>(shift + count)], 1e9F);
            CHECK_EQ(room[static_cast<std::size_t>(shift + count - 1)], row.back() + 1);
            if (shift > 0) CHECK_EQ(room[static_cast<std::size_t>(shift - 1)], 1e9F);
        }
    }
}

TEST_SUITE_END();
