#include "core/graph/weights.h"

#include <doctest/doctest.h>

#include <atomic>
#include <stdexcept>
#include <thread>

#include "core/base/check.h"

using namespace heed;

namespace {

WeightValues counting(std::size_t count) {
    const auto owner = std::make_shared<std::vector<float>>();
    for (std::size_t i = 0; i < count; ++i) owner->push_back(static_cast<float>(i));
    return {owner, *owner};
}

}  // namespace

TEST_SUITE_BEGIN("core/weights");

TEST_CASE("values are fetched once, by whichever thread asks first") {
    WeightStore store;
    std::atomic<int> fetched = 0;
    const WeightId id = store.add("w", {2, 3}, [&] {
        ++fetched;
        return counting(6);
    });
    CHECK_EQ(fetched, 0);
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            if (store.values(id)[5] != 5) ++fetched;
        });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK_EQ(fetched, 1);
    CHECK_EQ(store.count(), 6u);
    CHECK_EQ(store.name(id), "w");
}

TEST_CASE("a fetch that fails fails where it was asked for; a wrong count is a bug") {
    WeightStore store;
    const WeightId failing =
        store.add("a", {2}, []() -> WeightValues { throw std::runtime_error("gone"); });
    const WeightId few = store.add("b", {2}, [] { return counting(1); });
    const WeightId shape_only = store.add("c", {2}, nullptr);
    CHECK_THROWS_WITH(store.values(failing), "gone");
    CHECK_THROWS_AS(store.values(few), Bug);
    CHECK_FALSE(store.has_values(shape_only));
    CHECK_THROWS_AS(store.values(shape_only), Bug);
    CHECK_THROWS_AS(store.name(3), Bug);
}

TEST_CASE("views find the numbers that their axes say") {
    WeightStore store;
    const WeightId id = store.add("w", {4, 6}, [] { return counting(24); });
    const WeightView whole = WeightView::whole(store, id, "W", {{"D", 4}, {"H*K", 6}});
    CHECK_EQ(whole.position({2, 5}), 17);
    CHECK_EQ(whole.transposed(0, 1).position({5, 2}), 17);
    CHECK_EQ(whole.narrowed(1, 2, 3).position({2, 1}), 15);
    CHECK_EQ(whole.split(1, {"H", 2}, {"K", 3}).position({2, 1, 2}), 17);
    CHECK_EQ(whole.split(1, {"H", 2}, {"K", 3}).transposed(0, 1).position({1, 2, 2}), 17);
    CHECK_EQ(whole.picked(0, 3).position({4}), 22);
    CHECK_EQ(to_string(whole.narrowed(1, 2, 3).transposed(0, 1).shape), "[H*K=3, D=4]");
    CHECK_EQ(whole.symbol, "W");
}

TEST_CASE("heads of groups are one axis, whatever lies between the groups") {
    WeightStore store;
    // Two groups of four heads with two rows each: q q k v.
    const WeightId id = store.add("w", {3, 16}, [] { return counting(48); });
    const WeightView grouped = WeightView::whole(store, id, "W", {{"D", 3}, {"H*K", 16}})
                                   .split(1, {"H", 8}, {"K", 2})
                                   .split(1, {"G", 2}, {"H", 4});
    const WeightView q = grouped.narrowed(2, 0, 2).joined(1, {"H", 4});
    const WeightView v = grouped.narrowed(2, 3, 1).joined(1, {"H", 2});
    CHECK_EQ(to_string(q.shape), "[D=3, H=4, K=2]");
    const std::vector<int> first_columns = {0, 2, 8, 10};
    for (int h = 0; h < 4; ++h) {
        CAPTURE(h);
        const int column = first_columns.at(static_cast<std::size_t>(h));
        CHECK_EQ(q.position({2, h, 1}), 32 + column + 1);
        CHECK_EQ(q.picked(1, h).position({2, 1}), 32 + column + 1);
        CHECK_EQ(q.picked(0, 2).position({h, 1}), 32 + column + 1);
        CHECK_EQ(q.transposed(0, 1).position({h, 2, 1}), 32 + column + 1);
        CHECK_EQ(q.transposed(1, 2).position({2, 1, h}), 32 + column + 1);
    }
    CHECK_EQ(q.narrowed(1, 2, 2).position({0, 1, 0}), 10);
    CHECK_EQ(v.position({1, 1, 1}), 16 + 15);
    CHECK_EQ(grouped.joined(1, {"H", 8}).position({1, 5, 1}), 16 + 11);
    CHECK_EQ(grouped.joined(1, {"H", 8}).grouped_axis, -1);
    CHECK_THROWS_AS(q.narrowed(1, 1, 2), Bug);
    CHECK_THROWS_AS(q.split(1, {"G", 2}, {"H", 2}), Bug);
    CHECK_THROWS_AS(grouped.joined(1, {"H", 7}), Bug);
}

TEST_CASE("views beyond their tensor are bugs") {
    WeightStore store;
    const WeightId id = store.add("w", {4, 6}, nullptr);
    const WeightView whole = WeightView::whole(store, id, "W", {{"D", 4}, {"F", 6}});
    CHECK_THROWS_AS(WeightView::whole(store, id, "W", {{"D", 6}, {"F", 4}}), Bug);
    CHECK_THROWS_AS(whole.narrowed(1, 4, 3), Bug);
    CHECK_THROWS_AS(whole.narrowed(1, -1, 3), Bug);
    CHECK_THROWS_AS(whole.split(1, {"H", 4}, {"K", 2}), Bug);
    CHECK_THROWS_AS(whole.picked(0, 4), Bug);
    CHECK_THROWS_AS(whole.position({0, 6}), Bug);
    CHECK_THROWS_AS(whole.position({0}), Bug);
}

TEST_SUITE_END();
