#include "app/figure/figure.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace heed::app {

namespace {

template <class... Cases>
struct Overloaded : Cases... {
    using Cases::operator()...;
};
template <class... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

Rect around(std::initializer_list<Point> points, float margin) {
    Point low = *points.begin();
    Point high = low;
    for (const Point p : points) {
        low = {std::min(low.x, p.x), std::min(low.y, p.y)};
        high = {std::max(high.x, p.x), std::max(high.y, p.y)};
    }
    return {low.x - margin, low.y - margin, high.x - low.x + 2 * margin,
            high.y - low.y + 2 * margin};
}

Rect bounds_of_text(const drawn::Text& text, float scale) {
    // Ascenders and descenders of any script stay within it.
    const float half = 0.75F * face_of(text.type).em_px * scale;
    const float dx = std::cos(text.angle_rad) * text.width;
    const float dy = std::sin(text.angle_rad) * text.width;
    return around({text.start, {text.start.x + dx, text.start.y + dy}}, half);
}

bool contains(const Rect& outer, const Rect& inner) {
    return inner.x >= outer.x && inner.y >= outer.y && inner.right() <= outer.right() &&
           inner.bottom() <= outer.bottom();
}

void move(Point& point, float dx, float dy) {
    point.x += dx;
    point.y += dy;
}
void move(Rect& rect, float dx, float dy) {
    rect.x += dx;
    rect.y += dy;
}

void move(DrawnShape& shape, float dx, float dy) {
    std::visit(Overloaded{[&](drawn::Line& s) {
                              move(s.from, dx, dy);
                              move(s.to, dx, dy);
                          },
                          [&](drawn::Curve& s) {
                              move(s.from, dx, dy);
                              move(s.to, dx, dy);
                          },
                          [&](drawn::Triangle& s) {
                              move(s.a, dx, dy);
                              move(s.b, dx, dy);
                              move(s.c, dx, dy);
                          },
                          [&](drawn::Text& s) { move(s.start, dx, dy); },
                          [&](auto& s) { move(s.rect, dx, dy); }},
               shape);
}

bool is_seen(const DrawnShape& shape) {
    return std::visit(
        Overloaded{[](const drawn::Cells& s) { return !s.rect.is_empty(); },
                   [](const drawn::Filled& s) { return s.colour.a > 0 && !s.rect.is_empty(); },
                   [](const drawn::Text& s) { return s.colour.a > 0 && !s.text.empty(); },
                   [](const auto& s) { return s.colour.a > 0; }},
        shape);
}

bool is_ground(const DrawnShape& shape, const Rect& area) {
    const auto* filled = std::get_if<drawn::Filled>(&shape);
    return filled != nullptr && contains(inset(filled->rect, -0.5F), area);
}

}  // namespace

Rect bounds_of(const DrawnShape& shape, float scale) {
    return std::visit(Overloaded{[](const drawn::Line& s) {
                                     return around({s.from, s.to}, s.width / 2);
                                 },
                                 [](const drawn::Curve& s) {
                                     return around({s.from, s.to}, s.width / 2);
                                 },
                                 [](const drawn::Triangle& s) {
                                     return around({s.a, s.b, s.c}, 0);
                                 },
                                 [scale](const drawn::Text& s) { return bounds_of_text(s, scale); },
                                 [](const auto& s) { return s.rect; }},
                      shape);
}

Figure cut_figure(const Drawing& drawing, const Rect& area, const CutOptions& options) {
    Figure figure;
    figure.width = std::ceil(area.w + 2 * options.margin);
    figure.height = std::ceil(area.h + 2 * options.margin);
    figure.scale = options.scale;
    figure.ground = options.ground;
    const Rect whole{0, 0, figure.width, figure.height};
    for (const DrawnItem& item : drawing.items) {
        const Rect clip = intersect(item.clip, area);
        const Rect bounds = bounds_of(item.shape, options.scale);
        // A line along an axis has bounds without an inside only where it has no width.
        if (clip.is_empty() || !is_seen(item.shape) || !overlaps(bounds, clip)) continue;
        if (options.drops_grounds && is_ground(item.shape, area)) continue;
        DrawnItem moved = item;
        move(moved.shape, options.margin - area.x, options.margin - area.y);
        moved.clip = clip;
        move(moved.clip, options.margin - area.x, options.margin - area.y);
        if (contains(clip, bounds)) moved.clip = whole;
        figure.items.push_back(std::move(moved));
    }
    return figure;
}

void add_title(Figure& figure, const std::string& title, Type type, Colour colour,
               float title_width, float band, float left) {
    figure.width = std::max(figure.width, std::ceil(title_width + 2 * left));
    figure.height += band;
    const Rect whole{0, 0, figure.width, figure.height};
    for (DrawnItem& item : figure.items) {
        move(item.shape, 0, band);
        move(item.clip, 0, band);
        if (contains(item.clip, bounds_of(item.shape, figure.scale))) item.clip = whole;
    }
    drawn::Text text;
    text.start = {left, band / 2 + left / 2};
    text.width = title_width;
    text.type = type;
    text.colour = colour;
    text.text = title;
    figure.items.insert(figure.items.begin(), DrawnItem{text, whole});
}

}  // namespace heed::app
