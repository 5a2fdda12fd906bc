// What was drawn, as shapes rather than pixels: figures in SVG and PDF are written from it. Filled
// by the functions of draw.h while UiContext::drawing is set; it knows no file format.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "app/ui/colour.h"
#include "app/ui/fonts.h"
#include "app/ui/geometry.h"

namespace heed::app {

// All lengths are pixels of the picture, y down.
namespace drawn {

struct Filled {
    Rect rect;
    Colour colour;
    float radius = 0;
};
// The stroke lies inside the rectangle.
struct Outlined {
    Rect rect;
    Colour colour;
    float width = 1;
    float radius = 0;
};
struct Line {
    Point from;
    Point to;
    Colour colour;
    float width = 1;
};
// A cubic curve that leaves and arrives level.
struct Curve {
    Point from;
    Point to;
    Colour colour;
    float width = 1;
};
struct Triangle {
    Point a;
    Point b;
    Point c;
    Colour colour;
};
// Coloured cells, the first row on top; texels as pack_rgba gives them.
struct Cells {
    Rect rect;
    int columns = 0;
    int rows = 0;
    std::vector<std::uint32_t> texels;
};
// One line. `start` is the left end of the middle of its height; it runs along `angle_rad`.
struct Text {
    Point start;
    float angle_rad = 0;
    float width = 0;
    Type type = Type::kBody;
    Colour colour;
    std::string text;  // UTF-8, in logical order
};

}  // namespace drawn

using DrawnShape = std::variant<drawn::Filled, drawn::Outlined, drawn::Line, drawn::Curve,
                                drawn::Triangle, drawn::Cells, drawn::Text>;

struct DrawnItem {
    DrawnShape shape;
    Rect clip;  // nothing outside is seen
};

// In the order of drawing: later shapes lie above earlier ones.
struct Drawing {
    std::vector<DrawnItem> items;

    void add(DrawnShape shape, const Rect& clip) { items.push_back({std::move(shape), clip}); }
};

}  // namespace heed::app
