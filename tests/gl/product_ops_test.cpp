// The ops that multiply matrices, on the graphics card and by the CPU's kernels.
#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "app/gl/pass_runner.h"
#include "tests/core/ops/graph_run.h"
#include "tests/gl/half_numbers.h"

using namespace heed;
using namespace heed::app;
using namespace heed::test;

namespace {

std::size_t at(int i) {
    return static_cast<std::size_t>(i);
}

// A small graph whose operands are on the device with the values that the CPU gave them.
class Bench {
  public:
    Bench(TestGraph& test, std::vector<std::vector<int>> ids = {})
        : ids_(std::move(ids)), store_(test.store), run_(test, ids_), limits(device_.limits()) {}

    const Graph& graph() const { return run_.graph(); }
    const std::vector<float>& want(NodeId node) const { return run_.values(node); }

    // The values of a node, computed from those of its operands.
    std::vector<float> compute(NodeId node) {
        std::vector<bool> is_due(at(graph().size()));
        is_due[at(node)] = true;
        RecordedPass pass = record_pass(
            {graph(), *store_, limits, is_due, std::vector<bool>(at(graph().size())), {}, {}});
        commands = count_own(pass.list);
        return run(std::move(pass), {node}).front();
    }

    // A linear node and its activation, by the recorder that writes both.
    std::vector<std::vector<float>> compute_both(NodeId linear, NodeId activation) {
        Recorder recorder(limits);
        RecordedPass pass;
        pass.places.resize(at(graph().size()));
        for (const NodeId node : {linear, activation}) {
            const auto count = static_cast<std::int64_t>(graph().node(node).shape.count());
            pass.places[at(node)] = {static_cast<int>(pass.slabs.size()), 0, count};
            pass.slabs.push_back(count);
        }
        const std::vector<DeviceOperand> operands = operands_of(linear);
        const OpArgs first{graph(),  graph().node(linear), linear,
                           operands, block_of(linear),     recorder};
        const OpArgs second{graph(), graph().node(activation), activation,
                            {},      block_of(activation),     recorder};
        record_linear_with_activation(first, second, whole_box(graph().node(linear).shape));
        pass.list = recorder.take_list();
        commands = count_own(pass.list);
        return run(std::move(pass), {linear, activation});
    }

    // A bound on what float32 sums of `depth` products of these sizes are off by, on both sides.
    static double allowance(int depth, float left, float right) {
        return 2.0 * (depth + 3) / 16777216.0 * depth * static_cast<double>(left * right);
    }

    void check(NodeId node, double allowed) { compare(want(node), compute(node), allowed); }
    static void compare(const std::vector<float>& want, const std::vector<float>& got,
                        double allowed) {
        REQUIRE(got.size() == want.size());
        double worst = 0;
        for (std::size_t i = 0; i < got.size(); ++i) {
            const double off = std::abs(static_cast<double>(got[i]) - static_cast<double>(want[i]));
            worst = std::max(worst, off <= 1e30 ? off : 1e30);  // not a number is far off
        }
        CHECK(worst <= allowed);
    }

  private:
    // Dispatches but for those that look for cells that are not numbers.
    static int count_own(const CommandList& list) {
        return static_cast<int>(std::count_if(
            list.commands.begin(), list.commands.end(), [&list](const PassCommand& one) {
                return list.programs[at(one.program)].file != "watch.comp";
            }));
    }

    DeviceBlock block_of(NodeId node) const {
        const MatrixExtents extents = matrix_extents(graph().node(node).shape);
        DeviceBlock block;
        block.buffer = {BufferKind::kNode, node};
        block.row_stride = extents.cols;
        block.outer_stride = std::int64_t{extents.cols} * extents.rows;
        return block;
    }

    std::vector<DeviceOperand> operands_of(NodeId node) const {
        std::vector<DeviceOperand> operands;
        for (const Operand& source : graph().node(node).operands) {
            DeviceOperand operand;
            operand.kind = source.kind;
            if (source.kind == OperandKind::kNode) {
                operand.block = block_of(source.id);
            } else {
                operand.view = &graph().weight(source.id);
                operand.weight = {BufferKind::kWeight, operand.view->tensor};
            }
            operands.push_back(operand);
        }
        return operands;
    }

    std::vector<std::vector<float>> run(RecordedPass pass, const std::vector<NodeId>& nodes) {
        std::vector<std::uint32_t> inputs(at(static_cast<int>(pass.input_words)));
        for (std::size_t i = 0; i < ids_.size(); ++i) {
            std::copy(ids_[i].begin(), ids_[i].end(), inputs.begin() + pass.inputs[i]);
        }
        return device_.thread().call([&] {
            DeviceWeights weights(device_, store_);
            weights.bring(graph(), {});
            std::vector<DeviceSpan> spans(at(graph().size()));
            for (NodeId id = 0; id < graph().size(); ++id) {
                const std::vector<float>& values = run_.values(id);
                const auto count = static_cast<std::int64_t>(values.size());
                spans[at(id)] = {device_.memory().take(count), 0, count};
                device_.memory().upload(*spans[at(id)].buffer, 0, std::as_bytes(std::span(values)));
            }
            PassRunner runner(device_, weights, std::move(pass));
            runner.run(inputs, spans, {});
            std::vector<std::vector<float>> values;
            for (const NodeId node : nodes) {
                const DeviceSpan& span = spans[at(node)];
                values.emplace_back(static_cast<std::size_t>(span.count));
                Download(*span.buffer, span.first, span.count).finish(values.back().data());
            }
            return values;
        });
    }

