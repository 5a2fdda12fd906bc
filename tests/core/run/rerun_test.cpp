#include <doctest/doctest.h>

#include <set>

#include "core/base/check.h"
#include "core/base/error.h"
#include "core/run/explain.h"
#include "tests/core/run/traces.h"
#include "tests/support/refusal.h"

using namespace heed;
using namespace heed::test;

namespace {

NodeId id_of(const Pass& pass, const char* name) {
    return pass.graph->find(name).value();
}

// All nodes that read one of `edited`, by walking the consumers.
std::set<NodeId> reach(const Graph& graph, const std::set<NodeId>& edited) {
    std::set<NodeId> reached;
    std::vector<NodeId> open(edited.begin(), edited.end());
    while (!open.empty()) {
        const NodeId id = open.back();
        open.pop_back();
        for (const NodeId reader : graph.consumers(id)) {
            if (reached.insert(reader).second) open.push_back(reader);
        }
    }
    return reached;
}

// What a rerun must be: the bits of a whole pass with the edits, its kernels run for what is
// downstream and held alone, all other values those of `base`.
void check_rerun(const Pass& pass, const Trace& base, const Trace& got,
                 const std::vector<GraphRun::Edit>& all_edits, const std::set<NodeId>& edited) {
    CHECK_EQ(find_other_bits(got, pass.run_plainly(all_edits)), "");
    const std::set<NodeId> downstream = reach(*pass.graph, edited);
    int computed = 0;
    for (NodeId id = 0; id < pass.graph->size(); ++id) {
        CAPTURE(pass.graph->node(id).name);
        CHECK_EQ(got.is_recomputed(id), base.is_recomputed(id));
        const bool is_due = downstream.count(id) > 0;
        if (is_due && !got.is_recomputed(id) && pass.graph->node(id).op != Op::kAlias) ++computed;
        if (!is_due && edited.count(id) == 0) CHECK_EQ(got.held(id), base.held(id));
        if (is_due && !got.is_recomputed(id)) CHECK_NE(got.held(id), base.held(id));
    }
    CHECK_EQ(got.facts().nodes_computed, computed);
}

Edits edits_of(const std::vector<GraphRun::Edit>& list) {
    Edits edits;
    for (const GraphRun::Edit& edit : list) {
        edits.cells.push_back({edit.node, edit.index, edit.value});
    }
    return edits;
}

std::set<NodeId> nodes_of(const std::vector<GraphRun::Edit>& list) {
    std::set<NodeId> nodes;
    for (const GraphRun::Edit& edit : list) nodes.insert(edit.node);
    return nodes;
}

}  // namespace

TEST_SUITE_BEGIN("core/rerun");

TEST_CASE("an edit of any node computes what is downstream, and nothing else") {
    const Pass pass = make_decoder_pass(7, 3, 10);
    for (const bool is_lean : {false, true}) {
        const auto plan = pass.prepare(2);
        const auto base = plan->run(pass.inputs, is_lean ? keep_nothing() : RunOptions{});
        for (NodeId id = 0; id < pass.graph->size(); ++id) {
            const Shape& shape = pass.graph->node(id).shape;
            const std::vector<int> index = unflatten(shape.extents(), shape.count() / 2);
            const std::vector<GraphRun::Edit> edits = {{id, index, 1.5F}};
            CAPTURE(is_lean);
            CAPTURE(pass.graph->node(id).name);
            const auto got = plan->rerun(*base, edits_of(edits), {});
            check_rerun(pass, *base, *got, edits, {id});
            CHECK_EQ(got->value(id, index), 1.5F);
        }
    }
}

TEST_CASE("edits of several nodes hold together, those upstream of others too") {
    const Pass pass = make_decoder_pass(7, 3, 10);
    const std::vector<GraphRun::Edit> edits = {
        {id_of(pass, "blocks.0.attn.pattern"), {3, 6, 6}, 0.75F},
        {id_of(pass, "blocks.0.attn.pattern"), {0, 1, 0}, 0.0F},
        {id_of(pass, "blocks.0.attn.v"), {1, 2, 2}, -4.0F},
        {id_of(pass, "embed"), {5, 7}, 2.0F},
        {id_of(pass, "blocks.0.mlp.pre"), {6, 9}, 1.0F},
        {id_of(pass, "blocks.0.resid_pre"), {0, 0}, 9.0F},
    };
    for (const bool is_lean : {false, true}) {
        CAPTURE(is_lean);
        const auto plan = pass.prepare(2);
        const auto base = plan->run(pass.inputs, is_lean ? keep_nothing() : RunOptions{});
        const auto got = plan->rerun(*base, edits_of(edits), {});
        check_rerun(pass, *base, *got, edits, nodes_of(edits));
    }
}

