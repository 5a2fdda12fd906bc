#include "app/document/sketch.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "core/base/check.h"
#include "core/base/error.h"

namespace heed::app {

namespace {

constexpr std::string_view kBrush = "brush";
constexpr std::string_view kEraser = "eraser";
constexpr std::size_t kMostPoints = 100'000;

[[noreturn]] void refuse(std::string_view expected, std::string_view found) {
    throw Error("sketch", "", expected, in_quotes(found));
}

// Words parted by blanks, the first of which is taken off `text`; "" at its end.
std::string_view take_word(std::string_view& text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(end);
    return word;
}

std::optional<int> read_number(std::string_view text, int low, int high) {
    int number = 0;
    const char* end = text.data() + text.size();
    const auto [stop, failure] = std::from_chars(text.data(), end, number);
    if (failure != std::errc() || stop != end || number < low || number > high) return std::nullopt;
    return number;
}

SketchPoint read_point(std::string_view word) {
    const std::size_t comma = std::min(word.find(','), word.size());
    const std::optional<int> x = read_number(word.substr(0, comma), 0, kSketchSide);
    const std::optional<int> y =
        comma < word.size() ? read_number(word.substr(comma + 1), 0, kSketchSide) : std::nullopt;
    if (!x || !y) refuse("X,Y from 0 to 1000", word);
    return {*x, *y};
}

Stroke read_stroke(std::string_view text) {
    Stroke stroke;
    const std::string_view tool = take_word(text);
    if (tool != kBrush && tool != kEraser) refuse("brush or eraser", tool);
    stroke.erases = tool == kEraser;
    const std::string_view width = take_word(text);
    const std::optional<int> read = read_number(width, kThinnestStroke, kThickestStroke);
    if (!read) refuse("a thickness from 10 to 300", width);
    stroke.width = *read;
    for (std::string_view word = take_word(text); !word.empty(); word = take_word(text)) {
        stroke.points.push_back(read_point(word));
    }
    if (stroke.points.empty()) refuse("points X,Y", "");
    return stroke;
}

// Distance of a point from a line between two others.
float distance(float x, float y, const SketchPoint& from, const SketchPoint& to) {
    const auto ax = static_cast<float>(from.x);
    const auto ay = static_cast<float>(from.y);
    const float dx = static_cast<float>(to.x) - ax;
    const float dy = static_cast<float>(to.y) - ay;
    const float length = dx * dx + dy * dy;
    const float along =
        length > 0 ? std::clamp(((x - ax) * dx + (y - ay) * dy) / length, 0.0F, 1.0F) : 0.0F;
    return std::hypot(x - ax - along * dx, y - ay - along * dy);
}

// How much of each pixel a stroke covers, 0 to 1: the most that any of its pieces does.
class Coverage {
  public:
    explicit Coverage(int side)
        : side_(side), values_(static_cast<std::size_t>(side) * static_cast<std::size_t>(side)) {}

    void add(const Stroke& stroke) {
        for (std::size_t i = 0; i < stroke.points.size(); ++i) {
            add_piece(stroke.points[i > 0 ? i - 1 : 0], stroke.points[i], stroke.width);
        }
    }
    const std::vector<float>& values() const { return values_; }

  private:
    void add_piece(const SketchPoint& from, const SketchPoint& to, int width) {
        const float pixel = static_cast<float>(kSketchSide) / static_cast<float>(side_);
        const float reach = static_cast<float>(width) / 2 + pixel;
        const auto first = [&](int a) {
            return std::clamp(static_cast<int>((static_cast<float>(a) - reach) / pixel), 0, side_);
        };
        const auto end = [&](int a) {
            const float at = std::ceil((static_cast<float>(a) + reach) / pixel);
            return std::clamp(static_cast<int>(at), 0, side_);
        };
        for (int y = first(std::min(from.y, to.y)); y < end(std::max(from.y, to.y)); ++y) {
            for (int x = first(std::min(from.x, to.x)); x < end(std::max(from.x, to.x)); ++x) {
                const float away = distance((static_cast<float>(x) + 0.5F) * pixel,
                                            (static_cast<float>(y) + 0.5F) * pixel, from, to);
                const float covered =
                    std::clamp((static_cast<float>(width) / 2 - away) / pixel + 0.5F, 0.0F, 1.0F);
                float& value =
                    values_[static_cast<std::size_t>(y) * static_cast<std::size_t>(side_) +
                            static_cast<std::size_t>(x)];
                value = std::max(value, covered);
            }
        }
    }

    int side_;
    std::vector<float> values_;
};

}  // namespace

std::string write_sketch(const Sketch& sketch) {
    std::string text;
    for (const Stroke& stroke : sketch.strokes) {
        text += text.empty() ? "" : "; ";
        text += stroke.erases ? kEraser : kBrush;
        text += " " + std::to_string(stroke.width);
        for (const SketchPoint& point : stroke.points) {
            text += " " + std::to_string(point.x) + "," + std::to_string(point.y);
        }
    }
    return text;
}

Sketch parse_sketch(std::string_view text) {
    Sketch sketch;
    std::size_t points = 0;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(';'), text.size());
        sketch.strokes.push_back(read_stroke(text.substr(0, end)));
        points += sketch.strokes.back().points.size();
        if (points > kMostPoints) throw Error("sketch", "points", "at most 100000", "more");
        text.remove_prefix(std::min(text.size(), end + 1));
    }
    return sketch;
}

Image paint_sketch(const Sketch& sketch, int side) {
    HEED_CHECK_LE(1, side);
    Image image(side, side, 3);
    std::vector<float> light(static_cast<std::size_t>(side) * static_cast<std::size_t>(side));
    for (const Stroke& stroke : sketch.strokes) {
        Coverage coverage(side);
        coverage.add(stroke);
        for (std::size_t i = 0; i < light.size(); ++i) {
            const float covered = coverage.values()[i];
            light[i] += covered * ((stroke.erases ? 0.0F : 1.0F) - light[i]);
        }
    }
    for (std::size_t i = 0; i < light.size(); ++i) {
        std::fill_n(image.pixels.begin() + static_cast<std::ptrdiff_t>(3 * i), 3,
                    static_cast<std::uint8_t>(std::lround(light[i] * 255)));
    }
    return image;
}

}  // namespace heed::app
