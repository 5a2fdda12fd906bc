// Nodes that are computed together: which they are, and that their values stay the same.
#include <doctest/doctest.h>

#include <algorithm>
#include <functional>

#include "app/gl/fusions.h"
#include "app/gl/pass_recorder.h"
#include "tests/core/ops/every_op.h"
#include "tests/core/ops/more_ops.h"
#include "tests/gl/gl_run.h"

using namespace heed;
using namespace heed::app;
using namespace heed::test;

namespace {

// exp, tanh and square roots of the device's own after a few sums.
constexpr Tolerance kTogether{"together", 1e-9, 2e-6};

using Names = std::vector<std::vector<std::string>>;

Names fusion_names(const Graph& graph, const std::vector<bool>& is_derived) {
    Names all;
    for (const Fusion& fusion : find_fusions(graph, is_derived)) {
        std::vector<std::string>& names = all.emplace_back();
        for (const NodeId id : fusion.nodes) names.push_back(graph.node(id).name);
    }
    return all;
}
Names fusion_names(const Graph& graph) {
    return fusion_names(graph, std::vector<bool>(static_cast<std::size_t>(graph.size()), false));
}

struct Chain {
    std::vector<std::string> together;  // with the softmax
    std::function<NodeId(TestGraph& test, NodeId x)> build;
};

constexpr int kHeads = 3;

std::vector<Chain> score_chains() {
    const auto scale = [](TestGraph& test, NodeId x) {
        return test.builder.scale("scaled", x, 0.3F, "0.3");
    };
    const auto mask = [](TestGraph& test, NodeId x) {
        return test.builder.mask("masked", x, MaskRule::kCausal, -2);
    };
    const auto cap = [](TestGraph& test, NodeId x) {
        return test.builder.soft_cap("capped", x, 2, Stage::kScale);
    };
    const auto slope = [](TestGraph& test, NodeId x) {
        return test.builder.alibi("sloped", x, {0.5F, 0.17F, 0.07F}, true);
    };
    const auto bucket = [](TestGraph& test, NodeId x) {
        const WeightView table = test.weight("W", {{"H", kHeads}, {"buckets", 8}});
        return test.builder.bucket_bias("near", x, table.transposed(0, 1), {8, 16, true});
    };
    const auto band = [](TestGraph& test, NodeId x) {
        return test.builder.mask_window("band", x, MaskRule::kBand, 3);
    };
    const auto name = [](TestGraph& test, NodeId x) {
        return test.builder.alias("named", x, Stage::kScore);
    };
    return {
        {{"scaled", "pattern"}, [=](TestGraph& t, NodeId x) { return scale(t, x); }},
        {{"scaled", "masked", "pattern"},
         [=](TestGraph& t, NodeId x) { return mask(t, name(t, scale(t, x))); }},
        {{"scaled", "capped", "masked", "pattern"},
         [=](TestGraph& t, NodeId x) { return mask(t, cap(t, scale(t, x))); }},
        {{"sloped", "scaled", "masked", "pattern"},
         [=](TestGraph& t, NodeId x) { return mask(t, scale(t, slope(t, x))); }},
        {{"near", "band", "pattern"},
         [=](TestGraph& t, NodeId x) { return band(t, bucket(t, x)); }},
        {{"scaled", "near", "capped", "masked", "pattern"},
         [=](TestGraph& t, NodeId x) { return mask(t, cap(t, bucket(t, scale(t, x)))); }},
        // One table for a chain, one mask.
        {{"near", "masked", "pattern"},
         [=](TestGraph& t, NodeId x) { return mask(t, bucket(t, slope(t, x))); }},
        {{"masked", "pattern"}, [=](TestGraph& t, NodeId x) { return mask(t, band(t, x)); }},
    };
}

void build_sums(TestGraph& test) {
    GraphBuilder& b = test.builder;
    const int source = b.sequence("source", 21);
    const Axis d{"D", 43};
    std::vector<NodeId> xs;
    for (int i = 0; i < 5; ++i) {
        xs.push_back(test.random_node("x" + std::to_string(i), source, 43));
    }
    const NodeId two = b.add("two", {xs[0], xs[1]});
    b.layer_norm("ln_two", b.alias("name", two, Stage::kAdd), test.weight("w", {d}),
                 test.weight("b", {d}), 1e-5F);
    b.layer_norm("ln_again", two, std::nullopt, std::nullopt, 1e-5F);
    const NodeId three = b.add("three", {xs[0], xs[1], xs[2]});
    b.layer_norm("ln_three", three, std::nullopt, std::nullopt, 1e-5F);
    const NodeId four = b.add("four", {xs[0], xs[1], xs[2], xs[3]});
    b.rms_norm("rms_four", four, test.weight("w", {d}), 1e-6F, 1);
    b.rms_norm("rms_five", b.add("five", xs), std::nullopt, 1e-6F);
    const NodeId wide = b.linear("wide", two, test.weight("W", {d, {"F", 90}}, 0.2F),
                                 test.weight("b", {{"F", 90}}), Stage::kFeedForward);
    b.activation("post", wide, Activation::kGeluTanh, Stage::kFeedForward);
}

// `layers` layers of an encoder or, with the norms before, of a decoder.
std::shared_ptr<const Graph> build_layers(int layers, bool is_decoder) {
    TestGraph test(1);
    GraphBuilder& b = test.builder;
    const int source = b.sequence("source", 8);
    const Axis d{"D", 16}, h{"H", 2}, k{"K", 8}, f{"F", 32};
    const auto norm = [&](const char* name, NodeId x) {
        return b.layer_norm(name, x, test.weight("w", {d}), test.weight("b", {d}), 1e-5F);
    };
    NodeId x = test.random_node("x", source, 16);
    for (int layer = 0; layer < layers; ++layer) {
        b.begin_block(layer);
        const NodeId pre = b.alias("resid_pre", x, Stage::kEmbed);
        const NodeId in = is_decoder ? norm("ln1", pre) : pre;
        const auto project = [&](const char* name) {
            return b.linear(name, in, test.weight("W", {d, h, k}), test.weight("b", {h, k}),
                            Stage::kProject);
        };
        const NodeId q = project("q"), key = project("k"), v = project("v");
        NodeId scores = b.scale("scaled", b.matmul_nt("dots", q, key), 0.3F, "0.3");
        if (is_decoder) scores = b.mask("masked", scores, MaskRule::kCausal);
        const NodeId z = b.matmul("z", b.softmax("pattern", scores), v);
        const NodeId out =
            b.linear("out", b.merge_heads("concat", z), test.weight("W", {{"H*K", 16}, d}),
                     test.weight("b", {d}), Stage::kProjectOut);
        const NodeId mid = b.add("resid_mid", {pre, out});
        const NodeId middle = norm("ln2", mid);
        const NodeId wide = b.linear("pre", middle, test.weight("W", {d, f}), test.weight("b", {f}),
                                     Stage::kFeedForward);
        const NodeId post = b.activation("post", wide, Activation::kGeluErf, Stage::kFeedForward);
        const NodeId narrow = b.linear("mlp_out", post, test.weight("W", {f, d}),
                                       test.weight("b", {d}), Stage::kFeedForward);
        x = b.add("resid_post", {is_decoder ? mid : middle, narrow});
        if (!is_decoder) x = norm("ln3", x);
        b.end_block();
    }
    return b.build();
}

std::size_t count_dispatches(const Graph& graph, bool has_fusions) {
    const WeightStore none;
    WeightStore weights;
    for (const WeightView& view : graph.weights()) {
        while (weights.size() <= view.tensor) {
            weights.add("", {1}, [] { return WeightValues{}; });
        }
    }
    const auto size = static_cast<std::size_t>(graph.size());
    PassRequest request{
        graph, weights, {}, std::vector<bool>(size, true), std::vector<bool>(size, false), {}, {}};
    request.has_fusions = has_fusions;
    return record_pass(request).list.commands.size();
}

}  // namespace