TEST_CASE("edits go on top of edits, and the older traces keep theirs") {
    const Pass pass = make_decoder_pass(5, 4, 20);
    const std::vector<std::vector<GraphRun::Edit>> rounds = {
        {{id_of(pass, "blocks.0.attn.scaled"), {1, 3, 0}, 5.0F}},
        {{id_of(pass, "embed_out"), {0, 0}, 1.0F}},
        {{id_of(pass, "blocks.0.attn.scaled"), {1, 3, 0}, -5.0F},
         {id_of(pass, "logits"), {4, 4}, 20.0F}},
        {{id_of(pass, "blocks.0.resid_pre"), {0, 0}, 3.0F}},
        {{id_of(pass, "wave"), {2, 2}, 0.0F}},
    };
    for (const bool is_lean : {false, true}) {
        CAPTURE(is_lean);
        const auto plan = pass.prepare(2);
        std::vector<std::shared_ptr<const Trace>> traces = {
            plan->run(pass.inputs, is_lean ? keep_nothing() : RunOptions{})};
        std::vector<GraphRun::Edit> all;
        for (const auto& edits : rounds) {
            all.insert(all.end(), edits.begin(), edits.end());
            traces.push_back(plan->rerun(*traces.back(), edits_of(edits), {}));
            check_rerun(pass, *traces[traces.size() - 2], *traces.back(), all, nodes_of(edits));
        }
        CHECK_EQ(find_other_bits(*traces[0], pass.run_plainly()), "");
        CHECK_EQ(find_other_bits(*traces[1], pass.run_plainly(rounds[0])), "");
    }
}

TEST_CASE("a rerun with no edits takes everything over") {
    const Pass pass = make_decoder_pass(5);
    const auto plan = pass.prepare(2);
    const auto base = plan->run(pass.inputs, {});
    const auto got = plan->rerun(*base, {}, {});
    check_rerun(pass, *base, *got, {}, {});
    CHECK_EQ(got->facts().nodes_computed, 0);
}

TEST_CASE("a rerun is cancelled like a run, and refuses a sum that became 0") {
    const Pass pass = make_decoder_pass(5);
    const auto plan = pass.prepare(2);
    const auto base = plan->run(pass.inputs, {});
    RunOptions options;
    options.progress.cancel.cancel();
    const std::vector<GraphRun::Edit> edits = {{id_of(pass, "embed"), {0, 0}, 1.0F}};
    CHECK_THROWS_AS(plan->rerun(*base, edits_of(edits), options), Cancelled);

    const Pass additive = make_additive_pass(2, 2);
    const NodeId masked = id_of(additive, "attn.masked");
    for (const bool is_lean : {false, true}) {
        const auto other = additive.prepare(1);
        const auto sums = other->run({}, is_lean ? keep_nothing() : RunOptions{});
        const std::string message = message_of([&] {
            other->rerun(*sums, {{{masked, {1, 0, 0}, 0.0F}}}, {});
        });
        CHECK_EQ(find_flaw(message, {"attn.pattern", "row 0 of head 1"}), "");
    }
}

TEST_CASE("edits of cells that are not there are bugs") {
    const Pass pass = make_decoder_pass(5);
    const auto plan = pass.prepare(1);
    const auto base = plan->run(pass.inputs, {});
    CHECK_THROWS_AS(plan->rerun(*base, {{{999, {0}, 0}}}, {}), Bug);
    CHECK_THROWS_AS(plan->rerun(*base, {{{0, {0, 8}, 0}}}, {}), Bug);
    CHECK_THROWS_AS(plan->rerun(*base, {{{0, {0}, 0}}}, {}), Bug);
    const Pass other = make_decoder_pass(5);
    CHECK_THROWS_AS(other.prepare(1)->rerun(*base, {}, {}), Bug);
}

TEST_SUITE_END();
