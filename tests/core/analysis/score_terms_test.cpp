#include "core/analysis/score_terms.h"

#include <doctest/doctest.h>

#include <cmath>

#include "core/graph/builder.h"
#include "core/model/model.h"
#include "core/model/worksheet.h"
#include "core/run/backend.h"
#include "core/run/explain.h"
#include "core/run/trace_file.h"
#include "tests/support/temp_dir.h"

using namespace heed;
using namespace heed::test;

namespace {

std::shared_ptr<const Trace> run_sheet(const std::string& fields) {
    const std::string text =
        R"({"name": "sheet", "tokens": ["a", "b", "c"],
            "vectors": [[0.5, 1, 0.25, 2], [1, 0.75, 0.5, 0.25], [0.25, 2, 1, 1]],
            "w_q": {"shape": [4, 6], "seed": 1, "std": 0.5},
            "w_k": {"shape": [4, 6], "seed": 2, "std": 0.5}, )" +
        fields + "}";
    const auto model = make_worksheet_model(parse_worksheet(text, "sheet.json"), "sheet.json");
    const PreparedInput prepared = model->prepare({});
    return make_cpu_backend(1)->prepare(prepared.graph, model->weights())->run(prepared.inputs, {});
}

const std::string kValues =
    R"("w_v": {"shape": [4, 6], "seed": 3, "std": 0.5}, "w_o": {"shape": [6, 4], "seed": 4, "std": 0.5})";
const std::string kGeneral =
    R"("score": "general", "w_general": {"shape": [6, 6], "seed": 5, "std": 0.5}, )" + kValues;
const std::string kAdditive =
    R"("score": "additive", "w_score": [1, -2, 0.5, 0.25, -1, 3], )" + kValues;

const AttentionSite& site_of(const Trace& trace) {
    return trace.graph().attentions().front();
}

// Every pair's products are the contributions of the cell's own explanation, and add up to it.
void check_against_explanations(const Trace& trace, int heads, int tokens) {
    const ScoreParts parts = find_score_parts(trace.graph(), site_of(trace)).value();
    for (int h = 0; h < heads; ++h) {
        for (int t = 0; t < tokens; ++t) {
            for (int s = 0; s < tokens; ++s) {
                const ScoreTerms terms = compute_score_terms(trace, parts, h, t, s).value();
                const Explanation told = explain(trace, parts.score, {h, t, s});
                REQUIRE(terms.products.size() == told.terms.size());
                double sum = 0;
                double size = 0;
                for (std::size_t d = 0; d < told.terms.size(); ++d) {
                    CHECK(terms.products[d] == doctest::Approx(told.terms[d].contribution.value()));
                    sum += terms.products[d];
                    size += std::abs(terms.products[d]);
                }
                CHECK(terms.sum == doctest::Approx(sum));
                CHECK(std::abs(sum - static_cast<double>(told.cell.value)) <= 1e-6 * size);
            }
        }
    }
}

std::vector<std::string> chain_names(const Trace& trace) {
    std::vector<std::string> names;
    const auto parts = find_score_parts(trace.graph(), site_of(trace));
    REQUIRE(parts.has_value());
    for (const NodeId node : parts->chain) {
        names.emplace_back(short_name(trace.graph().node(node).name));
    }
    return names;
}

}  // namespace

TEST_SUITE_BEGIN("core/score_terms");

TEST_CASE("the products of every pair are its explanation's, and add up to the score") {
    check_against_explanations(*run_sheet(kValues), 1, 3);
    check_against_explanations(*run_sheet(R"("heads": 2, "causal": true, )" + kValues), 2, 3);
    check_against_explanations(*run_sheet(kGeneral), 1, 3);
    check_against_explanations(*run_sheet(kAdditive), 1, 3);
}

TEST_CASE("a turned query is what is multiplied, not the query that was projected") {
    const auto trace = run_sheet(kGeneral);
    const ScoreParts parts = find_score_parts(trace->graph(), site_of(*trace)).value();
    CHECK(trace->graph().node(parts.left).name == "blocks.0.attn.q_general");
    CHECK(trace->graph().node(parts.right).name == "blocks.0.attn.k");
}

TEST_CASE("an additive score has its tanh and its vector, and q and k before them") {
    const auto trace = run_sheet(kAdditive);
    const ScoreParts parts = find_score_parts(trace->graph(), site_of(*trace)).value();
    CHECK(parts.kind == ScoreParts::Kind::kAdditive);
    const ScoreTerms terms = compute_score_terms(*trace, parts, 0, 2, 1).value();
    REQUIRE(terms.bent.size() == 6);
    for (std::size_t d = 0; d < 6; ++d) {
        const double bent =
            std::tanh(static_cast<double>(terms.left[d]) + static_cast<double>(terms.right[d]));
        CHECK(static_cast<double>(terms.bent[d]) == doctest::Approx(bent).epsilon(1e-5));
    }
    CHECK(terms.weight == std::vector<float>{1, -2, 0.5F, 0.25F, -1, 3});
}

TEST_CASE("key heads that serve several query heads are found") {
    GraphBuilder b;
    const int source = b.sequence("source", 3);
    const NodeId x = b.sinusoid("x", source, {"D", 24});
    b.begin_block(0);
    const NodeId q = b.split_heads("attn.q", x, 4, Stage::kProject);
    const NodeId k =
        b.alias("attn.rot_k",
                b.split_heads("attn.k", b.sinusoid("y", source, {"D", 12}), 2, Stage::kProject),
                Stage::kProject);
    const NodeId rot_q = b.alias("attn.rot_q", q, Stage::kProject);
    const NodeId dots = b.matmul_nt("attn.dots", rot_q, k);
    b.softmax("attn.pattern", b.mask("attn.masked", b.scale("attn.scaled", dots, 0.5F, "1 / 2"),
                                     MaskRule::kCausal));
    b.attention_site("attn", std::nullopt);
    b.end_block();
    const auto graph = b.build();
    const auto trace =
        make_cpu_backend(1)->prepare(graph, std::make_shared<WeightStore>())->run({}, {});
    const ScoreParts parts = find_score_parts(*graph, site_of(*trace)).value();
    CHECK(parts.group == 2);
    CHECK(graph->node(parts.left).name == "blocks.0.attn.rot_q");
    CHECK(graph->node(parts.right).name == "blocks.0.attn.rot_k");
    check_against_explanations(*trace, 4, 3);
    CHECK(chain_names(*trace) == std::vector<std::string>{"dots", "scaled", "masked", "pattern"});
}

TEST_CASE("a trace from a file shows the q and k that it holds, and says that it does not know") {
    const auto trace = run_sheet(R"("heads": 2, )" + kValues);
    TempDir folder;
    const auto path = folder.path() / "t.safetensors";
    save_trace(*trace, select_nodes(trace->graph(), {}), path, "0");
    const auto loaded = load_trace(path);
    const ScoreParts parts = find_score_parts(loaded->graph(), site_of(*loaded)).value();
    CHECK(parts.is_recorded);
    CHECK(chain_names(*loaded) == std::vector<std::string>{"dots", "scaled", "masked", "pattern"});
    const ScoreParts own = find_score_parts(trace->graph(), site_of(*trace)).value();
    CHECK(compute_score_terms(*loaded, parts, 1, 2, 0)->products ==
          compute_score_terms(*trace, own, 1, 2, 0)->products);
}

TEST_CASE("the largest magnitude comes first") {
    CHECK(order_by_magnitude({0.5, -3, 2, -0.5}) == std::vector<int>{1, 2, 0, 3});
    CHECK(order_by_magnitude({}).empty());
}
