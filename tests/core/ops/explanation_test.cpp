#include <doctest/doctest.h>

#include <cmath>
#include <set>

#include "tests/core/ops/every_op.h"
#include "tests/core/ops/explanation_walk.h"
#include "tests/core/ops/more_ops.h"

using namespace heed;
using namespace heed::test;

namespace {

std::string walk(const CellReader& reader) {
    const Walk walk = walk_explanations(reader, [&](NodeId node, const std::vector<int>& index) {
        return explain_cell(reader, node, index);
    });
    CHECK_EQ(walk.given, 0);
    if (walk.flaw.empty()) CHECK_LE(reader.graph().size(), walk.cells);
    return walk.flaw;
}

// Tells the index of one node's cells wrongly.
class WrongReader : public CellReader {
  public:
    enum class Mistake { kSwapLastTwo, kNextLast, kNextFirst };

    WrongReader(const CellReader& right, NodeId node, Mistake mistake)
        : right_(right), node_(node), mistake_(mistake) {}
    const Graph& graph() const override { return right_.graph(); }
    const WeightStore& weights() const override { return right_.weights(); }
    float input_value(int input, const std::vector<int>& index) const override {
        return right_.input_value(input, index);
    }
    float node_value(NodeId node, const std::vector<int>& index) const override {
        if (node != node_) return right_.node_value(node, index);
        std::vector<int> wrong = index;
        const Shape& shape = graph().node(node).shape;
        const std::size_t rank = wrong.size();
        if (mistake_ == Mistake::kSwapLastTwo && rank > 1) {
            wrong[rank - 2] = index[rank - 1] % shape.extent(-2);
            wrong[rank - 1] = index[rank - 2] % shape.extent(-1);
        }
        if (mistake_ == Mistake::kNextLast) wrong.back() = (wrong.back() + 1) % shape.extent(-1);
        if (mistake_ == Mistake::kNextFirst) wrong[0] = (wrong[0] + 1) % shape.extent(0);
        return right_.node_value(node, wrong);
    }

  private:
    const CellReader& right_;
    NodeId node_;
    Mistake mistake_;
};

}  // namespace

TEST_SUITE_BEGIN("core/explanation");

TEST_CASE("the graphs of these tests use every op but the recorded one") {
    std::set<Op> ops;
    TestGraph decoder(1), additive(2), activations(3), positions(4), memory(5), picture(6);
    build_decoder(decoder, {});
    build_additive(additive, 2, 3);
    build_activations(activations);
    build_positions(positions, {});
    build_memory(memory, 4, 3);
    build_picture(picture, {});
    for (TestGraph* test : {&decoder, &additive, &activations, &positions, &memory, &picture}) {
        const auto graph = test->builder.build();
        for (const Node& node : graph->nodes()) ops.insert(node.op);
    }
    CHECK_EQ(ops.size(), static_cast<std::size_t>(kOpCount - 1));
    CHECK_EQ(ops.count(Op::kRecorded), 0u);
}

TEST_CASE("every cell of every node is explained by what it is made of") {
    SUBCASE("a decoder with grouped heads") {
        TestGraph test(4);
        build_decoder(test, {});
        CHECK_EQ(walk(GraphRun(test, decoder_ids(5))), "");
    }
    SUBCASE("a decoder of one position, one head") {
        TestGraph test(5);
        build_decoder(test, {1, 1, 1, 8, 3, true});
        CHECK_EQ(walk(GraphRun(test, decoder_ids(1))), "");
    }
    SUBCASE("an encoder with an even head size") {
        TestGraph test(6);
        build_decoder(test, {7, 2, 2, 4, 17, false});
        CHECK_EQ(walk(GraphRun(test, decoder_ids(7))), "");
    }
    SUBCASE("additive attention, normalised by the sum") {
        TestGraph test(7);
        build_additive(test, 2, 5);
        CHECK_EQ(walk(GraphRun(test)), "");
    }
    SUBCASE("activations") {
        TestGraph test(8);
        build_activations(test);
        CHECK_EQ(walk(GraphRun(test)), "");
    }
    SUBCASE("every rule of positions") {
        TestGraph test(15);
        build_positions(test, {});
        CHECK_EQ(walk(GraphRun(test)), "");
    }
    SUBCASE("positions of one head and one position") {
        TestGraph test(16);
        build_positions(test, {1, 1, 1, 1, 1});
        CHECK_EQ(walk(GraphRun(test)), "");
    }
    SUBCASE("a memory and a vocabulary in clusters") {
        TestGraph test(17);
        build_memory(test, 4, 3);
        CHECK_EQ(walk(GraphRun(test, memory_ids(4, 3))), "");
    }
    SUBCASE("an empty memory") {
        TestGraph test(18);
        build_memory(test, 5, 0);
        CHECK_EQ(walk(GraphRun(test, memory_ids(5, 0))), "");
    }
    SUBCASE("a picture") {
        TestGraph test(19);
        build_picture(test, {});
        CHECK_EQ(walk(GraphRun(test, picture_ids({}), picture_numbers({}))), "");
    }
}