    std::vector<std::vector<int>> ids_;
    std::shared_ptr<const WeightStore> store_;
    GraphRun run_;
    ComputeDevice device_{DeviceOptions{}};

  public:
    RecorderLimits limits;
    int commands = 0;  // of the last pass
};

// Random weights that the file has as numbers of `type`, at most 4 in size.
WeightView typed_weight(TestGraph& test, WeightType type, const std::string& symbol,
                        const Shape& shape) {
    std::vector<float> values = test.numbers(shape.count(), 1);
    for (float& value : values) value = round_to(type, std::clamp(value, -4.0F, 4.0F));
    const auto held = std::make_shared<const std::vector<float>>(values);
    const auto words = std::make_shared<const std::vector<std::uint32_t>>(pack_words(type, values));
    const std::size_t bytes = values.size() * (type == WeightType::kF32 ? 4 : 2);
    const auto stored = [words, bytes, type] {
        const StoredType as = type == WeightType::kF16 ? StoredType::kF16 : StoredType::kBf16;
        return StoredWeights{words, std::as_bytes(std::span(*words)).first(bytes), as};
    };
    const WeightId id = test.store->add(
        symbol, shape.extents(),
        [held] {
            return WeightValues{held, *held};
        },
        type == WeightType::kF32 ? WeightStore::FetchStored(nullptr) : stored);
    return WeightView::whole(*test.store, id, symbol, shape);
}

constexpr WeightType kTypes[] = {WeightType::kF32, WeightType::kF16, WeightType::kBf16};
// Normally distributed numbers of these tests are smaller.
constexpr float kMost = 5;

}  // namespace

TEST_SUITE_BEGIN("gl/product ops");

TEST_CASE("a linear map is the CPU's, however its weights lie") {
    for (const WeightType type : kTypes) {
        CAPTURE(static_cast<int>(type));
        TestGraph test(3);
        GraphBuilder& b = test.builder;
        const int source = b.sequence("source", 7);
        const NodeId x = test.random_node("x", source, 24);
        const Axis d{"D", 24}, f{"F", 18}, h{"H", 6}, k{"K", 4};
        const WeightView plain = typed_weight(test, type, "W", {d, f});
        const WeightView turned = typed_weight(test, type, "V", {f, d}).transposed(0, 1);
        const WeightView bias = typed_weight(test, type, "b", {f});
        const WeightView heads = typed_weight(test, type, "W_Q", {h, k, d})
                                     .transposed(1, 2)
                                     .transposed(0, 1);  // (D, H, K)
        const WeightView head_bias = typed_weight(test, type, "b_Q", {h, k});
        const std::vector<NodeId> nodes = {
            b.linear("plain", x, plain, bias, Stage::kProject),
            b.linear("turned", x, turned, std::nullopt, Stage::kProject),
            b.linear("part", x, turned.narrowed(1, 3, 11), bias.narrowed(0, 3, 11),
                     Stage::kProject),
            b.linear("heads", x, heads, head_bias, Stage::kProject),
            b.linear("a row", b.take_row("row", x, 2, Stage::kEmbed), plain, bias, Stage::kProject),
        };
        Bench bench(test);
        for (const NodeId node : nodes) {
            CAPTURE(bench.graph().node(node).name);
            bench.check(node, Bench::allowance(25, kMost, kMost));
            CHECK(bench.commands == 1);
        }
        bench.limits.binding_words = 100;
        bench.limits.work = 300;
        for (const NodeId node : nodes) {
            CAPTURE(bench.graph().node(node).name);
            bench.check(node, Bench::allowance(25, kMost, kMost));
            CHECK(bench.commands > 1);
        }
    }
}

// Falcon's queries: heads in groups with their keys and values between them.
TEST_CASE("heads with gaps between their groups are found") {
    TestGraph test(4);
    GraphBuilder& b = test.builder;
    const int source = b.sequence("source", 5);
    const NodeId x = test.random_node("x", source, 12);
    const Axis d{"D", 12};
    const auto queries = [](const WeightView& whole, int axis) {
        return whole.split(axis, {"H*K", 12}, {"K", 4})
            .split(axis, {"G", 3}, {"H", 4})
            .narrowed(axis + 1, 0, 2)
            .joined(axis, {"H", 6});
    };
    const WeightView w = test.weight("W", {{"O", 48}, d}).transposed(0, 1);
    const WeightView bias = test.weight("b", {{"O", 48}});
    const NodeId q = b.linear("q", x, queries(w, 1), queries(bias, 0), Stage::kProject);
    Bench bench(test);
    bench.check(q, Bench::allowance(13, kMost, kMost));
    CHECK(bench.commands == 1);
    bench.limits.work = 200;  // one head at a time, then less
    bench.check(q, Bench::allowance(13, kMost, kMost));
}

