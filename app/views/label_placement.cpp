#include "app/views/label_placement.h"

#include <algorithm>
#include <array>

namespace heed::app {

namespace {

// Sides of the point, the best first: (-1, 0, 1) left, middle, right and above, middle, below.
constexpr std::array<Point, 8> kSides{Point{1, 0},  Point{-1, 0}, Point{0, -1},  Point{0, 1},
                                      Point{1, -1}, Point{1, 1},  Point{-1, -1}, Point{-1, 1}};
constexpr std::array<float, 2> kDistances{1, 2.5F};  // times the gap

Rect place_at(const LabelRequest& label, Point side, float gap) {
    const float x = label.at.x + side.x * (gap + label.width / 2) - label.width / 2;
    const float y = label.at.y + side.y * (gap + label.height / 2) - label.height / 2;
    return {x, y, label.width, label.height};
}

bool is_inside(const Rect& inner, const Rect& outer) {
    return inner.x >= outer.x && inner.y >= outer.y && inner.right() <= outer.right() &&
           inner.bottom() <= outer.bottom();
}

bool is_free(const Rect& place, std::span<const Rect> taken) {
    return std::none_of(taken.begin(), taken.end(),
                        [&place](const Rect& other) { return overlaps(place, other); });
}

}  // namespace

std::vector<std::optional<Rect>> place_labels(std::span<const LabelRequest> labels,
                                              const LabelRoom& room) {
    std::vector<std::optional<Rect>> places;
    std::vector<Rect> placed;
    for (const LabelRequest& label : labels) {
        std::optional<Rect> found;
        for (const float distance : kDistances) {
            for (const Point side : kSides) {
                const Rect place = place_at(label, side, distance * room.gap);
                if (found || !is_inside(place, room.area)) continue;
                if (is_free(place, placed) && is_free(place, room.taken)) found = place;
            }
        }
        if (found) placed.push_back(*found);
        places.push_back(found);
    }
    return places;
}

}  // namespace heed::app
