#include "app/gl/record_product.h"

#include <algorithm>
#include <limits>

#include "app/gl/cell_pass.h"
#include "core/base/check.h"

namespace heed::app {

namespace {

// Bindings of shaders/product_parts.glsl.
constexpr int kLeftSlot = 0;
constexpr int kRightSlot = 1;
constexpr int kBiasSlot = 2;
constexpr int kOutSlot = 3;
constexpr int kPostSlot = 4;
constexpr int kBeforeSlot = 5;

// Fewer rows than these are cut by columns, so that the right matrix is read once.
constexpr int kFewRows = 32;
// Pieces begin at multiples of these, where loads of four are aligned.
constexpr std::int64_t kColumnStep = 64;
constexpr std::int64_t kDepthStep = 32;

// As Params of shaders/product_parts.glsl.
struct Params {
    int rows, depth, cols, outers, outer_begin;
    int left_first, left_outer, left_row;
    int right_first, right_outer, right_group, right_gap, right_depth, right_col;
    int bias_first, bias_outer, bias_group, bias_gap, bias_col;
    int out_first, out_outer, out_row, head_cols;
    int post_first, post_outer, post_row;
    int pad0, pad1;
};

int as_int(std::int64_t number) {
    HEED_CHECK_LE(number, std::int64_t{std::numeric_limits<int>::max()});
    return static_cast<int>(number);
}

int numbers_in_word(WeightType type) {
    return type == WeightType::kF32 ? 1 : 2;
}

// How far the last outer lies from the first one.
std::int64_t outer_span(const Product& product, const ProductOuters& outers) {
    return outers.step(product.outer_begin + product.outers - 1) - outers.step(product.outer_begin);
}

std::int64_t rows_span(const Product& product, const ProductRows& rows, std::int64_t cols) {
    return (product.outers - 1) * rows.outer_stride + (product.rows - 1) * rows.row_stride + cols;
}

std::int64_t matrix_span(const Product& product, const ProductMatrix& matrix, std::int64_t depth,
                         std::int64_t cols) {
    return outer_span(product, matrix.outers) + (depth - 1) * matrix.depth_stride +
           (cols - 1) * matrix.col_stride + 1;
}

// Binds numbers [first, first + span) of a matrix; returns where the first lies in the shader.
int read_matrix(Dispatch& dispatch, int slot, const ProductMatrix& matrix, std::int64_t span) {
    const int in_word = numbers_in_word(matrix.type);
    const std::int64_t first_word = matrix.first / in_word;
    const std::int64_t words = (matrix.first + span - 1) / in_word - first_word + 1;
    const int before = dispatch.read(slot, matrix.buffer, first_word, words);
    return as_int(std::int64_t{before} * in_word + matrix.first % in_word);
}

template <class... Numbers>
bool are_quads(Numbers... numbers) {
    return ((numbers % 4 == 0) && ...);
}

bool has_quads(const Product& product, const ProductRows& rows, int cols) {
    return are_quads(rows.first, std::int64_t{cols}, product.rows > 1 ? rows.row_stride : 0,
                     product.outers > 1 || product.head_cols > 0 ? rows.outer_stride : 0);
}

bool has_right_quads(const Product& product) {
    const ProductMatrix& right = product.right;
    const ProductLayout layout = product.shape().layout;
    if (layout == ProductLayout::kStrided) return false;
    const bool is_plain = layout == ProductLayout::kPlain;
    const int across = is_plain ? product.cols : product.depth;
    const int down = is_plain ? product.depth : product.cols;
    const bool has_outers = product.outers > 1;
    return are_quads(right.first, std::int64_t{across},
                     down > 1 ? (is_plain ? right.depth_stride : right.col_stride) : 0,
                     has_outers ? right.outers.stride : 0, has_outers ? right.outers.gap : 0);
}

bool has_out_quads(const Product& product) {
    const int head_cols = product.head_cols > 0 ? product.head_cols : product.cols;
    return are_quads(head_cols) && has_quads(product, product.out, product.cols) &&
           (!product.post || has_quads(product, *product.post, product.cols));
}

ProgramKey make_key(const Product& product, const ProductVariant& variant) {
    ProgramKey key{variant.file, variant.defines()};
    const auto define = [&key](const char* name, int value) {
        key.defines.emplace_back(name, std::to_string(value));
    };
    define("LAYOUT", static_cast<int>(product.shape().layout));
    define("VECTOR_LEFT", has_quads(product, product.left, product.depth) ? 1 : 0);
    define("VECTOR_RIGHT", has_right_quads(product) ? 1 : 0);
    define("VECTOR_OUT", has_out_quads(product) ? 1 : 0);
    define("ADDS", product.adds ? 1 : 0);
    define("HAS_POST", product.post ? 1 : 0);
    if (product.post) key.defines.emplace_back("ACTIVATION", activation_macro(product.activation));
    key.defines.emplace_back("RIGHT_TYPE", weight_type_macro(product.right.type));
    key.defines.emplace_back("BIAS_TYPE",
                             product.bias ? weight_type_macro(product.bias->type) : "-1");
    return key;
}

// One dispatch for all of it.
void dispatch_product(Recorder& recorder, const Product& product) {
    const ProductShape shape = product.shape();
    const ProductVariant& variant = choose_product(shape, recorder.limits().products);
    Dispatch dispatch(recorder, make_key(product, variant), product.node);
    Params params{};
    params.rows = product.rows;
    params.depth = product.depth;
    params.cols = product.cols;
    params.outers = product.outers;
    params.outer_begin = product.outer_begin;

    const ProductRows& left = product.left;
    params.left_first =
        dispatch.read(kLeftSlot, left.buffer, left.first, rows_span(product, left, product.depth));
    params.left_outer = as_int(left.outer_stride);
    params.left_row = as_int(left.row_stride);

    const ProductMatrix& right = product.right;
    params.right_first = read_matrix(dispatch, kRightSlot, right,
                                     matrix_span(product, right, product.depth, product.cols));
    params.right_outer = as_int(right.outers.stride);
    params.right_group = right.outers.group;
    params.right_gap = as_int(right.outers.gap);
    params.right_depth = as_int(right.depth_stride);
    params.right_col = as_int(right.col_stride);

    params.bias_group = 1;
    if (product.bias) {
        const ProductMatrix& bias = *product.bias;
        params.bias_first =
            read_matrix(dispatch, kBiasSlot, bias, matrix_span(product, bias, 1, product.cols));
        params.bias_outer = as_int(bias.outers.stride);
        params.bias_group = bias.outers.group;
        params.bias_gap = as_int(bias.outers.gap);
        params.bias_col = as_int(bias.col_stride);
    }

    const ProductRows& out = product.out;
    const int heads = product.head_cols > 0 ? product.cols / product.head_cols : 1;
    params.head_cols = product.head_cols > 0 ? product.head_cols : product.cols;
    const std::int64_t written =
        rows_span(product, out, params.head_cols) + (heads - 1) * out.outer_stride;
    params.out_first = dispatch.write(kOutSlot, out.buffer, out.first, written);
    if (product.adds) dispatch.read(kBeforeSlot, out.buffer, out.first, written);
    params.out_outer = as_int(out.outer_stride);
    params.out_row = as_int(out.row_stride);
    if (product.post) {
        const ProductRows& post = *product.post;
        params.post_first = dispatch.write(kPostSlot, post.buffer, post.first,
                                           rows_span(product, post, product.cols));
        params.post_outer = as_int(post.outer_stride);
        params.post_row = as_int(post.row_stride);
    }
    dispatch.count_flops(2 * shape.multiplications());
    dispatch.run(params, variant.count_groups(shape), shape.multiplications());
}

// The part of a product that is computed at once.
struct Piece {
    std::int64_t depth = 0;
    std::int64_t cols = 0;
};

// The largest count up to `most` whose numbers, `stride` apart, take `room` numbers; a multiple of
// `step` where it is less than `most` and more than that.
std::int64_t fit(std::int64_t most, std::int64_t stride, std::int64_t room, std::int64_t step) {
    if (room < 1) return 0;
    const std::int64_t count = stride > 0 ? (room - 1) / stride + 1 : most;
    if (count >= most) return most;
    return count > step ? count / step * step : count;
}

// Heads and rows are whole; what is too large for that is cut by whoever asked.
Piece choose_piece(const Recorder& recorder, const Product& product) {
    const RecorderLimits& limits = recorder.limits();
    // A range may begin up to an alignment before its first number.
    const std::int64_t words = limits.binding_words - limits.alignment_words;
    const ProductMatrix& right = product.right;
    const std::int64_t room = words * numbers_in_word(right.type) - 1;
    Piece piece{product.depth, product.cols};
    const bool is_one = product.outers == 1;
    const bool is_one_row = is_one && product.rows == 1;
    if (rows_span(product, product.left, product.depth) > words) {
        if (!is_one_row) throw TooLarge();
        piece.depth = fit(product.depth, 1, words, kDepthStep);
    }
    if (matrix_span(product, right, piece.depth, piece.cols) > room) {
        if (!is_one) throw TooLarge();
        const bool cuts_columns = right.col_stride >= right.depth_stride;
        const std::int64_t line = 1 + (cuts_columns ? (piece.depth - 1) * right.depth_stride
                                                    : (piece.cols - 1) * right.col_stride);
        if (cuts_columns) {
            piece.cols = fit(piece.cols, right.col_stride, room - line + 1, kColumnStep);
            if (piece.cols < 1) {
                piece.cols = 1;
                piece.depth = fit(piece.depth, right.depth_stride, room, kDepthStep);
            }
        } else {
            piece.depth = fit(piece.depth, right.depth_stride, room - line + 1, kDepthStep);
            if (piece.depth < 1) {
                piece.depth = 1;
                piece.cols = fit(piece.cols, right.col_stride, room, kColumnStep);
            }
        }
    }
    const double work = static_cast<double>(product.outers) * product.rows *
                        static_cast<double>(piece.depth) * static_cast<double>(piece.cols);
    if (work > limits.work) {
        if (!is_one || product.rows > kFewRows) throw TooLarge();
        const double lines = limits.work / (product.rows * static_cast<double>(piece.depth));
        const auto cols = static_cast<std::int64_t>(lines);
        piece.cols = cols > kColumnStep ? cols / kColumnStep * kColumnStep : cols;
        if (cols < 1) {
            if (product.rows > 1) throw TooLarge();
            piece.cols = 1;
            piece.depth = std::max<std::int64_t>(1, static_cast<std::int64_t>(limits.work));
        }
    }
    if (piece.depth < 1 || piece.cols < 1) throw TooLarge();
    return piece;
}

}  // namespace

ProductShape Product::shape() const {
    ProductLayout layout = ProductLayout::kStrided;
    if (right.col_stride == 1 || cols == 1) layout = ProductLayout::kPlain;
    if (right.depth_stride == 1 && (right.col_stride != 1 || depth > 1)) {
        layout = ProductLayout::kTransposed;
    }
    return {outers, rows, depth, cols, layout};
}

void record_product(Recorder& recorder, const Product& product) {
    HEED_CHECK(product.depth > 0 && product.rows > 0 && product.cols > 0);
    const Piece piece = choose_piece(recorder, product);
    // Heads that lie side by side are columns of one out: no piece of them alone.
    const bool is_whole_width = piece.cols == product.cols;
    if (product.head_cols > 0 && !is_whole_width) throw TooLarge();
    for (std::int64_t col = 0; col < product.cols; col += piece.cols) {
        for (std::int64_t at = 0; at < product.depth; at += piece.depth) {
            Product part = product;
            part.cols = as_int(std::min(piece.cols, product.cols - col));
            part.depth = as_int(std::min(piece.depth, product.depth - at));
            part.left.first += at;
            part.right.first += at * product.right.depth_stride + col * product.right.col_stride;
            part.out.first += col;
            part.adds = product.adds || at > 0;
            if (part.bias) part.bias->first += col * part.bias->col_stride;
            if (at > 0) part.bias.reset();
            if (part.post) part.post->first += col;
            if (at + part.depth < product.depth) part.post.reset();
            dispatch_product(recorder, part);
        }
    }
}

}  // namespace heed::app
