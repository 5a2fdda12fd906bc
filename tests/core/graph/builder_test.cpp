#include "core/graph/builder.h"

#include <doctest/doctest.h>

#include <cmath>

#include "core/base/check.h"

using namespace heed;

namespace {

constexpr Stage kAny = Stage::kProject;

// A builder with a sequence of 4, a table [6, 8] and nodes to refuse things to.
struct Ground {
    Ground() {
        store = std::make_shared<WeightStore>();
        source = b.sequence("source", 4);
        x = b.table_rows("x", weight({{"T", 6}, {"D", 8}}), source, 0);
        heads = b.split_heads("heads", x, 2, kAny);
        row = b.take_row("row", x, 1, kAny);
    }
    WeightView weight(const Shape& shape) {
        const WeightId id =
            store->add("w" + std::to_string(store->size()), shape.extents(), nullptr);
        return WeightView::whole(*store, id, "W", shape);
    }
    std::shared_ptr<WeightStore> store;
    GraphBuilder b;
    int source = 0;
    NodeId x = 0, heads = 0, row = 0;
};

}  // namespace

TEST_SUITE_BEGIN("core/builder");

TEST_CASE("nodes carry the names, axes and layers that they were built with") {
    Ground g;
    g.b.begin_block(3);
    const NodeId q = g.b.linear("attn.q", g.x, g.weight({{"D", 8}, {"H", 2}, {"K", 5}}),
                                g.weight({{"H", 2}, {"K", 5}}), kAny);
    g.b.end_block();
    const NodeId last = g.b.alias("final", q, Stage::kNormalise);
    const auto graph = g.b.build();
    CHECK_EQ(graph->node(q).name, "blocks.3.attn.q");
    CHECK_EQ(graph->node(q).layer, 3);
    CHECK_EQ(to_string(graph->node(q).shape), "[H=2, T=4, K=5]");
    CHECK_EQ(graph->node(q).shape.axis(1).sequence, g.source);
    CHECK_EQ(graph->node(last).layer, -1);
    CHECK_EQ(graph->layers(), 4);
    CHECK_EQ(graph->find("blocks.3.attn.q").value(), q);
    CHECK_FALSE(graph->find("attn.q").has_value());
    CHECK_EQ(graph->consumers(g.x), std::vector<NodeId>{g.heads, g.row, q});
    CHECK_EQ(graph->consumers(last), std::vector<NodeId>{});
}

TEST_CASE("a node that reads another twice is one of its consumers once") {
    Ground g;
    const NodeId twice = g.b.add("twice", {g.x, g.x});
    CHECK_EQ(g.b.build()->consumers(g.x), std::vector<NodeId>{g.heads, g.row, twice});
}

TEST_CASE("key positions are an axis of their own, with the labels of the key sequence") {
    GraphBuilder b;
    WeightStore store;
    const int target = b.sequence("target", 2), source = b.sequence("source", 3);
    const WeightId id = store.add("w", {5, 8}, nullptr);
    const WeightView table = WeightView::whole(store, id, "W", {{"T", 5}, {"D", 8}});
    const NodeId q = b.split_heads("q", b.table_rows("a", table, target, 0), 4, kAny);
    const NodeId k =
        b.split_heads("k", b.table_rows("b", table.narrowed(1, 0, 4), source, 0), 2, kAny);
    const NodeId dots = b.matmul_nt("dots", q, k);
    CHECK_EQ(to_string(b.shape(dots)), "[H=4, T=2, S=3]");
    CHECK_EQ(b.shape(dots).axis(1).sequence, target);
    CHECK_EQ(b.shape(dots).axis(2).sequence, source);
    const NodeId z = b.matmul("z", dots, k);
    CHECK_EQ(to_string(b.shape(z)), "[H=4, T=2, K=2]");
    CHECK_EQ(to_string(b.shape(b.merge_heads("concat", z))), "[T=2, H*K=8]");
    const auto graph = b.build();
    CHECK_EQ(graph->node(dots).attributes.group, 2);
}

