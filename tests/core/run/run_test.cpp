#include <doctest/doctest.h>
#include <time.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "core/base/check.h"
#include "core/base/error.h"
#include "core/run/executor.h"
#include "tests/core/run/traces.h"
#include "tests/support/refusal.h"

using namespace heed;
using namespace heed::test;

namespace {

// Milliseconds of processor time that this process has used: other processes do not count.
double processor_ms() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

}  // namespace

TEST_SUITE_BEGIN("core/run");

TEST_CASE("a run has the bits of the plain loop, for any number of threads") {
    for (const int length : {1, 7, 60, 300}) {
        const Pass pass = make_decoder_pass(length);
        const GraphRun plain = pass.run_plainly();
        for (const int threads : {1, 2, 4}) {
            CAPTURE(length);
            CAPTURE(threads);
            const auto trace = pass.prepare(threads)->run(pass.inputs, {});
            CHECK_EQ(find_other_bits(*trace, plain), "");
            CHECK_EQ(trace->facts().threads, threads);
            CHECK_EQ(trace->facts().backend, "cpu");
        }
    }
    const Pass additive = make_additive_pass(3, 50);
    CHECK_EQ(find_other_bits(*additive.prepare(4)->run({}, {}), additive.run_plainly()), "");
}

TEST_CASE("positions, memories and pictures run as the plain loop, held or derived") {
    const Pass passes[] = {make_positions_pass(1),    make_positions_pass(70),
                           make_memory_pass(9, 4),    make_memory_pass(70, 0),
                           make_memory_pass(33, 150), make_picture_pass()};
    for (const Pass& pass : passes) {
        const GraphRun plain = pass.run_plainly();
        for (const int threads : {1, 3}) {
            CHECK_EQ(find_other_bits(*pass.prepare(threads)->run(pass.inputs, {}), plain), "");
        }
        const auto derived = pass.prepare(2)->run(pass.inputs, keep_nothing());
        CHECK_EQ(find_other_bits(*derived, plain), "");
        int count = 0;
        for (NodeId id = 0; id < pass.graph->size(); ++id) {
            if (derived->is_recomputed(id)) ++count;
        }
        CHECK_LT(0, count);
    }
}

TEST_CASE("an array of numbers is an input beside ids") {
    Pass pass = make_picture_pass();
    const auto plan = pass.prepare(2);
    const auto trace = plan->run(pass.inputs, {});
    CHECK_EQ(trace->input_value(0, {2, 4, 10}), pass.inputs.numbers[0].back());
    CHECK_EQ(trace->input_value(0, {0, 1, 2}), pass.inputs.numbers[0][13]);
    CHECK_EQ(trace->input_value(1, {0}), static_cast<float>(pass.inputs.ids[1][0]));
    CHECK_THROWS_AS(trace->input_value(0, {3, 0, 0}), Bug);
    CHECK_THROWS_AS(trace->input_value(0, {0}), Bug);
    pass.inputs.numbers[0].pop_back();
    CHECK_THROWS_AS(plan->run(pass.inputs, {}), Bug);
    pass.inputs.numbers.clear();
    CHECK_THROWS_AS(plan->run(pass.inputs, {}), Bug);
    pass = make_picture_pass();
    pass.inputs.ids[1] = {9};
    CHECK_EQ(find_flaw(message_of([&] { plan->run(pass.inputs, {}); }),
                       {"picture", "pooled_position[0]", "from 0 to 8", "found 9"}),
             "");
}

TEST_CASE("runs that follow each other have the same bits, and leave older traces alone") {
    const Pass pass = make_decoder_pass(33);
    const auto plan = pass.prepare(2);
    const auto first = plan->run(pass.inputs, {});
    const GraphRun plain = pass.run_plainly();
    RunInputs others = pass.inputs;
    std::vector<std::shared_ptr<const Trace>> kept;
    for (int round = 0; round < 12; ++round) {
        for (int& id : others.ids[0]) id = (id + 1 + round) % 11;
        auto other = plan->run(others, {});  // its memory comes back when it is dropped
        if (round % 3 == 0) kept.push_back(std::move(other));
        if (round == 7) kept.clear();
        CHECK_EQ(find_other_bits(*plan->run(pass.inputs, {}), plain), "");
    }
    CHECK_EQ(find_other_bits(*first, plain), "");
}

