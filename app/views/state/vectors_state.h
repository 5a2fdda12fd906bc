// What the vectors view remembers.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "app/ui/geometry.h"
#include "app/ui/option_visitor.h"
#include "app/views/matrix_values.h"

namespace heed::app {

enum class VectorsMode { kWords, kCosines, kMap, kCompare };
enum class VectorsOrder { kNumber, kChange };

// What a person sets in it.
struct VectorsOptions {
    static constexpr std::array<std::string_view, 4> kModes{"words", "cosines", "map", "compare"};
    static constexpr std::array<std::string_view, 2> kOrders{"number", "change"};
    static constexpr int kLast = -1;

    VectorsMode mode = VectorsMode::kWords;
    int layer = kLast;  // step of the path: 0 what enters the first block; kLast: the last one
    VectorsOrder order = VectorsOrder::kNumber;
    bool centres = false;  // each layer's mean vector is taken off first
    bool is_unit = false;  // vectors are made as long as each other
    bool shows_paths = true;

    void visit(OptionVisitor& v) {
        visit_choice(v, "mode", "Vectors: what is shown", mode, kModes);
        v.number("layer", "Vectors: after which step, -1 the last", layer, kLast, 2048);
        visit_choice(v, "order", "Vectors: order of the numbers", order, kOrders);
        v.flag("centre", "Vectors: without the layer's mean", centres);
        v.flag("unit", "Vectors: all of length one", is_unit);
        v.flag("paths", "Vectors: paths through the layers", shows_paths);
    }
    bool operator==(const VectorsOptions&) const = default;
};

// Where a word stands against its static embedding.
struct VectorFacts {
    std::uint64_t trace_number = 0;
    int query = -1;               // whose path and order it is
    int step = -1;                // of `cosines` and `order`
    std::vector<double> cosines;  // for each position: static against context
    std::vector<double> path;     // of the query: cosine with static after each step, or empty
    std::vector<int> order;       // of the numbers, those that changed most first
};

// How a map is looked at: which part of the plane is in the middle, and how large.
struct MapWindow {
    float zoom = 1;  // >= 1 is nearer than what shows all
    double x = 0;    // of the middle, beside that of what shows all; in units of the plane
    double y = 0;
    std::uint64_t version = 0;  // of the points it belongs to
};

struct VectorsViewState {
    VectorsOptions options;
    MatrixCache values;
    VectorFacts facts;
    MapWindow map;
    MapWindow compare_map;
};

}  // namespace heed::app
