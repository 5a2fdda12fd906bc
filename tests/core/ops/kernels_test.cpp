#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <functional>

#include "core/base/check.h"
#include "core/base/error.h"
#include "tests/core/ops/every_op.h"
#include "tests/core/ops/more_ops.h"
#include "tests/core/ops/twin.h"
#include "tests/support/close.h"
#include "tests/support/refusal.h"

using namespace heed;
using namespace heed::test;

namespace {

// The first cell of any node that is not what its twin says.
std::string find_wrong_node(const GraphRun& run) {
    for (NodeId id = 0; id < run.graph().size(); ++id) {
        const std::string difference = find_twin_difference(run, id);
        if (!difference.empty()) return difference;
    }
    return "";
}

// Boxes of any part of a node give the bits of the whole, and write nothing else.
void check_boxes(const GraphRun& run, std::mt19937& random) {
    for (NodeId id = 0; id < run.graph().size(); ++id) {
        const Node& node = run.graph().node(id);
        const MatrixExtents extents = matrix_extents(node.shape);
        const auto pick = [&](int count, int& begin, int& end) {
            begin = static_cast<int>(random() % static_cast<unsigned>(count));
            end = begin + 1 + static_cast<int>(random() % static_cast<unsigned>(count - begin));
        };
        if (node.shape.count() == 0) continue;  // an empty memory
        for (int round = 0; round < 4; ++round) {
            Box box = whole_box(node.shape);
            pick(extents.outer, box.outer_begin, box.outer_end);
            pick(extents.rows, box.row_begin, box.row_end);
            const bool takes_columns = op_row(node.op).tiling == Tiling::kProduct;
            if (takes_columns) pick(extents.cols, box.col_begin, box.col_end);
            std::vector<float> out(node.shape.count(), -77.0F);
            run.compute(id, box, out);
            CAPTURE(node.name);
            std::size_t flat = 0;
            int wrong = 0;
            for (int o = 0; o < extents.outer; ++o) {
                for (int r = 0; r < extents.rows; ++r) {
                    for (int c = 0; c < extents.cols; ++c, ++flat) {
                        const bool is_inside = o >= box.outer_begin && o < box.outer_end &&
                                               r >= box.row_begin && r < box.row_end &&
                                               c >= box.col_begin && c < box.col_end;
                        const float want = is_inside ? run.values(id)[flat] : -77.0F;
                        if (std::memcmp(&out[flat], &want, sizeof want) != 0) ++wrong;
                    }
                }
            }
            CHECK_EQ(wrong, 0);
        }
    }
}

}  // namespace

TEST_SUITE_BEGIN("core/kernels");

TEST_CASE("every kernel gives what its naive twin gives, in any box") {
    std::mt19937 random(21);
    for (int round = 0; round < 12; ++round) {
        TestGraph test(100 + static_cast<unsigned>(round));
        DecoderSizes sizes;
        sizes.length = 1 + static_cast<int>(random() % 40);
        sizes.key_heads = 1 + static_cast<int>(random() % 3);
        sizes.heads = sizes.key_heads * (1 + static_cast<int>(random() % 3));
        sizes.d_head = 1 + static_cast<int>(random() % 40);
        sizes.d_mlp = 1 + static_cast<int>(random() % 200);
        sizes.is_causal = round % 2 == 0;
        build_decoder(test, sizes);
        CAPTURE(sizes.length);
        CAPTURE(sizes.heads);
        CAPTURE(sizes.key_heads);
        CAPTURE(sizes.d_head);
        CAPTURE(sizes.d_mlp);
        const GraphRun run(test, decoder_ids(sizes.length));
        CHECK_EQ(find_wrong_node(run), "");
        check_boxes(run, random);
    }
    for (int keys = 1; keys < 12; ++keys) {
        TestGraph test(200 + static_cast<unsigned>(keys));
        build_additive(test, 1 + keys / 2, keys);
        const GraphRun run(test);
        CHECK_EQ(find_wrong_node(run), "");
        check_boxes(run, random);
    }
    TestGraph test(300);
    build_activations(test);
    CHECK_EQ(find_wrong_node(GraphRun(test)), "");
}

