// Rectangles and how to cut them: pure arithmetic in pixels of the picture, y down. It knows no
// window and no font.
#pragma once

#include <algorithm>

namespace heed::app {

struct Point {
    float x = 0;
    float y = 0;

    bool operator==(const Point&) const = default;
};

struct Rect {
    float x = 0;
    float y = 0;
    float w = 0;
    float h = 0;

    float right() const { return x + w; }
    float bottom() const { return y + h; }
    Point centre() const { return {x + w / 2, y + h / 2}; }
    bool is_empty() const { return w <= 0 || h <= 0; }
    // The left and top edge belong to the rectangle, the right and bottom edge do not.
    bool contains(Point p) const { return p.x >= x && p.x < right() && p.y >= y && p.y < bottom(); }
    bool operator==(const Rect&) const = default;
};

// `r` made smaller by the given margins; never less than nothing.
inline Rect inset(const Rect& r, float horizontal, float vertical) {
    return {r.x + horizontal, r.y + vertical, std::max(0.0F, r.w - 2 * horizontal),
            std::max(0.0F, r.h - 2 * vertical)};
}
inline Rect inset(const Rect& r, float margin) {
    return inset(r, margin, margin);
}

// What two rectangles share; empty (w or h 0) where they do not meet.
inline Rect intersect(const Rect& a, const Rect& b) {
    const float x = std::max(a.x, b.x);
    const float y = std::max(a.y, b.y);
    return {x, y, std::max(0.0F, std::min(a.right(), b.right()) - x),
            std::max(0.0F, std::min(a.bottom(), b.bottom()) - y)};
}

inline bool overlaps(const Rect& a, const Rect& b) {
    return !intersect(a, b).is_empty();
}

// Each takes a piece off one side of `rest`, which shrinks by the piece and the gap after it. A
// piece is never larger than what is there.
inline Rect take_top(Rect& rest, float height, float gap = 0) {
    const float h = std::clamp(height, 0.0F, rest.h);
    const Rect piece{rest.x, rest.y, rest.w, h};
    const float used = std::min(rest.h, h + gap);
    rest.y += used;
    rest.h -= used;
    return piece;
}
inline Rect take_bottom(Rect& rest, float height, float gap = 0) {
    const float h = std::clamp(height, 0.0F, rest.h);
    const Rect piece{rest.x, rest.bottom() - h, rest.w, h};
    rest.h -= std::min(rest.h, h + gap);
    return piece;
}
inline Rect take_left(Rect& rest, float width, float gap = 0) {
    const float w = std::clamp(width, 0.0F, rest.w);
    const Rect piece{rest.x, rest.y, w, rest.h};
    const float used = std::min(rest.w, w + gap);
    rest.x += used;
    rest.w -= used;
    return piece;
}
inline Rect take_right(Rect& rest, float width, float gap = 0) {
    const float w = std::clamp(width, 0.0F, rest.w);
    const Rect piece{rest.right() - w, rest.y, w, rest.h};
    rest.w -= std::min(rest.w, w + gap);
    return piece;
}

}  // namespace heed::app
