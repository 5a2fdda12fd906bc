#include "core/tensor/shape.h"

#include <doctest/doctest.h>

#include "core/base/check.h"

using namespace heed;

TEST_SUITE_BEGIN("core/shape");

TEST_CASE("axes are counted from the front and from the back") {
    const Shape shape{{"H", 2}, {"T", 5, 0}, {"K", 3}};
    CHECK_EQ(shape.rank(), 3);
    CHECK_EQ(shape.axis(0).name, "H");
    CHECK_EQ(shape.axis(-1).name, "K");
    CHECK_EQ(shape.axis(-3), shape.axis(0));
    CHECK_EQ(shape.extent(1), 5);
    CHECK_EQ(shape.axis(1).sequence, 0);
    CHECK_EQ(shape.axis(0).sequence, -1);
    CHECK_EQ(shape.extents(), std::vector<int>{2, 5, 3});
    CHECK_EQ(shape.count(), 30);
    CHECK_THROWS_AS(shape.axis(3), Bug);
    CHECK_THROWS_AS(shape.axis(-4), Bug);
}

TEST_CASE("a shape without axes holds one number") {
    CHECK_EQ(Shape().count(), 1);
    CHECK_EQ(Shape().rank(), 0);
    CHECK_EQ(to_string(Shape()), "[]");
    CHECK_EQ(flat_index({}, {}), 0);
    CHECK_EQ(unflatten({}, 0), std::vector<int>{});
}

TEST_CASE("counts beyond 32 bits are right") {
    const Shape shape{{"H", 1 << 16}, {"T", 1 << 16}, {"S", 1 << 16}};
    CHECK_EQ(shape.count(), std::size_t{1} << 48);
    CHECK_EQ(flat_index({1 << 16, 1 << 16, 2}, {(1 << 16) - 1, (1 << 16) - 1, 1}),
             (std::size_t{1} << 33) - 1);
}

TEST_CASE("shapes are written with and without names") {
    CHECK_EQ(to_string(Shape{{"H", 2}, {"T", 5}, {"K", 3}}), "[H=2, T=5, K=3]");
    CHECK_EQ(to_string(std::vector<int>{2, 5, 4}), "[2, 5, 4]");
    CHECK_EQ(to_string(std::vector<int>{}), "[]");
}

TEST_CASE("two shapes are equal only with names, extents and sequences equal") {
    CHECK(Shape{{"T", 5, 0}} == Shape{{"T", 5, 0}});
    CHECK_FALSE(Shape{{"T", 5, 0}} == Shape{{"S", 5, 0}});
    CHECK_FALSE(Shape{{"T", 5, 0}} == Shape{{"T", 6, 0}});
    CHECK_FALSE(Shape{{"T", 5, 0}} == Shape{{"T", 5, 1}});
}

TEST_CASE("flat positions count the last axis fastest, and come back") {
    const std::vector<int> extents{3, 1, 4, 2};
    std::size_t flat = 0;
    for (int a = 0; a < 3; ++a) {
        for (int c = 0; c < 4; ++c) {
            for (int d = 0; d < 2; ++d) {
                CAPTURE(flat);
                CHECK_EQ(flat_index(extents, {a, 0, c, d}), flat);
                CHECK_EQ(unflatten(extents, flat), std::vector<int>{a, 0, c, d});
                ++flat;
            }
        }
    }
    CHECK_EQ(flat, 24);
}

TEST_CASE("an index outside its tensor is a bug") {
    CHECK_THROWS_AS(flat_index({2, 3}, {2, 0}), Bug);
    CHECK_THROWS_AS(flat_index({2, 3}, {0, -1}), Bug);
    CHECK_THROWS_AS(flat_index({2, 3}, {0}), Bug);
    CHECK_THROWS_AS(unflatten({2, 3}, 6), Bug);
    CHECK_THROWS_AS(unflatten({0, 3}, 0), Bug);
}

TEST_SUITE_END();
