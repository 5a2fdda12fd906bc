#include "core/run/trace.h"

#include <algorithm>

#include "core/base/check.h"
#include "core/run/at_hand.h"

namespace heed {
namespace {

std::size_t at(NodeId id) {
    return static_cast<std::size_t>(id);
}

}  // namespace

Tile::Tile(std::shared_ptr<const float[]> data, const Box& box, std::ptrdiff_t outer_stride,
           std::ptrdiff_t row_stride)
    : data_(std::move(data)), box_(box), outer_stride_(outer_stride), row_stride_(row_stride) {}

const float* Tile::row(int outer, int row) const {
    HEED_CHECK_LE(box_.outer_begin, outer);
    HEED_CHECK_LT(outer, box_.outer_end);
    HEED_CHECK_LE(box_.row_begin, row);
    HEED_CHECK_LT(row, box_.row_end);
    return data_.get() + (outer - box_.outer_begin) * outer_stride_ +
           (row - box_.row_begin) * row_stride_;
}

Trace::Trace(Parts parts) : parts_(std::move(parts)) {
    HEED_CHECK(parts_.graph != nullptr);
    HEED_CHECK_EQ(parts_.values.size(), at(parts_.graph->size()));
}

float Trace::input_value(int input, const std::vector<int>& index) const {
    const Shape shape = graph().input_shape(input);
    const std::size_t flat = flat_index(shape.extents(), index);
    const auto at = static_cast<std::size_t>(input);
    if (graph().inputs()[at].takes_numbers()) return inputs().numbers.at(at).at(flat);
    return static_cast<float>(inputs().ids.at(at).at(flat));
}

std::span<const TokenLabel> Trace::labels(int sequence) const {
    if (sequence < 0 || at(sequence) >= parts_.inputs.labels.size()) return {};
    return parts_.inputs.labels[at(sequence)];
}

bool Trace::is_recomputed(NodeId node) const {
    return held(node) == nullptr && !(provider() != nullptr && provider()->holds(node));
}

const std::shared_ptr<const float[]>& Trace::held(NodeId node) const {
    HEED_CHECK_LE(0, node);
    HEED_CHECK_LT(at(node), parts_.values.size());
    return parts_.values[at(node)];
}

Tile TileProvider::wait(const Trace& trace, NodeId node, const Box& box) const {
    while (true) {
        if (const auto tile = read(trace, node, box)) return *tile;
    }
}

std::optional<Tile> Trace::read(NodeId node, const Box& box) const {
    const MatrixExtents extents = matrix_extents(graph().node(node).shape);
    HEED_CHECK(box.outer_begin >= 0 && box.outer_begin <= box.outer_end);
    HEED_CHECK(box.row_begin >= 0 && box.row_begin <= box.row_end);
    HEED_CHECK(box.col_begin >= 0 && box.col_begin <= box.col_end);
    HEED_CHECK_LE(box.outer_end, extents.outer);
    HEED_CHECK_LE(box.row_end, extents.rows);
    HEED_CHECK_LE(box.col_end, extents.cols);
    const std::shared_ptr<const float[]>& values = held(node);
    if (values == nullptr) {
        HEED_CHECK(parts_.provider != nullptr);
        return parts_.provider->read(*this, node, box);
    }
    const std::ptrdiff_t row_stride = extents.cols;
    const std::ptrdiff_t outer_stride = row_stride * extents.rows;
    const std::ptrdiff_t first =
        box.outer_begin * outer_stride + box.row_begin * row_stride + box.col_begin;
    return Tile({values, values.get() + first}, box, outer_stride, row_stride);
}

Tile Trace::wait(NodeId node, const Box& box) const {
    if (held(node) != nullptr || AtHand::is_demanded()) {
        if (std::optional<Tile> tile = read(node, box)) return std::move(*tile);
        throw NotAtHand();
    }
    HEED_CHECK(parts_.provider != nullptr);
    return parts_.provider->wait(*this, node, box);
}

void Trace::ask(NodeId node, const Box& box) const {
    if (held(node) == nullptr && AtHand::is_demanded()) read(node, box);
}

float Trace::value(NodeId node, const std::vector<int>& index) const {
    const RowPlace place = place_of(graph().node(node).shape, index);
    const Box box = {place.outer,   place.outer + 1, place.row,
                     place.row + 1, place.col,       place.col + 1};
    return wait(node, box).at(place.outer, place.row, place.col);
}

Tensor Trace::tensor(NodeId node) const {
    const Shape& shape = graph().node(node).shape;
    Tensor tensor(shape.extents());
    const Box box = whole_box(shape);
    const Tile tile = wait(node, box);
    float* out = tensor.data();
    for (int outer = 0; outer < box.outer_end; ++outer) {
        for (int row = 0; row < box.row_end; ++row) {
            out = std::copy_n(tile.row(outer, row), box.col_end, out);
        }
    }
    return tensor;
}

RowPlace place_of(const Shape& shape, const std::vector<int>& index) {
    const std::size_t flat = flat_index(shape.extents(), index);
    const MatrixExtents extents = matrix_extents(shape);
    const auto cols = static_cast<std::size_t>(extents.cols);
    const auto rows = static_cast<std::size_t>(extents.rows);
    return {static_cast<int>(flat / (rows * cols)), static_cast<int>(flat / cols % rows),
            static_cast<int>(flat % cols)};
}

}  // namespace heed