TEST_CASE("a trace outlives its plan and backend") {
    const Pass pass = make_decoder_pass(9);
    const auto held = pass.prepare(2)->run(pass.inputs, {});
    const auto derived = pass.prepare(2)->run(pass.inputs, keep_nothing());
    CHECK_EQ(find_other_bits(*held, pass.run_plainly()), "");
    CHECK_EQ(find_other_bits(*derived, pass.run_plainly()), "");
}

TEST_CASE("derived nodes have the bits of held ones, however they are read") {
    std::mt19937 random(5);
    for (const int length : {1, 7, 60, 300}) {
        const Pass pass = make_decoder_pass(length);
        const auto plan = pass.prepare(2);
        const auto held = plan->run(pass.inputs, {});
        const auto derived = plan->run(pass.inputs, keep_nothing());
        CAPTURE(length);
        CHECK_EQ(find_other_bits(*derived, *held), "");
        CHECK_LT(derived->facts().bytes, held->facts().bytes);
        int count = 0;
        for (NodeId id = 0; id < pass.graph->size(); ++id) {
            const Node& node = pass.graph->node(id);
            CHECK_FALSE(held->is_recomputed(id));
            if (!derived->is_recomputed(id)) continue;
            ++count;
            CAPTURE(node.name);
            const MatrixExtents extents = matrix_extents(node.shape);
            const auto pick = [&](int end) {
                return static_cast<int>(random() % static_cast<unsigned>(end + 1));
            };
            for (int round = 0; round < 10; ++round) {
                Box box{pick(extents.outer), 0, pick(extents.rows), 0, pick(extents.cols), 0};
                box.outer_end = box.outer_begin + pick(extents.outer - box.outer_begin);
                box.row_end = box.row_begin + pick(extents.rows - box.row_begin);
                box.col_end = box.col_begin + pick(extents.cols - box.col_begin);
                const auto got = derived->read(id, box);
                const auto want = held->read(id, box);
                REQUIRE((got.has_value() && want.has_value()));
                CHECK((got->box() == box));
                for (int o = box.outer_begin; o < box.outer_end; ++o) {
                    for (int r = box.row_begin; r < box.row_end; ++r) {
                        CHECK_EQ(std::memcmp(got->row(o, r), want->row(o, r),
                                             static_cast<std::size_t>(box.cols()) * sizeof(float)),
                                 0);
                    }
                }
                CHECK_THROWS_AS(got->row(box.outer_end, 0), Bug);
            }
            std::vector<int> index;
            for (const int extent : node.shape.extents()) index.push_back(pick(extent - 1));
            const float want = held->value(id, index);
            const float got = derived->value(id, index);
            CHECK_EQ(std::memcmp(&got, &want, sizeof got), 0);
        }
        // dots, scaled, masked, pattern, mlp.pre, logits, probs, pooler.dense
        CHECK_EQ(count, 8);
    }
}

TEST_CASE("nodes are derived until the others fit, the largest first") {
    const Pass pass = make_decoder_pass(60);
    std::size_t all = 0;
    for (const Node& node : pass.graph->nodes()) {
        if (node.op != Op::kAlias) all += node.shape.count() * sizeof(float);
    }
    const auto names = [&](std::size_t budget) {
        std::string text;
        const std::vector<bool> is_derived = choose_derived(*pass.graph, budget);
        for (NodeId id = 0; id < pass.graph->size(); ++id) {
            if (is_derived[static_cast<std::size_t>(id)]) text += pass.graph->node(id).name + " ";
        }
        return text;
    };
    CHECK_EQ(names(all), "");
    CHECK_EQ(names(all - 1), "blocks.0.mlp.pre ");
    CHECK_EQ(names(all - 60 * 700 * 4 - 1), "blocks.0.attn.pattern blocks.0.mlp.pre ");
    // What z and the sums need is kept whatever the budget.
    CHECK_EQ(names(0),
             "blocks.0.attn.dots blocks.0.attn.scaled blocks.0.attn.masked blocks.0.attn.pattern "
             "blocks.0.mlp.pre logits probs pooler.dense ");
}

