#include "app/document/sketch.h"

#include <doctest/doctest.h>

#include "core/base/check.h"
#include "tests/support/refusal.h"

using namespace heed;
using namespace heed::app;
using heed::test::find_flaw;
using heed::test::message_of;

namespace {

int grey_at(const Image& image, int x, int y) {
    return image.row(y)[static_cast<std::size_t>(3 * x)];
}

}  // namespace

TEST_SUITE_BEGIN("app/sketch");

TEST_CASE("what is written is read back") {
    const std::string text = "brush 80 0,0 1000,1000; eraser 10 500,20";
    const Sketch sketch = parse_sketch(text);
    REQUIRE(sketch.strokes.size() == 2);
    CHECK(sketch.strokes[0].points == std::vector<SketchPoint>{{0, 0}, {1000, 1000}});
    CHECK(sketch.strokes[1].erases);
    CHECK(sketch.strokes[1].width == 10);
    CHECK(write_sketch(sketch) == text);
    CHECK(parse_sketch("").strokes.empty());
    CHECK(write_sketch({}) == "");
}

TEST_CASE("what is no sketch is refused in one line") {
    for (const char* text :
         {"pen 80 0,0", "brush 0,0", "brush 9 0,0", "brush 301 0,0", "brush 80", "brush 80 5",
          "brush 80 5,", "brush 80 -1,0", "brush 80 0,1001", "brush 80 0,0;; brush 80 1,1",
          "brush 80 0,0x", "brush 99999999999 0,0"}) {
        CAPTURE(text);
        CHECK(find_flaw(message_of([&] { parse_sketch(text); }), {"sketch", "expected"}) == "");
    }
    std::string many = "brush 80";
    for (int i = 0; i <= 100'000; ++i) many += " 1,1";
    CHECK(find_flaw(message_of([&] { parse_sketch(many); }), {"100000"}) == "");
}

TEST_CASE("a stroke is white as wide as it says, on black, and the eraser makes it black again") {
    CHECK(grey_at(paint_sketch({}, 4), 2, 2) == 0);
    const Image line = paint_sketch(parse_sketch("brush 100 500,100 500,900"), 100);
    for (int y = 15; y < 85; ++y) {
        CHECK(grey_at(line, 50, y) == 255);
        CHECK(grey_at(line, 46, y) == 255);
        CHECK(grey_at(line, 43, y) == 0);
        CHECK(grey_at(line, 56, y) == 0);
    }
    CHECK(grey_at(line, 50, 2) == 0);
    const Image erased =
        paint_sketch(parse_sketch("brush 100 500,100 500,900; eraser 200 500,500"), 100);
    CHECK(grey_at(erased, 50, 50) == 0);
    CHECK(grey_at(erased, 50, 20) == 255);
    CHECK(line.channels == 3);
    CHECK(line.pixels.size() == 100 * 100 * 3);
}

TEST_CASE("edges are soft: the light of a dot is its area, at every size") {
    for (const int side : {28, 64, 224}) {
        CAPTURE(side);
        const Image dot = paint_sketch(parse_sketch("brush 300 500,500"), side);
        double light = 0;
        for (int y = 0; y < side; ++y) {
            for (int x = 0; x < side; ++x) light += grey_at(dot, x, y) / 255.0;
        }
        const double area = 3.14159265 * 0.15 * 0.15 * side * side;
        CHECK(light == doctest::Approx(area).epsilon(0.02));
    }
    CHECK_THROWS_AS(paint_sketch({}, 0), Bug);
}

TEST_SUITE_END();
