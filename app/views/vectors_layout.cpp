#include <algorithm>
#include <cmath>

#include "app/views/vectors.h"

namespace heed::app {

namespace {

constexpr float kLeastRow = 20;  // design pixels
constexpr float kMostRow = 40;
constexpr float kColumnGap = 20;
constexpr float kStripCell = 8;
constexpr float kMostStripCell = 28;
constexpr float kLeastCosine = 52;
constexpr float kMostCosine = 116;
constexpr float kCosineShare = 0.15F;  // of the width
constexpr float kPathHeight = 84;
constexpr float kMostPath = 160;
constexpr float kLeastForPath = 500;  // height of the card's inside
constexpr float kMostLabel = 112;
constexpr float kMostLabelShare = 0.25F;
constexpr float kEdge = 8;  // of a chosen row's ground beyond its number

// The same letters and extents as the static embeddings.
bool is_like(const Node& node, const Shape& shape) {
    return node.shape.extents() == shape.extents() && node.shape.axis(0) == shape.axis(0);
}

}  // namespace

std::optional<VectorNodes> find_vector_nodes(const Graph& graph) {
    VectorNodes nodes;
    for (NodeId id = 0; id < graph.size() && nodes.fixed < 0; ++id) {
        const Node& node = graph.node(id);
        const bool is_words = node.shape.rank() == 2 && node.shape.axis(0).sequence >= 0;
        if (node.layer < 0 && node.stage == Stage::kEmbed && is_words) nodes.fixed = id;
    }
    if (nodes.fixed < 0) return std::nullopt;
    const Shape& shape = graph.node(nodes.fixed).shape;
    std::vector<NodeId> last(static_cast<std::size_t>(graph.layers()), -1);
    for (NodeId id = 0; id < graph.size(); ++id) {
        const Node& node = graph.node(id);
        if (node.layer >= 0 && node.layer < graph.layers() && is_like(node, shape)) {
            last[static_cast<std::size_t>(node.layer)] = id;
        }
    }
    for (const NodeId id : last) {
        if (id >= 0) nodes.path.push_back(id);
    }
    const std::optional<NodeId> final = graph.find("final");
    if (final && is_like(graph.node(*final), shape)) {
        nodes.context = *final;
    } else if (!nodes.path.empty()) {
        nodes.context = nodes.path.back();
    } else {
        return std::nullopt;
    }
    return nodes;
}

double compute_cosine(const float* a, const float* b, int count) {
    double product = 0;
    double length_a = 0;
    double length_b = 0;
    for (int i = 0; i < count; ++i) {
        const auto x = static_cast<double>(a[i]);
        const auto y = static_cast<double>(b[i]);
        product += x * y;
        length_a += x * x;
        length_b += y * y;
    }
    const double lengths = std::sqrt(length_a) * std::sqrt(length_b);
    return lengths > 0 ? product / lengths : 0;
}

VectorsLayout layout_vectors(const UiContext& ui, const Rect& inside, const MatrixAxis& words,
                             int width, int layers) {
    VectorsLayout layout;
    Rect rest = inside;
    layout.title = take_top(rest, ui.px(28), ui.px(2));
    layout.caption = take_top(rest, ui.px(20), ui.px(12));
    if (inside.h >= ui.px(kLeastForPath) && layers > 0) {
        layout.path = take_bottom(rest, ui.px(kPathHeight), ui.px(4));
        layout.path_title = take_bottom(rest, ui.px(20), ui.px(16));
    }
    layout.legends = take_bottom(rest, ui.px(36), ui.px(12));
    layout.headings = take_top(rest, ui.px(22), ui.px(4));

    const auto count = static_cast<float>(std::max(1, words.extent));
    layout.row_height = std::floor(std::clamp(rest.h / count, ui.px(kLeastRow), ui.px(kMostRow)));
    layout.scrolls = layout.row_height * count > rest.h;
    const float height = std::min(rest.h, layout.row_height * count);
    // What belongs to the list stays close to it.
    const float spare = rest.h - height;
    layout.list = {rest.x, rest.y, rest.w, height};
    layout.legends.y -= spare;
    layout.path_title.y -= spare;
    layout.path.y -= spare;
    layout.path.h += std::min(spare, ui.px(kMostPath - kPathHeight));

    for (int i = 0; i < words.extent; ++i) {
        layout.label_w =
            std::max(layout.label_w, measure_text(ui, Type::kBodyStrong, words.label(i)));
    }
    layout.label_w =
        std::min({std::ceil(layout.label_w) + 1, ui.px(kMostLabel), inside.w * kMostLabelShare});
    layout.cosine_w =
        std::clamp(std::round(inside.w * kCosineShare), ui.px(kLeastCosine), ui.px(kMostCosine));
    const float gap = ui.px(kColumnGap);
    const float bar = layout.scrolls ? ui.px(12) : 0;
    const float room = rest.w - bar - ui.px(kEdge) - layout.label_w - layout.cosine_w - 3 * gap;
    const float strip = std::max(ui.px(24), std::floor(room / 2));
    layout.shown = std::clamp(static_cast<int>(strip / ui.px(kStripCell)), 1, std::max(1, width));
    layout.strip_w = std::min(strip, ui.px(kMostStripCell) * static_cast<float>(layout.shown));
    layout.fixed_x = layout.label_w + gap;
    layout.context_x = layout.fixed_x + layout.strip_w + gap;
    layout.cosine_x = layout.context_x + layout.strip_w + gap;
    return layout;
}

}  // namespace heed::app