TEST_CASE("an id out of range is refused by position") {
    Pass pass = make_decoder_pass(5);
    const auto plan = pass.prepare(1);
    pass.inputs.ids[0][3] = 11;
    CHECK_EQ(find_flaw(message_of([&] { plan->run(pass.inputs, {}); }),
                       {"decoder", "input_ids[3]", "from 0 to 10", "found 11"}),
             "");
    pass.inputs.ids[0][3] = -1;
    CHECK_EQ(find_flaw(message_of([&] { plan->run(pass.inputs, {}); }), {"found -1"}), "");
    pass.inputs.ids[0][3] = 0;
    pass.inputs.ids[1][0] = 2;
    CHECK_EQ(find_flaw(message_of([&] { plan->run(pass.inputs, {}); }), {"type_ids[0]"}), "");
    pass.inputs.ids[1] = {0};
    CHECK_THROWS_AS(plan->run(pass.inputs, {}), Bug);
}

TEST_CASE("progress counts to the end") {
    const Pass pass = make_decoder_pass(5);
    RunOptions options;
    std::vector<int> seen;
    options.progress.report = [&](int done, int total) {
        CHECK_EQ(total, pass.graph->size());
        seen.push_back(done);
    };
    pass.prepare(2)->run(pass.inputs, options);
    REQUIRE_EQ(seen.size(), static_cast<std::size_t>(pass.graph->size()) + 1);
    for (std::size_t i = 0; i < seen.size(); ++i) CHECK_EQ(seen[i], static_cast<int>(i));
}

TEST_CASE("a run stops within 100 ms of being cancelled") {
    const Pass pass = make_long_pass();
    for (const int threads : {1, 2}) {
        const auto plan = pass.prepare(threads);
        RunOptions options;
        std::atomic<bool> has_begun = false;
        options.progress.report = [&](int done, int) { has_begun = done >= 1; };
        std::atomic<double> cancelled_at = 0;
        std::thread canceller([&] {
            while (!has_begun) std::this_thread::sleep_for(std::chrono::milliseconds(1));
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
            cancelled_at = processor_ms();
            options.progress.cancel.cancel();
        });
        CHECK_THROWS_AS(plan->run(pass.inputs, options), Cancelled);
        CHECK_LT(processor_ms() - cancelled_at, 100 * threads);
        canceller.join();
    }
}

TEST_CASE("a plan that was cancelled runs again") {
    const Pass pass = make_decoder_pass(20);
    const auto plan = pass.prepare(2);
    RunOptions options;
    options.progress.report = [&](int done, int) {
        if (done == 9) options.progress.cancel.cancel();
    };
    CHECK_THROWS_AS(plan->run(pass.inputs, options), Cancelled);
    CHECK_EQ(find_other_bits(*plan->run(pass.inputs, {}), pass.run_plainly()), "");
}

TEST_CASE("a trace is read by tiles without a copy where it is held") {
    const Pass pass = make_decoder_pass(6);
    const auto trace = pass.prepare(1)->run(pass.inputs, {});
    const NodeId z = pass.graph->find("blocks.0.attn.z").value();
    const auto tile = trace->read(z, {1, 3, 2, 5, 4, 9});
    REQUIRE(tile.has_value());
    CHECK_EQ(tile->row(2, 3), trace->held(z).get() + (2 * 6 + 3) * 16 + 4);
    CHECK_EQ(tile->at(2, 3, 8), trace->value(z, {2, 3, 8}));
    CHECK_THROWS_AS(tile->row(3, 3), Bug);
    CHECK_THROWS_AS(trace->read(z, {0, 5, 0, 6, 0, 16}), Bug);
    CHECK_THROWS_AS(trace->read(z, {0, 4, 3, 2, 0, 16}), Bug);
    CHECK_THROWS_AS(trace->value(z, {0, 0}), Bug);
    CHECK_THROWS_AS(trace->value(z, {0, 0, 16}), Bug);
    CHECK(trace->labels(7).empty());
    CHECK(trace->labels(-1).empty());
}

TEST_CASE("names for the same numbers share them") {
    const Pass pass = make_decoder_pass(6);
    const auto trace = pass.prepare(1)->run(pass.inputs, {});
    CHECK_EQ(trace->held(pass.graph->find("blocks.0.resid_pre").value()),
             trace->held(pass.graph->find("embed_out").value()));
}

TEST_SUITE_END();