TEST_CASE("an attention site knows its nodes and sizes") {
    Ground g;
    g.b.begin_block(1);
    const NodeId q =
        g.b.linear("attn.q", g.x, g.weight({{"D", 8}, {"H", 4}, {"K", 3}}), std::nullopt, kAny);
    const NodeId k =
        g.b.linear("attn.k", g.x, g.weight({{"D", 8}, {"H", 2}, {"K", 3}}), std::nullopt, kAny);
    const NodeId v =
        g.b.linear("attn.v", g.x, g.weight({{"D", 8}, {"H", 2}, {"K", 3}}), std::nullopt, kAny);
    const NodeId pattern = g.b.softmax("attn.pattern", g.b.matmul_nt("attn.dots", q, k));
    const NodeId z = g.b.matmul("attn.z", pattern, v);
    g.b.attention_site("attn", std::nullopt);
    g.b.end_block();
    const auto graph = g.b.build();
    REQUIRE_EQ(graph->attentions().size(), 1u);
    const AttentionSite& site = graph->attentions()[0];
    CHECK_EQ(site.name, "blocks.1.attn");
    CHECK_EQ(site.layer, 1);
    CHECK_EQ(site.heads, 4);
    CHECK_EQ(site.key_heads, 2);
    CHECK_EQ(site.d_head, 3);
    CHECK_EQ(site.pattern.value(), pattern);
    CHECK_EQ(site.z.value(), z);
    CHECK_FALSE(site.scaled.has_value());
    CHECK_FALSE(site.out.has_value());
}

TEST_CASE("what does not fit together is a bug of the family that asked for it") {
    Ground g;
    GraphBuilder& b = g.b;
    const WeightView d = g.weight({{"D", 8}});
    SUBCASE("a name twice") {
        CHECK_THROWS_AS(b.alias("x", g.x, kAny), Bug);
    }
    SUBCASE("more rows than the table has") {
        CHECK_THROWS_AS(b.table_rows("y", g.weight({{"T", 3}, {"D", 8}}), g.source, 0), Bug);
        CHECK_THROWS_AS(b.table_rows("y", g.weight({{"T", 6}, {"D", 8}}), g.source, 3), Bug);
        CHECK_THROWS_AS(b.table_rows("y", g.weight({{"T", 6}, {"D", 8}}), g.source, -1), Bug);
    }
    SUBCASE("ids beyond the table") {
        const int ids = b.ids("input_ids", g.source, 7);
        CHECK_THROWS_AS(b.gather("y", g.weight({{"V", 6}, {"D", 8}}), ids, kAny), Bug);
    }
    SUBCASE("sums of other shapes") {
        CHECK_THROWS_AS(b.add("y", {g.x, g.row}), Bug);
        CHECK_THROWS_AS(b.add("y", {}), Bug);
    }
    SUBCASE("a norm with another width, or a bias without a weight") {
        CHECK_THROWS_AS(b.layer_norm("y", g.x, g.weight({{"D", 7}}), d, 0), Bug);
        CHECK_THROWS_AS(b.layer_norm("y", g.x, d, g.weight({{"D", 7}}), 0), Bug);
        CHECK_THROWS_AS(b.layer_norm("y", g.x, std::nullopt, d, 0), Bug);
    }
    SUBCASE("a product with another depth or bias") {
        CHECK_THROWS_AS(b.linear("y", g.x, g.weight({{"D", 7}, {"F", 2}}), std::nullopt, kAny),
                        Bug);
        CHECK_THROWS_AS(b.linear("y", g.x, g.weight({{"D", 8}, {"F", 2}}), d, kAny), Bug);
        CHECK_THROWS_AS(b.linear("y", g.x, d, std::nullopt, kAny), Bug);
        CHECK_THROWS_AS(b.linear("y", g.heads, g.weight({{"K", 4}, {"F", 2}}), std::nullopt, kAny),
                        Bug);
        CHECK_THROWS_AS(
            b.linear("y", g.row, g.weight({{"D", 8}, {"H", 2}, {"K", 2}}), std::nullopt, kAny),
            Bug);
    }
    SUBCASE("heads that do not divide") {
        CHECK_THROWS_AS(b.split_heads("y", g.x, 3, kAny), Bug);
        CHECK_THROWS_AS(b.split_heads("y", g.x, 0, kAny), Bug);
        CHECK_THROWS_AS(b.split_heads("y", g.row, 2, kAny), Bug);
        CHECK_THROWS_AS(b.merge_heads("y", g.x), Bug);
    }
}

