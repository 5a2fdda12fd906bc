// Ops that multiply matrices: linear maps, queries times keys, patterns times values, queries times
// vectors of distances, embeddings in clusters. The counterpart of core/ops/linear.cpp,
// attention.cpp, relative.cpp and clusters.cpp.
#include <algorithm>
#include <vector>

#include "app/gl/op_recorders.h"
#include "app/gl/record_product.h"
#include "core/base/check.h"

namespace heed::app {

namespace {

constexpr int kCellTile = 32;  // rows and columns of a group of product_distances.comp

const DeviceOperand& operand(const OpArgs& args, int number) {
    return args.operands[static_cast<std::size_t>(number)];
}

std::ptrdiff_t stride(const WeightView& view, int axis) {
    return view.strides[static_cast<std::size_t>(axis)];
}

ProductRows rows_at(const DeviceBlock& block, int outer, int row, int col) {
    return {block.buffer, block.at(outer, row, col), block.outer_stride, block.row_stride};
}

// How the entries of an axis lie that numbers the heads.
ProductOuters outers_of(const WeightView& view, int axis) {
    ProductOuters outers{stride(view, axis), 1, 0};
    if (view.grouped_axis == axis) {
        outers.group = view.group;
        outers.gap = view.gap;
    }
    return outers;
}

// Rows of `box`, with operand 0 on the left: the same matrix for all outers, or one for each.
Product start_product(const OpArgs& args, const Box& box, bool has_left_outers) {
    const DeviceBlock& left = operand(args, 0).block;
    Product product;
    product.node = args.id;
    product.outers = box.outers();
    product.rows = box.rows();
    product.depth = args.operand_shape(0).extent(-1);
    product.cols = box.cols();
    product.outer_begin = box.outer_begin;
    product.left =
        rows_at(left, has_left_outers ? box.outer_begin : left.outer_begin, box.row_begin, 0);
    if (!has_left_outers) product.left.outer_stride = 0;
    product.out = rows_at(args.out, box.outer_begin, box.row_begin, box.col_begin);
    return product;
}

// The columns of a weight or bias, whose last axis they are; heads are the axis before.
ProductMatrix weight_columns(const DeviceOperand& weight, const Box& box, bool has_heads) {
    const WeightView& view = *weight.view;
    const int last = view.shape.rank() - 1;
    ProductMatrix matrix;
    matrix.buffer = weight.weight;
    matrix.type = weight.type;
    matrix.col_stride = stride(view, last);
    matrix.first = view.offset + box.col_begin * matrix.col_stride;
    if (has_heads) {
        matrix.outers = outers_of(view, last - 1);
        matrix.first += matrix.outers.step(box.outer_begin);
    }
    return matrix;
}

// Whether the columns of each head follow those of the head before at the same distance.
bool has_heads_in_line(const ProductMatrix& matrix, int head_cols) {
    return matrix.outers.gap == 0 && matrix.outers.stride == head_cols * matrix.col_stride;
}

// Heads as one wide matrix: more columns for each row that is read.
void join_heads(Product& product, int head_cols) {
    if (product.outers == 1 || product.cols != head_cols) return;
    if (!has_heads_in_line(product.right, head_cols)) return;
    if (product.bias && !has_heads_in_line(*product.bias, head_cols)) return;
    product.head_cols = head_cols;
    product.cols = head_cols * product.outers;
    product.outers = 1;
    product.right.outers = {};
    if (product.bias) product.bias->outers = {};
}

Product make_linear(const OpArgs& args, const Box& box) {
    const DeviceOperand& weight = operand(args, 1);
    const bool has_heads = weight.view->shape.rank() == 3;
    HEED_CHECK(weight.view->grouped_axis < 0 || (has_heads && weight.view->grouped_axis == 1));
    Product product = start_product(args, box, false);
    product.right = weight_columns(weight, box, has_heads);
    product.right.depth_stride = stride(*weight.view, 0);
    if (args.operands.size() > 2) product.bias = weight_columns(operand(args, 2), box, has_heads);
    if (has_heads) join_heads(product, weight.view->shape.extent(2));
    return product;
}

// The right matrix of each head is rows of operand 1, shared by `group` heads.
ProductMatrix shared_rows(const OpArgs& args, const Box& box, int row, int col) {
    const DeviceBlock& block = operand(args, 1).block;
    const int group = args.node.attributes.group;
    ProductMatrix matrix;
    matrix.buffer = block.buffer;
    matrix.first = block.at(box.outer_begin / group, row, col);
    matrix.outers = {0, group, block.outer_stride};
    return matrix;
}

bool has_quads(const DeviceBlock& block, std::int64_t first) {
    return first % 4 == 0 && block.outer_stride % 4 == 0 && block.row_stride % 4 == 0;
}

// As Params of shaders/product_distances.comp.
struct DistanceParams {
    int rows, depth, cols, outers;
    int offset, distances;
    int q_first, q_outer, q_row;
    int r_first, r_outer, r_row;
    int out_first, out_outer, out_row;
    int r_begin;
};

// As Params of shaders/cluster_rows.comp.
struct ClusterParams {
    int rows, cols, ids_first;
    int cluster_begin, cluster_end;
    int part_begin, part_end;
    int table_first, table_row, table_col;
    int out_first, pad0;
};

// Words [begin, end) of a cluster.
struct Words {
    int begin = 0;
    int end = 0;
};

// Rows of a cluster's table for the ids of `box`, 0 for ids of other clusters.   // -> [rows, E]
void record_cluster_rows(const OpArgs& args, const Box& box, const Words& cluster,
                         const DeviceOperand& table, BufferRef out) {
    const WeightView& view = *table.view;
    const int width = view.shape.extent(1);
    const int in_word = table.type == WeightType::kF32 ? 1 : 2;
    const RecorderLimits& limits = args.recorder.limits();
    const std::int64_t room = (limits.binding_words - limits.alignment_words) * in_word - 1;
    const std::int64_t row = (width - 1) * stride(view, 1) + 1;
    if (row > room) throw TooLarge();
    const std::int64_t most = (room - row) / std::max<std::ptrdiff_t>(1, stride(view, 0)) + 1;
    const std::int64_t words = std::min<std::int64_t>(most, cluster.end - cluster.begin);
    for (std::int64_t begin = cluster.begin; begin < cluster.end; begin += words) {
        const auto end = std::min<std::int64_t>(cluster.end, begin + words);
        const auto first = static_cast<int>(begin - cluster.begin);
        Dispatch dispatch(args.recorder,
                          {"cluster_rows.comp", {{"WEIGHT_TYPE", weight_type_macro(table.type)}}},
                          args.id);
        ClusterParams params{};
        params.rows = box.rows();
        params.cols = width;
        params.ids_first = dispatch.read(0, operand(args, 0).input,
                                         operand(args, 0).input_first + box.row_begin, box.rows());
        params.cluster_begin = cluster.begin;
        params.cluster_end = cluster.end;
        params.part_begin = static_cast<int>(begin);
        params.part_end = static_cast<int>(end);
        params.table_first =
            bind_weight(dispatch, 1, table, view.narrowed(0, first, static_cast<int>(end - begin)));
        params.table_row = static_cast<int>(stride(view, 0));
        params.table_col = static_cast<int>(stride(view, 1));
        const std::int64_t cells = std::int64_t{width} * box.rows();
        params.out_first = dispatch.write(2, out, 0, cells);
        dispatch.run(params, box.rows(), static_cast<double>(cells));
    }
}

}  // namespace

void record_linear(const OpArgs& args, const Box& box) {
    record_product(args.recorder, make_linear(args, box));
}

void record_linear_with_activation(const OpArgs& linear, const OpArgs& activation, const Box& box) {
    Product product = make_linear(linear, box);
    product.node = activation.id;
    product.post = rows_at(activation.out, box.outer_begin, box.row_begin, box.col_begin);
    product.activation = activation.node.attributes.activation;
    record_product(linear.recorder, product);
}

void record_matmul_nt(const OpArgs& args, const Box& box) {
    Product product = start_product(args, box, true);
    product.right = shared_rows(args, box, box.col_begin, 0);
    product.right.depth_stride = 1;
    product.right.col_stride = operand(args, 1).block.row_stride;
    record_product(args.recorder, product);
}

void record_matmul(const OpArgs& args, const Box& box) {
    Product product = start_product(args, box, true);
    product.right = shared_rows(args, box, 0, box.col_begin);
    product.right.depth_stride = operand(args, 1).block.row_stride;
    product.right.col_stride = 1;
    record_product(args.recorder, product);
}

void record_distance_dots(const OpArgs& args, const Box& box) {
    const DeviceBlock& q = operand(args, 0).block;
    const DeviceBlock& r = operand(args, 1).block;
    const int depth = args.operand_shape(0).extent(2);
    const int offset = args.node.attributes.offset;
    const int nearest = std::max(0, box.row_begin + offset - (box.col_end - 1));
    const int last = args.operand_shape(1).extent(1) - 1;
    // Where all keys come after all queries nothing of r counts, but a range is bound.
    const int farthest = std::clamp(box.row_end - 1 + offset - box.col_begin, 0, last);
    const int begin = std::min(nearest, farthest);
    const bool has_vectors = depth % 4 == 0 && has_quads(q, q.at(box.outer_begin, box.row_begin)) &&
                             has_quads(r, r.at(box.outer_begin, begin));
    Dispatch dispatch(args.recorder,
                      {"product_distances.comp", {{"VECTORS", has_vectors ? "1" : "0"}}}, args.id);
    DistanceParams params{};
    params.rows = box.rows();
    params.depth = depth;
    params.cols = box.cols();
    params.outers = box.outers();
    params.offset = box.row_begin + offset - box.col_begin;
    params.distances = farthest + 1;
    params.r_begin = begin;
    params.q_first =
        dispatch.read(0, q.buffer, q.at(box.outer_begin, box.row_begin), box_span(q, box, depth));
    params.q_outer = static_cast<int>(q.outer_stride);
    params.q_row = static_cast<int>(q.row_stride);
    params.r_first = dispatch.read(
        1, r.buffer, r.at(box.outer_begin, begin),
        (box.outers() - 1) * r.outer_stride + row_span(r, farthest - begin + 1, depth));
    params.r_outer = static_cast<int>(r.outer_stride);
    params.r_row = static_cast<int>(r.row_stride);
    params.out_first = dispatch.write(2, args.out.buffer,
                                      args.out.at(box.outer_begin, box.row_begin, box.col_begin),
                                      box_span(args.out, box, box.cols()));
    params.out_outer = static_cast<int>(args.out.outer_stride);
    params.out_row = static_cast<int>(args.out.row_stride);
    const double work = static_cast<double>(box.outers()) * box.rows() * box.cols() * depth;
    dispatch.count_flops(2 * work);
    const std::int64_t across = (box.cols() + kCellTile - 1) / kCellTile;
    const std::int64_t down = (box.rows() + kCellTile - 1) / kCellTile;
    dispatch.run(params, across * down * box.outers(), work);
}

// Each cluster's words are multiplied with its map; words of others count 0 there, so that no
// dispatch depends on the ids.
void record_cluster_embed(const OpArgs& args, const Box& box) {
    const std::vector<int>& clusters = args.node.attributes.clusters;
    std::vector<BufferRef> scratch;
    const auto give_back = [&] {
        for (const BufferRef& buffer : scratch) args.recorder.give_back(buffer);
    };
    try {
        for (std::size_t c = 0; c < clusters.size(); ++c) {
            const DeviceOperand& table = args.operands[1 + 2 * c];
            const DeviceOperand& map = args.operands[2 + 2 * c];
            const int width = table.view->shape.extent(1);
            scratch.push_back(args.recorder.take_scratch(std::int64_t{width} * box.rows()));
            const Words words{clusters[c], clusters[c] + table.view->shape.extent(0)};
            record_cluster_rows(args, box, words, table, scratch.back());
            Product product;
            product.node = args.id;
            product.rows = box.rows();
            product.depth = width;
            product.cols = box.cols();
            product.left = {scratch.back(), 0, 0, width};
            product.right = weight_columns(map, box, false);
            product.right.depth_stride = stride(*map.view, 0);
            product.out = rows_at(args.out, box.outer_begin, box.row_begin, box.col_begin);
            product.adds = c > 0;
            record_product(args.recorder, product);
        }
    } catch (const TooLarge&) {
        give_back();
        throw;
    }
    give_back();
}

}  // namespace heed::app