TEST_CASE("a map and its activation come from one dispatch") {
    for (const Activation activation :
         {Activation::kGeluTanh, Activation::kGeluErf, Activation::kRelu, Activation::kSilu}) {
        for (const int width : {32, 31}) {
            CAPTURE(activation_name(activation));
            CAPTURE(width);
            TestGraph test(5);
            GraphBuilder& b = test.builder;
            const NodeId x = test.random_node("x", b.sequence("source", 9), 20);
            const Axis d{"D", 20}, f{"F", width};
            const NodeId pre = b.linear("pre", x, test.weight("W", {d, f}), test.weight("b", {f}),
                                        Stage::kFeedForward);
            const NodeId post = b.activation("post", pre, activation, Stage::kFeedForward);
            Bench bench(test);
            const auto both = bench.compute_both(pre, post);
            CHECK(bench.commands == 1);
            const double allowed = Bench::allowance(21, kMost, kMost);
            Bench::compare(bench.want(pre), both[0], allowed);
            Bench::compare(bench.want(post), both[1], 2 * allowed);  // no slope is above 2
            // In several parts: the activation is that of the whole sum.
            bench.limits.binding_words = 400;
            bench.limits.alignment_words = 4;
            const auto again = bench.compute_both(pre, post);
            CHECK(bench.commands > 1);
            Bench::compare(bench.want(pre), again[0], allowed);
            Bench::compare(bench.want(post), again[1], 2 * allowed);
        }
    }
}

TEST_CASE("scores and contexts are the CPU's, with keys shared by heads or not") {
    for (const int key_heads : {6, 2, 1}) {
        for (const int width : {8, 5}) {
            CAPTURE(key_heads);
            CAPTURE(width);
            TestGraph test(6);
            GraphBuilder& b = test.builder;
            const int queries = b.sequence("target", 9), keys = b.sequence("source", 12);
            const NodeId q = test.random_heads("q", queries, 6, width);
            const NodeId k = test.random_heads("k", keys, key_heads, width);
            const NodeId v = test.random_heads("v", keys, key_heads, width);
            const NodeId dots = b.matmul_nt("dots", q, k);
            const NodeId z = b.matmul("z", b.softmax("pattern", dots), v);
            Bench bench(test);
            for (const NodeId node : {dots, z}) {
                bench.check(node, Bench::allowance(12, kMost, kMost));
                CHECK(bench.commands == 1);
            }
            bench.limits.work = 90;
            bench.limits.binding_words = 128;
            for (const NodeId node : {dots, z}) {
                bench.check(node, Bench::allowance(12, kMost, kMost));
                CHECK(bench.commands > 6);
            }
        }
    }
}

TEST_CASE("queries times distances are the CPU's, 0 for keys to come") {
    for (const int before : {0, 5}) {
        for (const int width : {8, 7}) {
            CAPTURE(before);
            CAPTURE(width);
            TestGraph test(7);
            GraphBuilder& b = test.builder;
            const int queries = b.sequence("target", 37), keys = b.sequence("source", 37 + before);
            const NodeId q = test.random_heads("q", queries, 3, width);
            const NodeId k = test.random_heads("k", keys, 3, width);
            const NodeId r = test.random_heads("r", keys, 3, width);
            const NodeId dots = b.distance_dots("dots", q, r, k, before);
            Bench bench(test);
            bench.check(dots, Bench::allowance(width, kMost, kMost));
            CHECK(bench.commands == 1);
            const std::vector<float> cells = bench.compute(dots);
            CHECK(cells[at(before + 1)] == 0.0F);
            bench.limits.work = 500;
            bench.check(dots, Bench::allowance(width, kMost, kMost));
            CHECK(bench.commands > 30);
        }
    }
}

TEST_CASE("words of all clusters get their vectors") {
    for (const WeightType type : kTypes) {
        CAPTURE(static_cast<int>(type));
        TestGraph test(8);
        GraphBuilder& b = test.builder;
        const Axis d{"D", 20}, wide{"E", 16}, narrow{"E", 3};
        const int ids = b.ids("input_ids", b.sequence("source", 8), 60);
        const NodeId embed = b.cluster_embed("embed",
                                             {{typed_weight(test, type, "W_0", {{"V", 40}, wide}),
                                               typed_weight(test, type, "M_0", {wide, d})},
                                              {typed_weight(test, type, "W_1", {{"V", 20}, narrow}),
                                               typed_weight(test, type, "M_1", {narrow, d})}},
                                             ids);
        Bench bench(test, {{0, 39, 40, 59, 41, 7, 7, 50}});
        bench.check(embed, Bench::allowance(16, kMost, kMost));
        CHECK(bench.commands == 4);
        bench.limits.binding_words = 120;
        bench.limits.alignment_words = 4;
        bench.check(embed, Bench::allowance(16, kMost, kMost));
        CHECK(bench.commands > 4);
    }
}

TEST_SUITE_END();
