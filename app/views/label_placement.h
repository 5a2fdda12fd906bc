// Where labels of points go so that none covers another or a point: one after the other, each at
// the first free place around its point. Pure.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "app/ui/geometry.h"

namespace heed::app {

struct LabelRequest {
    Point at;         // the point that is labelled
    float width = 0;  // of the text
    float height = 0;
};

struct LabelRoom {
    Rect area;                    // labels lie within
    std::span<const Rect> taken;  // what they must not cover
    float gap = 4;                // between a point and its label
};

// A place for each label, in the order of the requests: earlier ones choose first. nullopt where
// none is free.
std::vector<std::optional<Rect>> place_labels(std::span<const LabelRequest> labels,
                                              const LabelRoom& room);

}  // namespace heed::app