TEST_SUITE_BEGIN("gl/fusions");

TEST_CASE("what changes scores is computed with the softmax, in any order that models have") {
    const auto device = make_device();
    const auto tiny = make_tiny_device();
    for (const Chain& chain : score_chains()) {
        TestGraph test(900);
        const int source = test.builder.sequence("source", 17);
        const NodeId x = test.random_heads("x", source, kHeads, 29, 3);
        test.builder.softmax("pattern", chain.build(test, x));
        const GlRun run(test);
        CAPTURE(chain.together.front());
        CHECK_EQ(fusion_names(*run.graph), Names{chain.together});
        const auto want = run.run_on_cpu();
        CHECK_EQ(find_trace_difference(*run.run_on(device), *want, kTogether), "");
        CHECK_EQ(find_trace_difference(*run.run_on(tiny), *want, kTogether), "");
    }
}

TEST_CASE("sums are computed with their norms, activations with what they are of") {
    TestGraph test(901);
    build_sums(test);
    const GlRun run(test);
    const Names names = {
        {"two", "ln_two"}, {"three", "ln_three"}, {"four", "rms_four"}, {"wide", "post"}};
    CHECK_EQ(fusion_names(*run.graph), names);
    const auto want = run.run_on_cpu();
    CHECK_EQ(find_trace_difference(*run.run_on(make_device()), *want, kTogether), "");
    CHECK_EQ(find_trace_difference(*run.run_on(make_tiny_device()), *want, kTogether), "");
}

