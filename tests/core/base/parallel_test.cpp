#include "core/base/parallel.h"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

#include "core/base/check.h"

using namespace heed;

namespace {

// A sum whose rounding would show if a piece were split or taken in another order.
std::vector<float> compute_sums(ThreadPool& pool, int pieces) {
    std::vector<float> sums(static_cast<std::size_t>(pieces));
    pool.run(pieces, [&](int piece) {
        float sum = 0;
        for (int i = 1; i < 2000; ++i) sum += std::sin(static_cast<float>(piece * i)) / 3;
        sums[static_cast<std::size_t>(piece)] = sum;
    });
    return sums;
}

}  // namespace

TEST_SUITE_BEGIN("core/parallel");

TEST_CASE("every piece runs exactly once, for any number of threads and pieces") {
    for (const int threads : {1, 2, 3, 4, 8}) {
        ThreadPool pool(threads);
        CHECK_EQ(pool.threads(), threads);
        for (const int pieces : {0, 1, 2, 3, 7, 100, 5000}) {
            CAPTURE(threads);
            CAPTURE(pieces);
            std::vector<std::atomic<int>> calls(static_cast<std::size_t>(pieces));
            pool.run(pieces, [&](int piece) { ++calls[static_cast<std::size_t>(piece)]; });
            int wrong = 0;
            for (const std::atomic<int>& count : calls) wrong += count != 1;
            CHECK_EQ(wrong, 0);
        }
        CHECK_NOTHROW(pool.run(-3, [](int) { throw std::runtime_error("run"); }));
    }
}

TEST_CASE("1, 2 and 4 threads give the same bits") {
    ThreadPool one(1);
    ThreadPool two(2);
    ThreadPool four(4);
    const std::vector<float> expected = compute_sums(one, 300);
    for (int round = 0; round < 5; ++round) {
        CHECK(compute_sums(two, 300) == expected);
        CHECK(compute_sums(four, 300) == expected);
    }
}

TEST_CASE("pieces run on several threads at once") {
    ThreadPool pool(2);
    std::atomic<int> waiting{0};
    std::atomic<bool> met{false};
    pool.run(2, [&](int) {
        ++waiting;
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (waiting < 2 && std::chrono::steady_clock::now() < deadline) {
            std::this_thread::yield();
        }
        if (waiting == 2) met = true;
    });
    CHECK(met);
}

TEST_CASE("an exception of a piece is thrown by run, and the pool goes on") {
    for (const int threads : {1, 2, 4}) {
        ThreadPool pool(threads);
        for (int round = 0; round < 50; ++round) {
            CAPTURE(threads);
            std::atomic<int> begun{0};
            CHECK_THROWS_AS(pool.run(1000,
                                     [&](int piece) {
                                         ++begun;
                                         if (piece == 3) throw std::range_error("three");
                                     }),
                            std::range_error);
            CHECK_LT(begun, 1001);
            std::atomic<int> sum{0};
            pool.run(10, [&](int piece) { sum += piece; });
            CHECK_EQ(sum, 45);
        }
    }
}

TEST_CASE("when every piece throws, one exception comes out") {
    ThreadPool pool(4);
    for (int round = 0; round < 100; ++round) {
        CHECK_THROWS_AS(pool.run(64, [](int) { throw std::logic_error("each"); }),
                        std::logic_error);
    }
}

TEST_CASE("10,000 rounds on one pool lose no piece") {
    ThreadPool pool(4);
    long total = 0;
    for (int round = 0; round < 10'000; ++round) {
        std::atomic<int> sum{0};
        pool.run(5, [&](int piece) { sum += piece + round % 3; });
        total += sum;
    }
    long expected = 0;
    for (int round = 0; round < 10'000; ++round) expected += 10 + 5 * (round % 3);
    CHECK_EQ(total, expected);
}

TEST_CASE("a pool that never ran stops at once") {
    for (int i = 0; i < 50; ++i) ThreadPool pool(3);
    CHECK_THROWS_AS(ThreadPool(0), Bug);
    CHECK_LE(1, hardware_threads());
}

TEST_SUITE_END();