TEST_CASE("positions, memories and pictures give what their twins give, in any box") {
    std::mt19937 random(22);
    const auto up_to = [&random](unsigned end) { return 1 + static_cast<int>(random() % end); };
    for (int round = 0; round < 12; ++round) {
        const unsigned seed = 400 + static_cast<unsigned>(round);
        CAPTURE(round);
        PositionSizes sizes;
        sizes.length = up_to(40);
        sizes.key_heads = up_to(3);
        sizes.heads = sizes.key_heads * up_to(3);
        sizes.pairs = up_to(20);
        sizes.d_mlp = up_to(150);
        TestGraph positions(seed), memory(seed), picture(seed);
        build_positions(positions, sizes);
        const int length = up_to(30), before = up_to(20) - 1;
        build_memory(memory, length, before);
        const PictureSizes squares = {up_to(4), up_to(4), {up_to(5), up_to(5)}};
        build_picture(picture, squares);
        const GraphRun runs[] = {GraphRun(positions), GraphRun(memory, memory_ids(length, before)),
                                 GraphRun(picture, picture_ids(squares), picture_numbers(squares))};
        for (const GraphRun& run : runs) {
            CHECK_EQ(find_wrong_node(run), "");
            check_boxes(run, random);
        }
    }
}

TEST_CASE("weights are read through any strides") {
    TestGraph test(31);
    GraphBuilder& b = test.builder;
    const int source = b.sequence("source", 9);
    const NodeId x = test.random_node("x", source, 6);
    const Axis d{"D", 6}, h{"H", 3}, k{"K", 5}, j{"H*K", 15};
    b.linear("plain", x, test.weight("W", {d, j}).split(1, h, k), test.weight("b", {h, k}),
             Stage::kProject);
    b.linear("transposed", x, test.weight("W", {j, d}).transposed(0, 1).split(1, h, k),
             test.weight("b", {j}).split(0, h, k), Stage::kProject);
    // Heads inside the width: (D, K, H) seen as (D, H, K); the bias too.
    b.linear("inner", x, test.weight("W", {d, k, h}).transposed(1, 2),
             test.weight("b", {k, h}).transposed(0, 1), Stage::kProject);
    b.linear("middle", x, test.weight("W", {h, d, k}).transposed(0, 1), std::nullopt,
             Stage::kProject);
    b.linear("slice", x, test.weight("W", {{"N", 4}, d, {"F", 20}}).picked(0, 2).narrowed(1, 3, 7),
             test.weight("b", {{"F", 20}, {"N", 2}}).picked(1, 1).narrowed(0, 3, 7),
             Stage::kFeedForward);
    b.layer_norm("norm", x, test.weight("w", {d, {"N", 3}}).picked(1, 2),
                 test.weight("b", {{"N", 3}, d}).picked(0, 1), 1e-3F);
    const NodeId row = b.take_row("row", x, 4, Stage::kUnembed);
    b.linear("of a row", row, test.weight("W", {{"P", 3}, d}).transposed(0, 1),
             test.weight("b", {{"P", 3}}), Stage::kUnembed);
    b.softmax("softmax of a row", row);
    b.layer_norm("norm of a row", row, std::nullopt, std::nullopt, 1e-5F);
    CHECK_EQ(find_wrong_node(GraphRun(test)), "");
}

