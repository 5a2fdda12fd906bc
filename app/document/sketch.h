// What a person draws for a model of pictures: strokes of a brush and an eraser, white on black as
// the digits that such models are taught with. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/format/image.h"

namespace heed::app {

// All lengths are thousandths of the side of the square that is drawn on.
constexpr int kSketchSide = 1000;
constexpr int kThinnestStroke = 10;
constexpr int kThickestStroke = 300;

struct SketchPoint {
    int x = 0;
    int y = 0;

    bool operator==(const SketchPoint&) const = default;
};

struct Stroke {
    bool erases = false;
    int width = 80;
    std::vector<SketchPoint> points;  // at least one

    bool operator==(const Stroke&) const = default;
};

struct Sketch {
    std::vector<Stroke> strokes;

    bool operator==(const Sketch&) const = default;
};

// A three, drawn in one stroke: what there is before a person draws.
constexpr std::string_view kFirstSketch =
    "brush 90 300,250 400,180 520,170 630,220 660,320 610,420 480,480 620,530 690,640 650,760 "
    "530,830 390,820 290,740";

// One line: "brush 80 120,300 130,310; eraser 100 500,500". "" is an empty sketch.
std::string write_sketch(const Sketch& sketch);
// Throws Error ("sketch") for what write_sketch does not write, coordinates outside the square, and
// more than 100,000 points.
Sketch parse_sketch(std::string_view text);

// The sketch as a picture of side x side pixels, 3 channels, with soft edges; side >= 1 (Bug).
Image paint_sketch(const Sketch& sketch, int side);

}  // namespace heed::app