TEST_CASE("an axis that is told wrongly is noticed, whichever node it is of") {
    TestGraph decoder(9), additive(10), positions(20), memory(21), picture(22);
    build_decoder(decoder, {});
    build_additive(additive, 3, 4);
    build_positions(positions, {});
    build_memory(memory, 4, 3);
    build_picture(picture, {});
    const GraphRun runs[] = {GraphRun(decoder, decoder_ids(5)), GraphRun(additive),
                             GraphRun(positions), GraphRun(memory, memory_ids(4, 3)),
                             GraphRun(picture, picture_ids({}), picture_numbers({}))};
    for (const GraphRun& run : runs) {
        REQUIRE_EQ(walk(run), "");
        for (NodeId id = 0; id < run.graph().size(); ++id) {
            using Mistake = WrongReader::Mistake;
            for (const Mistake mistake :
                 {Mistake::kSwapLastTwo, Mistake::kNextLast, Mistake::kNextFirst}) {
                const Shape& shape = run.graph().node(id).shape;
                if (mistake == Mistake::kSwapLastTwo && shape.rank() < 2) continue;
                if (run.graph().node(id).op == Op::kZeros) continue;  // all its cells are the same
                CAPTURE(run.graph().node(id).name);
                CAPTURE(static_cast<int>(mistake));
                const WrongReader wrong(run, id, mistake);
                // Its own cells are told as wrongly, so that only the sums can tell.
                CHECK_NE(walk(wrong), "");
            }
        }
    }
}

TEST_CASE("terms lead down to rows of tables and the ids that chose them") {
    TestGraph test(11);
    build_decoder(test, {});
    const GraphRun run(test, decoder_ids(5));
    const Explanation word = explain_cell(run, run.graph().find("embed").value(), {2, 3});
    REQUIRE_EQ(word.terms.size(), 1u);
    const Term& term = word.terms[0];
    CHECK_EQ(term.cell.kind, CellKind::kWeight);
    const int id = decoder_ids(5)[0][2];
    // The tensor is [D, V]; the index follows it and not the view.
    CHECK_EQ(term.cell.index, std::vector<int>{3, id});
    REQUIRE(term.chosen_by.has_value());
    CHECK_EQ(term.chosen_by->name, "input_ids");
    CHECK_EQ(term.chosen_by->index, std::vector<int>{2});
    CHECK_EQ(term.chosen_by->value, static_cast<float>(id));
}

TEST_CASE("a number is minus infinity in the masked scores alone") {
    TestGraph test(12);
    build_decoder(test, {});
    const GraphRun run(test, decoder_ids(5));
    for (NodeId id = 0; id < run.graph().size(); ++id) {
        int infinite = 0;
        for (const float value : run.values(id)) infinite += std::isfinite(value) ? 0 : 1;
        CAPTURE(run.graph().node(id).name);
        CHECK_EQ(infinite, run.graph().node(id).op == Op::kMask ? 4 * (4 + 3 + 2 + 1) : 0);
    }
}

TEST_CASE("functions are told in named steps") {
    TestGraph test(13);
    build_decoder(test, {});
    const GraphRun run(test, decoder_ids(5));
    const auto steps_of = [&](const char* node, const std::vector<int>& index) {
        std::vector<std::string> names;
        const Explanation told = explain_cell(run, run.graph().find(node).value(), index);
        CHECK_EQ(told.how, How::kFunction);
        for (const Step& step : told.steps) names.push_back(step.name);
        return names;
    };
    using Names = std::vector<std::string>;
    CHECK_EQ(
        steps_of("blocks.0.attn.pattern", {1, 2, 0}),
        Names{"row max", "exp[0]", "exp[1]", "exp[2]", "exp[3]", "exp[4]", "sum", "exp / sum"});
    CHECK_EQ(steps_of("blocks.0.ln1", {1, 2}),
             Names{"mean", "variance", "normalised", "scaled", "shifted"});
    CHECK_EQ(steps_of("blocks.0.ln2", {1, 2}), Names{"mean", "variance", "normalised"});
    CHECK_EQ(steps_of("final", {1, 2}), Names{"mean", "variance", "normalised", "scaled"});
    CHECK_EQ(steps_of("pooled", {2}), Names{"tanh(x)"});
    CHECK_EQ(steps_of("wave", {2, 3}), Names{"position", "10000^(2/8)", "angle", "cos"});
    CHECK_EQ(steps_of("blocks.0.attn.masked", {0, 1, 4}), Names{"query 1 may not see key 4"});
}

TEST_CASE("a cell is written out in numbers") {
    TestGraph test(14);
    const int source = test.builder.sequence("source", 2);
    const NodeId x = test.given("x", source, {"D", 2}, {1, 2, 3, -4});
    const WeightView weight = test.weight("W", {{"D", 2}, {"F", 1}}, {0.5F, 0.25F});
    test.builder.linear("y", x, weight, test.weight("b", {{"F", 1}}, std::vector<float>{10}),
                        Stage::kFeedForward);
    test.builder.softmax("p", x);
    const GraphRun run(test);
    const Explanation y = explain_cell(run, run.graph().find("y").value(), {1, 0});
    CHECK_EQ(y.formula, "y[t,f] = sum_d x[t,d] * W[d,f] + b[f]");
    CHECK_EQ(y.numbers, "10.5000 = 3 * 0.5000 + -4 * 0.2500 + 10");
    const Explanation p = explain_cell(run, run.graph().find("p").value(), {0, 0});
    CHECK_EQ(p.numbers, "0.2689 = exp(1 - 2) / 1.3679 = 0.3679 / 1.3679");
}

TEST_SUITE_END();