TEST_CASE("the rows of a softmax sum to 1 and do not move with their scores") {
    for (const int cols : {1, 2, 3, 63, 64, 65, 127, 300, 5000}) {
        TestGraph test(40);
        const int source = test.builder.sequence("source", 4);
        std::vector<float> scores = test.numbers(static_cast<std::size_t>(4 * cols), 5);
        std::vector<float> moved = scores;
        for (float& score : moved) score += 64;
        test.builder.softmax("p", test.given("x", source, {"S", cols}, scores));
        test.builder.softmax("moved", test.given("y", source, {"S", cols}, moved));
        const GraphRun run(test);
        CAPTURE(cols);
        for (int t = 0; t < 4; ++t) {
            double sum = 0;
            for (int s = 0; s < cols; ++s) {
                const float p = run.values("p")[static_cast<std::size_t>(t * cols + s)];
                CHECK_LE(0.0F, p);
                sum += static_cast<double>(p);
            }
            CHECK_LT(std::abs(sum - 1), 1e-6);
        }
        CHECK_EQ(find_difference(run.values("moved"), run.values("p"), kFunction), "");
    }
}

TEST_CASE("equal scores share equally, huge scores overflow nothing") {
    TestGraph test(41);
    const int source = test.builder.sequence("source", 5);
    const float huge = 3e38F;
    test.builder.softmax("p", test.given("x", source, {"S", 4}, {7,     7,     7,     7,          //
                                                                 1e4F,  0,     -1e4F, 1e4F,       //
                                                                 -1e4F, -1e4F, -1e4F, -1e4F + 1,  //
                                                                 huge,  huge,  0,     -huge,      //
                                                                 112,   96,    0,     0}));
    const GraphRun run(test);
    const auto e = static_cast<float>(std::exp(-1.0));
    const std::vector<float> want = {0.25F,
                                     0.25F,
                                     0.25F,
                                     0.25F,  //
                                     0.5F,
                                     0,
                                     0,
                                     0.5F,  //
                                     e / (3 * e + 1),
                                     e / (3 * e + 1),
                                     e / (3 * e + 1),
                                     1 / (3 * e + 1),  //
                                     0.5F,
                                     0.5F,
                                     0,
                                     0,  //
                                     1,
                                     1.1253517e-7F,
                                     0,
                                     0};
    CHECK_EQ(find_difference(run.values("p"), want, kFunction), "");
    CHECK_EQ(find_difference(std::span(run.values("p")).subspan(17, 1),
                             std::span(want).subspan(17, 1), kFunction),
             "");
}

TEST_CASE("a masked weight is exactly 0, a mask that hides nothing changes nothing") {
    for (const int length : {1, 2, 5, 64, 65, 130}) {
        TestGraph test(42);
        const int source = test.builder.sequence("source", length);
        const NodeId x = test.random_heads("scores", source, 3, length, 100);
        const NodeId causal = test.builder.mask("causal", x, MaskRule::kCausal);
        test.builder.softmax("p", causal);
        test.builder.normalise_sum("share", causal);
        const NodeId open = test.builder.mask("open", x, MaskRule::kNone);
        test.builder.mask("wide", x, MaskRule::kCausal, length);
        test.builder.softmax("p open", open);
        test.builder.softmax("p bare", x);
        const GraphRun run(test);
        CAPTURE(length);
        CHECK_EQ(run.values("open"), run.values("scores"));
        CHECK_EQ(run.values("wide"), run.values("scores"));
        CHECK_EQ(run.values("p open"), run.values("p bare"));
        std::size_t flat = 0;
        for (int h = 0; h < 3; ++h) {
            for (int t = 0; t < length; ++t) {
                for (int s = 0; s < length; ++s, ++flat) {
                    if (s <= t) continue;
                    CHECK_EQ(run.values("causal")[flat], -std::numeric_limits<float>::infinity());
                    CHECK_EQ(run.values("p")[flat], 0.0F);
                    CHECK_EQ(run.values("share")[flat], 0.0F);
                }
            }
        }
        // The first query sees itself alone.
        CHECK_EQ(run.values("p")[0], 1.0F);
    }
}

TEST_CASE("a row that may see nothing weighs nothing") {
    TestGraph test(43);
    const int source = test.builder.sequence("source", 3);
    const NodeId x = test.random_heads("scores", source, 1, 3);
    test.builder.softmax("p", test.builder.mask("masked", x, MaskRule::kCausal, -1));
    const GraphRun run(test);
    CHECK_EQ(std::vector<float>(run.values("p").begin(), run.values("p").begin() + 4),
             std::vector<float>{0, 0, 0, 1});
}