TEST_CASE("an attention whose parts do not fit is a bug of the family that asked for it") {
    Ground g;
    GraphBuilder& b = g.b;
    const WeightView d = g.weight({{"D", 8}});
    SUBCASE("queries, keys and values of other sizes") {
        const NodeId four = b.split_heads("four", g.x, 4, kAny);
        CHECK_THROWS_AS(b.matmul_nt("y", g.heads, four), Bug);
        CHECK_THROWS_AS(b.matmul("y", b.matmul_nt("dots", g.heads, g.heads), four), Bug);
        CHECK_THROWS_AS(b.pair_sum("y", g.heads, four), Bug);
        CHECK_THROWS_AS(b.dot_weight("y", g.row, d), Bug);
        const NodeId pairs = b.pair_sum("pairs", g.heads, g.heads);
        CHECK_THROWS_AS(b.dot_weight("y", pairs, d), Bug);
    }
    SUBCASE("a row that is not there") {
        CHECK_THROWS_AS(b.take_row("y", g.x, 4, kAny), Bug);
        CHECK_THROWS_AS(b.take_row("y", g.x, -1, kAny), Bug);
        CHECK_THROWS_AS(b.take_row("y", g.row, 0, kAny), Bug);
    }
    SUBCASE("a mask of anything but scores") {
        CHECK_THROWS_AS(b.mask("y", g.x, MaskRule::kCausal), Bug);
    }
    SUBCASE("an attention without a pattern") {
        CHECK_THROWS_AS(b.attention_site("attn", std::nullopt), Bug);
    }
    SUBCASE("nodes that are not there") {
        CHECK_THROWS_AS(b.alias("y", 99, kAny), Bug);
        CHECK_THROWS_AS(b.build()->node(-1), Bug);
    }
}

TEST_CASE("sequences know their parts and patches, inputs their shapes") {
    Ground g;
    const int grid = g.b.patches("patches", {2, 3});
    const int both =
        g.b.joined("both", {{-1, 0, 1, "[CLS]"}, {grid, 0, 6, ""}, {g.source, 1, 2, ""}});
    const int ids = g.b.ids("input_ids", g.source, 6);
    const int pixels = g.b.numbers("pixel_values", {{"C", 3}, {"Y", 4}, {"X", 6}});
    const auto graph = g.b.build();
    CHECK_EQ(graph->sequences()[static_cast<std::size_t>(grid)].length, 6);
    CHECK_EQ(graph->sequences()[static_cast<std::size_t>(grid)].grid.columns, 3);
    CHECK_EQ(graph->sequences()[static_cast<std::size_t>(both)].length, 9);
    CHECK_EQ(to_string(graph->input_shape(ids)), "[T=4]");
    CHECK_EQ(graph->input_shape(ids).axis(0).sequence, g.source);
    CHECK_EQ(to_string(graph->input_shape(pixels)), "[C=3, Y=4, X=6]");
    CHECK_FALSE(graph->inputs()[static_cast<std::size_t>(ids)].takes_numbers());
    CHECK(graph->inputs()[static_cast<std::size_t>(pixels)].takes_numbers());
}

TEST_CASE("the parts of a sequence are there when all is built") {
    Ground g;
    GraphBuilder& b = g.b;
    const int later = g.source + 2;
    SUBCASE("too many positions") {
        b.joined("y", {{g.source, 2, 3, ""}});
        CHECK_THROWS_AS(b.build(), Bug);
    }
    SUBCASE("a sequence that never came") {
        b.joined("y", {{later, 0, 1, ""}});
        CHECK_THROWS_AS(b.build(), Bug);
    }
    SUBCASE("a sequence that came later") {
        b.joined("y", {{later, 0, 2, ""}});
        CHECK_EQ(b.sequence("later", 2), later);
        CHECK_NOTHROW(b.build());
    }
}