TEST_CASE("what is derived is computed by itself") {
    TestGraph test(902);
    build_decoder(test, {});
    const GlRun run(test);
    std::vector<bool> is_derived(static_cast<std::size_t>(run.graph->size()), false);
    is_derived[static_cast<std::size_t>(run.graph->find("blocks.0.attn.scaled").value())] = true;
    const Names names = fusion_names(*run.graph, is_derived);
    const std::vector<std::string> rest = {"blocks.0.attn.masked", "blocks.0.attn.pattern"};
    CHECK_EQ(std::count(names.begin(), names.end(), rest), 1);
}

TEST_CASE("with little memory for values they are what the CPU has") {
    TestGraph decoder(903), positions(904);
    DecoderSizes sizes;
    sizes.length = 33;
    build_decoder(decoder, sizes);
    build_positions(positions, {33, 4, 2, 3, 40});
    const auto device = make_device();
    for (TestGraph* test : {&decoder, &positions}) {
        const GlRun run(*test);
        const auto want = run.run_on_cpu();
        for (const std::size_t budget : {std::size_t{0}, std::size_t{60000}}) {
            RunOptions options;
            options.keep.budget_bytes = budget;
            CAPTURE(budget);
            CHECK_EQ(find_trace_difference(*run.run_on(device, options), *want, kPass), "");
        }
    }
}

TEST_CASE("a cell set by hand inside of a chain changes what comes after it") {
    TestGraph test(905);
    build_decoder(test, {});
    const GlRun run(test);
    const auto device = make_device();
    const auto on_device = run.plan_on(device);
    const auto on_cpu = run.plan_on_cpu();
    for (const char* name : {"blocks.0.attn.scaled", "blocks.0.attn.masked", "blocks.0.mlp.pre",
                             "blocks.0.resid_mid"}) {
        CAPTURE(name);
        const NodeId node = run.graph->find(name).value();
        std::vector<int> index(static_cast<std::size_t>(run.graph->node(node).shape.rank()), 1);
        const Edits edits{{{node, index, 2.5F}}};
        const auto got = on_device->rerun(*on_device->run(run.inputs, {}), edits, {});
        const auto want = on_cpu->rerun(*on_cpu->run(run.inputs, {}), edits, {});
        CHECK_EQ(find_trace_difference(*got, *want, kPass), "");
    }
}

TEST_CASE("a layer takes no more than fifteen dispatches") {
    for (const bool is_decoder : {false, true}) {
        const auto two = build_layers(2, is_decoder), three = build_layers(3, is_decoder);
        CAPTURE(is_decoder);
        CHECK_EQ(count_dispatches(*three, true) - count_dispatches(*two, true), 12u);
        CHECK_EQ(count_dispatches(*three, false) - count_dispatches(*two, false),
                 is_decoder ? 17u : 16u);
    }
}

TEST_SUITE_END();