TEST_CASE("the scores of one query without a value are shared by sum; a sum of 0 is refused") {
    TestGraph test(44);
    const int source = test.builder.sequence("source", 2);
    const NodeId x = test.given_heads("x", source, 2, 3, {1, 2, 5, 2, 2, 4, 3, -1, 2, 1, -3, 2});
    test.builder.normalise_sum("attn.pattern", x);
    const std::string message = message_of([&] { GraphRun run(test); });
    CHECK_EQ(find_flaw(message, {"attn.pattern", "row 1 of head 1", "not 0"}), "");

    TestGraph fine(45);
    const int other = fine.builder.sequence("source", 1);
    fine.builder.normalise_sum("p", fine.given("x", other, {"S", 3}, {1, 2, 5}));
    CHECK_EQ(GraphRun(fine).values("p"), std::vector<float>{0.125F, 0.25F, 0.625F});
}

TEST_CASE("a norm gives mean 0 and variance 1, whatever the scale and the offset") {
    for (const int width : {1, 2, 63, 64, 65, 768}) {
        TestGraph test(46);
        const int source = test.builder.sequence("source", 3);
        std::vector<float> values = test.numbers(static_cast<std::size_t>(3 * width), 1);
        for (int d = 0; d < width; ++d) {
            values[static_cast<std::size_t>(width + d)] *= 1000;
            values[static_cast<std::size_t>(2 * width + d)] += 100;
        }
        test.builder.layer_norm("y", test.given("x", source, {"D", width}, values), std::nullopt,
                                std::nullopt, 1e-12F);
        const GraphRun run(test);
        CAPTURE(width);
        for (int t = 0; t < 3; ++t) {
            double sum = 0, squares = 0;
            for (int d = 0; d < width; ++d) {
                const auto y =
                    static_cast<double>(run.values("y")[static_cast<std::size_t>(t * width + d)]);
                sum += y;
                squares += y * y;
            }
            CHECK_LT(std::abs(sum / width), 2e-5);
            if (width > 1) CHECK_LT(std::abs(squares / width - 1), 1e-4);
        }
    }
}

TEST_CASE("activations hold far out, where their formulas overflow") {
    TestGraph test(47);
    const int source = test.builder.sequence("source", 8);
    const std::vector<float> far = {-1e30F, -1e4F, -100, -20, 20, 100, 1e4F, 1e30F};
    const NodeId x = test.given("x", source, {"D", 1}, far);
    for (const Activation activation : kActivations) {
        test.builder.activation(activation_name(activation), x, activation, Stage::kFeedForward);
    }
    const GraphRun run(test);
    for (const Activation activation : kActivations) {
        std::vector<float> want;
        for (const float value : far) {
            const bool is_share =
                activation == Activation::kTanh || activation == Activation::kSigmoid;
            const float low = activation == Activation::kTanh ? -1.0F : 0.0F;
            want.push_back(value < 0 ? low : is_share ? 1.0F : value);
        }
        CAPTURE(activation_name(activation));
        const std::vector<float>& got = run.values(activation_name(activation));
        for (std::size_t i = 0; i < far.size(); ++i) {
            CAPTURE(i);
            CHECK_LE(std::abs(got[i] - want[i]), 1e-6F * std::max(1.0F, std::abs(want[i])));
        }
    }
}

TEST_CASE("splitting into heads and merging gives the same numbers") {
    TestGraph test(48);
    const int source = test.builder.sequence("source", 6);
    const NodeId x = test.random_heads("x", source, 3, 5);
    test.builder.merge_heads("merged", x);
    const GraphRun run(test);
    CHECK_EQ(run.values("merged"), run.values("x_joined"));
}

TEST_SUITE_END();