TEST_CASE("sequences that do not fit together are bugs") {
    Ground g;
    GraphBuilder& b = g.b;
    const WeightView row = g.weight({{"N", 1}, {"D", 8}});
    const int two = b.sequence("two", 2), five = b.sequence("five", 5);
    const int pixels = b.numbers("pixel_values", {{"C", 3}, {"Y", 4}, {"X", 6}});
    const int grid = b.patches("patches", {2, 3});
    SUBCASE("parts and patches that are not there") {
        CHECK_THROWS_AS(b.joined("y", {{g.source, -1, 2, ""}}), Bug);
        CHECK_THROWS_AS(b.patches("y", {0, 3}), Bug);
        CHECK_THROWS_AS(b.numbers("y", {}), Bug);
        CHECK_THROWS_AS(b.patches("y", pixels, two, {2, 2}), Bug);
        CHECK_THROWS_AS(b.patches("y", pixels, grid, {0, 2}), Bug);
        CHECK_THROWS_AS(b.patches("y", pixels, grid, {2, 0}), Bug);
        CHECK_NOTHROW(b.patches("y", pixels, grid, {2, 2}));
    }
    SUBCASE("rows of others") {
        CHECK_THROWS_AS(b.concat_rows("y", five, {}), Bug);
        CHECK_THROWS_AS(b.concat_rows("y", two, {g.x, row}), Bug);
        CHECK_THROWS_AS(b.concat_rows("y", five, {g.x, g.weight({{"N", 1}, {"D", 7}})}), Bug);
        CHECK_THROWS_AS(b.take_rows("y", g.x, five, 0), Bug);
        CHECK_THROWS_AS(b.take_rows("y", g.x, two, 3), Bug);
        CHECK_THROWS_AS(b.take_rows("y", g.x, two, -1), Bug);
        CHECK_EQ(to_string(b.shape(b.concat_rows("y", five, {row, g.x}))), "[T=5, D=8]");
    }
    SUBCASE("a row picked out of too few") {
        CHECK_THROWS_AS(b.pick_row("y", g.x, b.ids("row", two, 5), kAny), Bug);
        CHECK_THROWS_AS(b.pick_row("y", g.x, pixels, kAny), Bug);
        CHECK_THROWS_AS(b.pick_row("y", g.heads, b.ids("row", two, 2), kAny), Bug);
    }
    SUBCASE("clusters") {
        const auto cluster = [&](int words, int narrow, int narrow_too, int wide) {
            return GraphBuilder::Cluster{g.weight({{"V", words}, {"E", narrow}}),
                                         g.weight({{"E", narrow_too}, {"D", wide}})};
        };
        const int ids = b.ids("input_ids", g.source, 6);
        CHECK_THROWS_AS(b.cluster_embed("y", {}, ids), Bug);
        CHECK_THROWS_AS(b.cluster_embed("y", {cluster(6, 3, 4, 8)}, ids), Bug);
        CHECK_THROWS_AS(b.cluster_embed("y", {cluster(5, 3, 3, 8)}, ids), Bug);
        CHECK_THROWS_AS(b.cluster_embed("y", {cluster(3, 3, 3, 8), cluster(3, 2, 2, 7)}, ids), Bug);
        CHECK_NOTHROW(b.cluster_embed("y", {cluster(3, 3, 3, 8), cluster(3, 2, 2, 8)}, ids));
        const Axis words{"V", 15};
        CHECK_THROWS_AS(b.cluster_logprobs("z", g.x, {g.x}, {0, 6}, words), Bug);
        CHECK_THROWS_AS(b.cluster_logprobs("z", g.x, {g.x}, {1, 7}, words), Bug);
        CHECK_THROWS_AS(b.cluster_logprobs("z", g.x, {g.x}, {0}, words), Bug);
        CHECK_NOTHROW(b.cluster_logprobs("z", g.x, {g.x}, {0, 7}, words));
    }
    SUBCASE("stacks inside each other") {
        b.begin_stack("encoder");
        CHECK_THROWS_AS(b.begin_stack("decoder"), Bug);
        b.begin_block(1);
        CHECK_EQ(b.build()->size(), 3);
    }
}

