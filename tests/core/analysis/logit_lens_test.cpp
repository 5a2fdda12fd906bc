#include "core/analysis/logit_lens.h"

#include <doctest/doctest.h>

#include <cmath>

#include "core/base/error.h"
#include "core/model/model.h"
#include "core/run/backend.h"
#include "core/run/trace_file.h"
#include "tests/support/close.h"
#include "tests/support/oracle.h"
#include "tests/support/temp_dir.h"

namespace heed::test {
namespace {

// A golden model on a few ids, and the plan that made its trace.
struct Run {
    explicit Run(const std::string& name, bool keeps_nothing = false) {
        model = open_model(source_dir() / "tests" / "data" / "models" / name);
        ModelInput input;
        input.ids = {2, 7, 1, 9, 4};
        const PreparedInput prepared = model->prepare(input);
        plan = make_cpu_backend(1)->prepare(prepared.graph, model->weights());
        RunOptions options;
        if (keeps_nothing) options.keep.budget_bytes = 0;
        trace = plan->run(prepared.inputs, options);
    }
    NodeId node(const std::string& name) const { return trace->graph().find(name).value(); }
    LensPlan lens(const std::string& logits = "logits") const {
        return find_lens_plan(trace->graph(), node(logits)).value();
    }

    std::shared_ptr<const Model> model;
    std::unique_ptr<Plan> plan;
    std::shared_ptr<const Trace> trace;
};

// The twin: every cell of the last block's output set by hand, and the backend's own rerun.
Tensor edit_and_rerun(const Run& run, NodeId entry, NodeId source, NodeId logits) {
    Edits edits;
    const Tensor values = run.trace->tensor(source);
    for (std::size_t i = 0; i < values.size(); ++i) {
        edits.cells.push_back({entry, unflatten(values.extents(), i), values.values()[i]});
    }
    return run.plan->rerun(*run.trace, edits, {})->tensor(logits);
}

// The lens of the last layer is the model's own answer.
void check_last_layer(const Run& run) {
    const LensPlan plan = run.lens();
    CHECK(plan.is_row_by_row);
    CHECK(plan.sources.back() == plan.entry);
    const Tensor got = compute_lens_logits(*run.trace, plan, plan.entry, 0, 5, {});
    const Tensor want = run.trace->tensor(plan.logits);
    CHECK(find_difference(got.values(), want.values(), kExact) == "");
}

TEST_SUITE_BEGIN("core/logit lens");

TEST_CASE("the last layer says what the model says, to the bit") {
    for (const char* name : {"gpt2-lm", "gpt2-untied", "bert-mlm"}) {
        for (const bool is_lean : {false, true}) {
            CAPTURE(name);
            CAPTURE(is_lean);
            check_last_layer(Run(name, is_lean));
        }
    }
}

TEST_CASE("norms without a mean, capped words and windows are no hindrance") {
    const auto oracle = find_oracle("oracle/models");
    if (!oracle) return;
    for (const char* name : {"llama-gqa", "gemma2-softcap"}) {
        CAPTURE(name);
        check_last_layer(Run((*oracle / name).string()));
    }
}

TEST_CASE("each layer says what a rerun with its vectors says, all positions or some") {
    for (const char* name : {"gpt2-lm", "bert-mlm"}) {
        CAPTURE(name);
        const Run run(name);
        const LensPlan plan = run.lens();
        REQUIRE(plan.sources.size() == static_cast<std::size_t>(run.model->summary().layers) + 1);
        CHECK(run.trace->graph().node(plan.sources[0]).name == "embed_out");
        for (const NodeId source : plan.sources) {
            CAPTURE(run.trace->graph().node(source).name);
            const Tensor want = edit_and_rerun(run, plan.entry, source, plan.logits);
            const Tensor got = compute_lens_logits(*run.trace, plan, source, 0, 5, {});
            CHECK(find_difference(got.values(), want.values(), kExact) == "");
            const Tensor some = compute_lens_logits(*run.trace, plan, source, 2, 4, {});
            const auto width = static_cast<std::size_t>(want.extent(1));
            CHECK(find_difference(some.values(), want.values().subspan(2 * width, 2 * width),
                                  kExact) == "");
        }
    }
}

TEST_CASE("a head that reads one position of all is computed whole") {
    const Run run("bert-seqcls");
    const LensPlan plan = run.lens();
    CHECK(!plan.is_row_by_row);
    for (const NodeId source : plan.sources) {
        const Tensor want = edit_and_rerun(run, plan.entry, source, plan.logits);
        const Tensor got = compute_lens_logits(*run.trace, plan, source, 0, 1, {});
        CHECK(find_difference(got.values(), want.values(), kExact) == "");
    }
}

TEST_CASE("the lens tells the top words, and where the last layer's word stands before") {
    const Run run("gpt2-lm");
    const LensPlan plan = run.lens();
    const LogitLens lens = compute_logit_lens(*run.trace, plan, {1, 4, 3, {6}}, {});
    CHECK(lens.columns == 3);
    for (std::size_t row = 0; row < plan.sources.size(); ++row) {
        const Tensor logits = compute_lens_logits(*run.trace, plan, plan.sources[row], 0, 5, {});
        const auto width = static_cast<std::size_t>(logits.extent(1));
        for (int column = 0; column < 3; ++column) {
            const auto said =
                logits.values().subspan(static_cast<std::size_t>(column + 1) * width, width);
            const LensCell& cell = lens.cell(static_cast<int>(row), column);
            const LensCell& last = lens.cell(static_cast<int>(plan.sources.size()) - 1, column);
            const std::vector<RankedEntry> top = rank_top(said, 3);
            REQUIRE(cell.top.size() == 3);
            for (std::size_t i = 0; i < 3; ++i) CHECK(cell.top[i].id == top[i].id);
            CHECK(cell.answer.id == last.top[0].id);
            CHECK(cell.answer.rank == rank_entry(said, last.top[0].id).rank);
            CHECK(cell.asked.at(0).logit == static_cast<double>(said[6]));
        }
    }
}

TEST_CASE("predictors are found by what they predict") {
    const std::vector<Predictor> causal = find_predictors(Run("gpt2-lm").trace->graph());
    REQUIRE(causal.size() == 1);
    CHECK(causal[0].is_words);
    CHECK(causal[0].is_causal);
    CHECK(causal[0].is_per_position);
    CHECK(causal[0].probs.has_value());
    const std::vector<Predictor> masked = find_predictors(Run("bert-mlm").trace->graph());
    REQUIRE(masked.size() >= 1);
    CHECK(masked[0].is_words);
    CHECK(!masked[0].is_causal);
    const std::vector<Predictor> labels = find_predictors(Run("bert-seqcls").trace->graph());
    REQUIRE(labels.size() == 1);
    CHECK(!labels[0].is_words);
    CHECK(!labels[0].is_per_position);
}

TEST_CASE("cancelled and without weights it says nothing") {
    const Run run("gpt2-lm");
    CancelToken cancel;
    cancel.cancel();
    CHECK_THROWS_AS(compute_logit_lens(*run.trace, run.lens(), {0, 5, 1, {}}, cancel), Cancelled);
    const TempDir folder;
    save_trace(*run.trace, select_nodes(run.trace->graph(), {}), folder.path() / "t.safetensors",
               "0");
    const auto recorded = load_trace(folder.path() / "t.safetensors");
    CHECK_THROWS_AS(compute_logit_lens(*recorded, run.lens(), {0, 5, 1, {}}, {}), Error);
}

TEST_SUITE_END();

}  // namespace
}  // namespace heed::test
