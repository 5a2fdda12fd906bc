#include "app/views/stage_thumbs.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "app/views/axes.h"
#include "app/views/matrix_values.h"

namespace heed::app {

namespace {

// Cells of a matrix that has to be computed anew to be read.
constexpr std::size_t kMostDerived = std::size_t{1} << 18;
// Cells of one texel that are looked at, in each direction: the others would not be seen.
constexpr int kMostSamples = 16;

struct Pooled {
    std::vector<float> means;
    float largest = 0;
};

// Means of width x height parts of the matrix.
Pooled pool(const Tile& tile, int outer, int width, int height) {
    Pooled pooled;
    const Box& box = tile.box();
    const auto begin = [](int i, int parts, int count) {
        return static_cast<int>(static_cast<std::int64_t>(i) * count / parts);
    };
    for (int y = 0; y < height; ++y) {
        const int top = begin(y, height, box.rows());
        const int bottom = begin(y + 1, height, box.rows());
        const int row_step = std::max(1, (bottom - top) / kMostSamples);
        for (int x = 0; x < width; ++x) {
            const int left = begin(x, width, box.cols());
            const int right = begin(x + 1, width, box.cols());
            const int step = std::max(1, (right - left) / kMostSamples);
            double sum = 0;
            int count = 0;
            for (int r = top; r < bottom; r += row_step) {
                const float* row = tile.row(outer, r);
                for (int c = left; c < right; c += step) {
                    if (!std::isfinite(row[c])) continue;
                    sum += static_cast<double>(row[c]);
                    ++count;
                }
            }
            const float mean = count > 0 ? static_cast<float>(sum / count)
                                         : -std::numeric_limits<float>::infinity();
            pooled.means.push_back(mean);
            if (count > 0) pooled.largest = std::max(pooled.largest, std::abs(mean));
        }
    }
    return pooled;
}

ColourScale thumbnail_scale(const Node& node, float high) {
    const bool is_weights = node.kind == ValueKind::kProbability;
    return {is_weights ? ColourScale::Kind::kWeights : ColourScale::Kind::kSigned,
            ValueScale::kSquareRoot, high};
}

// The same by the device.
DevicePaint describe_thumbnail(const Theme& theme, const Node& told, NodeId node, int outer,
                               int side) {
    const MatrixExtents extents = matrix_extents(told.shape);
    DevicePart part;
    part.node = node;
    part.outer = outer;
    part.row_end = extents.rows;
    part.col_end = extents.cols;
    part.width = std::min(side, extents.cols);
    part.height = std::min(side, extents.rows);
    DevicePaint paint;
    paint.parts = {part};
    paint.pooling = DevicePaint::Pooling::kMean;
    paint.colours = ColourTable(theme, thumbnail_scale(told, 1)).steps();
    return paint;
}

}  // namespace

std::optional<Picture> stage_thumbnail(const Trace& trace, const Selection& selection, NodeId node,
                                       int side, UiContext& ui) {
    const Node& told = trace.graph().node(node);
    const MatrixExtents extents = matrix_extents(told.shape);
    const std::size_t cells =
        static_cast<std::size_t>(extents.rows) * static_cast<std::size_t>(extents.cols);
    if (cells == 0) return std::nullopt;
    const int width = std::min(side, extents.cols);
    const int height = std::min(side, extents.rows);
    const std::vector<int> cell = ask_node(trace.graph(), selection, node).cell;
    const int outer = told.shape.rank() > 0 ? place_of(told.shape, cell).outer : 0;
    const std::uint64_t version = hash_key({ui.trace_number, node, outer}, {ui.theme.look()});
    // Encoder and decoder have stages of the same local names, drawn in the same frame.
    const std::size_t blocks = told.name.find("blocks.");
    const std::string stack = blocks == std::string::npos ? "" : told.name.substr(0, blocks);
    const std::string id = "rail/thumb/" + stack + std::string(local_name(told.name));
    const auto describe = [&] { return describe_thumbnail(ui.theme, told, node, outer, side); };
    if (const auto painted = ui.pictures.get_device(id, version, width, height, trace, describe)) {
        return painted;
    }
    if (trace.is_recomputed(node) && cells > kMostDerived) return std::nullopt;
    if (const auto painted = ui.pictures.find(id, version, width, height)) return painted;
    const std::optional<Tile> tile =
        trace.read(node, {outer, outer + 1, 0, extents.rows, 0, extents.cols});
    if (!tile) return std::nullopt;
    return ui.pictures.get(id, version, width, height, [&](std::span<std::uint32_t> texels) {
        const Pooled pooled = pool(*tile, outer, width, height);
        const float high = pooled.largest > 0 ? pooled.largest : 1.0F;
        const ColourTable table(ui.theme, thumbnail_scale(told, high));
        for (std::size_t i = 0; i < texels.size(); ++i) texels[i] = table.at(pooled.means[i]);
    });
}

}  // namespace heed::app