TEST_CASE("rules of positions that do not fit their scores are bugs") {
    Ground g;
    GraphBuilder& b = g.b;
    const NodeId dots = b.matmul_nt("dots", g.heads, g.heads);
    RotaryRule rule;
    rule.frequencies = {1, 0.5, 0.25};
    CHECK_THROWS_AS(b.rotary("y", g.heads, rule), Bug);  // heads have 4 columns
    rule.frequencies.pop_back();
    CHECK_THROWS_AS(b.rotary("y", g.x, rule), Bug);
    CHECK_THROWS_AS(b.alibi("y", dots, {1}), Bug);
    CHECK_THROWS_AS(b.soft_cap("y", dots, 0, kAny), Bug);
    CHECK_THROWS_AS(b.gate("y", g.x, g.row, Activation::kSilu, kAny), Bug);
    CHECK_THROWS_AS(b.rms_norm("y", g.x, g.weight({{"D", 7}}), 0), Bug);
    CHECK_THROWS_AS(b.bucket_bias("y", dots, g.weight({{"B", 4}, {"H", 2}}), {8, 16, false}), Bug);
    CHECK_THROWS_AS(b.bucket_bias("y", dots, g.weight({{"B", 4}, {"H", 3}}), {4, 16, false}), Bug);
    CHECK_THROWS_AS(b.head_bias("y", g.heads, g.weight({{"H", 2}, {"K", 3}})), Bug);
    CHECK_THROWS_AS(b.mask_window("y", dots, MaskRule::kCausal, 2), Bug);
    CHECK_THROWS_AS(b.mask_window("y", dots, MaskRule::kWindow, 0), Bug);
    CHECK_THROWS_AS(b.mask_window("y", g.x, MaskRule::kBand, 2), Bug);
    CHECK_THROWS_AS(b.distance_dots("y", g.heads, g.heads, g.heads, 1), Bug);
    CHECK_THROWS_AS(b.distance_dots("y", g.heads, g.heads, g.heads, -1), Bug);
    CHECK_EQ(to_string(b.shape(b.distance_dots("y", g.heads, g.heads, g.heads, 0))),
             "[H=2, T=4, S=4]");
}

TEST_CASE("layers share the table of a rule's turns") {
    Ground g;
    RotaryRule rule;
    rule.frequencies = {1, 0.5};
    const NodeId first = g.b.rotary("first", g.heads, rule);
    const NodeId second = g.b.rotary("second", first, rule);
    rule.scale = 2;
    const NodeId third = g.b.rotary("third", second, rule);
    const auto graph = g.b.build();
    const auto& turns = graph->node(first).attributes.turns;
    CHECK_EQ(turns, graph->node(second).attributes.turns);
    CHECK_NE(turns, graph->node(third).attributes.turns);
    REQUIRE_EQ(turns->cosines.size(), 8u);
    CHECK_EQ(turns->sines[0], 0.0F);
    CHECK_LT(std::abs(turns->sines[7] - 0.99749499F), 1e-6F);  // sin(3 * 0.5)
    CHECK_EQ(graph->node(third).attributes.turns->cosines[0], 2.0F);
}

TEST_CASE("a builder can be used again") {
    Ground g;
    const auto first = g.b.build();
    CHECK_EQ(first->size(), 3);
    g.b.sequence("other", 2);
    g.b.sinusoid("x", 0, {"D", 4});
    const auto second = g.b.build();
    CHECK_EQ(second->size(), 1);
    CHECK_EQ(second->sequences()[0].name, "other");
    CHECK_EQ(first->size(), 3);
}

TEST_CASE("a glob's star crosses dots") {
    CHECK(matches_glob("*", ""));
    CHECK(matches_glob("*.attn.pattern", "blocks.11.attn.pattern"));
    CHECK(matches_glob("blocks.?.*", "blocks.1.attn.q"));
    CHECK(matches_glob("*a*b*", "xaxxbx"));
    CHECK(matches_glob("a**b", "ab"));
    CHECK_FALSE(matches_glob("blocks.?.*", "blocks.11.attn.q"));
    CHECK_FALSE(matches_glob("*.attn", "blocks.1.attn.q"));
    CHECK_FALSE(matches_glob("", "a"));
    CHECK_FALSE(matches_glob("abc", "ab"));
}

TEST_CASE("shapes are seen as matrices: the last two axes, all others outer") {
    const auto check = [](const Shape& shape, int outer, int rows, int cols) {
        const MatrixExtents extents = matrix_extents(shape);
        CHECK_EQ(extents.outer, outer);
        CHECK_EQ(extents.rows, rows);
        CHECK_EQ(extents.cols, cols);
    };
    check({}, 1, 1, 1);
    check({{"D", 5}}, 1, 1, 5);
    check({{"T", 2}, {"D", 5}}, 1, 2, 5);
    check({{"H", 3}, {"T", 2}, {"S", 4}, {"K", 5}}, 6, 4, 5);
    CHECK_EQ(axis_letters({{"H", 3}, {"T", 2}, {"H*K", 5}}), "h,t,j");
    CHECK_EQ(short_name("blocks.3.attn.q"), "q");
    CHECK_EQ(short_name("logits"), "logits");
}

TEST_SUITE_END();
