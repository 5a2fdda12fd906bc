#include "app/figure/figure.h"

#include <doctest/doctest.h>

#include "app/figure/figure_file.h"
#include "tests/support/refusal.h"

using namespace heed;
using namespace heed::app;
using heed::test::find_flaw;
using heed::test::message_of;

namespace {

constexpr Rect kScreen{0, 0, 1000, 1000};
constexpr Colour kInk{10, 20, 30, 255};

Figure cut(const Drawing& drawing, const Rect& area, float margin = 0) {
    return cut_figure(drawing, area, {1, margin, {0, 0, 0, 0}, true});
}

}  // namespace

TEST_SUITE_BEGIN("app/figure");

TEST_CASE("a figure holds what is seen in its area, moved to its corner") {
    Drawing drawing;
    drawing.add(drawn::Filled{{110, 210, 20, 30}, kInk, 0}, kScreen);
    drawing.add(drawn::Filled{{500, 500, 20, 30}, kInk, 0}, kScreen);          // elsewhere
    drawing.add(drawn::Filled{{120, 220, 20, 30}, {1, 2, 3, 0}, 0}, kScreen);  // unseen
    drawing.add(drawn::Line{{100, 250}, {150, 250}, kInk, 1}, kScreen);
    drawing.add(drawn::Filled{{110, 210, 20, 30}, kInk, 0}, {0, 0, 50, 50});  // clipped away
    const Figure figure = cut(drawing, {100, 200, 60.5F, 70}, 12);
    CHECK(figure.width == 85);
    CHECK(figure.height == 94);
    REQUIRE(figure.items.size() == 2);
    const Rect& rect = std::get<drawn::Filled>(figure.items[0].shape).rect;
    CHECK(rect.x == 22);
    CHECK(rect.y == 22);
    CHECK(std::get<drawn::Line>(figure.items[1].shape).from == Point{12, 62});
}

TEST_CASE("only what leaves its clip is clipped") {
    Drawing drawing;
    drawing.add(drawn::Filled{{10, 10, 20, 20}, kInk, 0}, {0, 0, 40, 40});
    drawing.add(drawn::Filled{{30, 30, 20, 20}, kInk, 0}, {0, 0, 40, 40});
    const Figure figure = cut(drawing, {0, 0, 100, 100});
    REQUIRE(figure.items.size() == 2);
    CHECK(figure.items[0].clip.w == 100);
    CHECK(figure.items[1].clip.w == 40);
}

TEST_CASE("the ground of a card is not part of the figure cut from it") {
    Drawing drawing;
    drawing.add(drawn::Filled{{0, 0, 300, 300}, kInk, 10}, kScreen);
    drawing.add(drawn::Filled{{50, 50, 20, 20}, kInk, 0}, kScreen);
    CHECK(cut(drawing, {20, 20, 100, 100}).items.size() == 1);
    CHECK(cut(drawing, {280, 280, 100, 100}).items.size() == 1);
}

TEST_CASE("a title makes room for itself above and to the side") {
    Drawing drawing;
    drawing.add(drawn::Filled{{0, 0, 20, 20}, kInk, 0}, kScreen);
    drawing.add(drawn::Filled{{0, 0, 200, 20}, kInk, 0}, kScreen);
    Figure figure = cut(drawing, {0, 0, 100, 100});
    add_title(figure, "A long title", Type::kTitle, kInk, 180, 30, 12);
    CHECK(figure.width == 204);
    CHECK(figure.height == 130);
    REQUIRE(figure.items.size() == 3);
    CHECK(std::get<drawn::Text>(figure.items[0].shape).text == "A long title");
    CHECK(std::get<drawn::Filled>(figure.items[1].shape).rect.y == 30);
    // What the edge of the figure clipped before stays clipped there.
    CHECK(figure.items[2].clip.right() == 100);
    CHECK(figure.items[2].clip.y == 30);
}

TEST_CASE("the ending of a name says what the file becomes") {
    CHECK(find_figure_format("a/b.svg") == FigureFormat::kSvg);
    CHECK(find_figure_format("A.PNG") == FigureFormat::kPng);
    CHECK(find_figure_format("x.y.npy") == FigureFormat::kNpy);
    CHECK(!find_figure_format("svg"));
    CHECK(!find_figure_format("a.jpeg"));
    CHECK(find_flaw(message_of([] { require_figure_format("a.jpeg"); }),
                    {"a.jpeg", ".svg, .png, .pdf, .csv or .npy", "\".jpeg\""}) == "");
    CHECK(find_flaw(message_of([] { require_figure_format("a"); }), {"no ending"}) == "");
}

TEST_CASE("a table is written with its labels, or as an array of rows and columns") {
    const NumberTable table{{"he", "is"}, {"a", "b", "c"}, {1, 2, 3, 4, 5, 0.1F}, ""};
    CHECK(encode_table(table, FigureFormat::kCsv) == ",a,b,c\r\nhe,1,2,3\r\nis,4,5,0.1\r\n");
    const std::string npy = encode_table(table, FigureFormat::kNpy);
    CHECK(npy.find("'shape': (2, 3, )") != std::string::npos);
    CHECK(npy.size() % 64 == 24);
}

TEST_SUITE_END();
