#include "core/model/worksheet.h"

#include <doctest/doctest.h>

#include <cmath>
#include <map>
#include <set>

#include "core/model/worksheet_matrix.h"
#include "tests/core/model/case_folder.h"
#include "tests/core/model/naive_sheet.h"
#include "tests/support/close.h"
#include "tests/support/oracle.h"
#include "tests/support/refusal.h"

namespace heed::test {
namespace {

std::vector<float> flatten(const Rows& rows) {
    std::vector<float> values;
    for (const auto& row : rows) {
        for (const double value : row) values.push_back(static_cast<float>(value));
    }
    return values;
}

std::shared_ptr<const Trace> run_sheet(const std::string& text) {
    return run_model(*make_worksheet_model(parse_worksheet(text, "sheet.json"), "sheet.json"), {});
}

std::shared_ptr<const Trace> run_shipped(const std::string& name) {
    return run_model(*open_model(source_dir() / "assets" / "worksheets" / (name + ".json")), {});
}

Tensor node(const Trace& trace, std::string_view name) {
    const auto id = trace.graph().find(name);
    REQUIRE(id);
    return trace.tensor(*id);
}

// Row `t` of the first head, or of a matrix.
std::vector<float> row(const Tensor& tensor, int t) {
    const auto cols = static_cast<std::size_t>(tensor.extent(-1));
    const auto begin = static_cast<std::size_t>(t) * cols;
    return {tensor.data() + begin, tensor.data() + begin + cols};
}

// Values that a text gives with four decimals.
std::string differs_from_text(const std::vector<float>& got, const std::vector<float>& want) {
    return find_difference(got, want, within(5.1e-5));
}

TEST_SUITE_BEGIN("core/worksheet");

TEST_CASE("a worksheet agrees with loops over doubles, whatever its options") {
    std::mt19937 random(20);
    for (const char* score : {"dot", "scaled_dot", "general", "additive"}) {
        for (const char* normalise : {"softmax", "sum"}) {
            for (int round = 0; round < 40; ++round) {
                const NaiveSheet sheet = draw_naive_sheet(random, score, normalise);
                const std::string text = sheet_text(sheet);
                CAPTURE(text);
                const NaiveResult want = compute_naive(sheet);
                const auto trace = run_sheet(text);
                const Tensor pattern = node(*trace, "blocks.0.attn.pattern");
                std::vector<float> heads;
                for (const Rows& head : want.pattern) {
                    const std::vector<float> values = flatten(head);
                    heads.insert(heads.end(), values.begin(), values.end());
                }
                CHECK(find_difference(pattern.values(), heads, kPass) == "");
                const Tensor final = node(*trace, "final");
                CHECK(find_difference(final.values(), flatten(want.final),
                                      within(sheet.norm ? 2e-4 : 1e-5)) == "");
            }
        }
    }
}

TEST_CASE("journey has the attention row and the context of the text") {
    const auto trace = run_shipped("journey");
    CHECK(differs_from_text(row(node(*trace, "blocks.0.attn.pattern"), 1),
                            {0.1385F, 0.2379F, 0.2333F, 0.1240F, 0.1082F, 0.1581F}) == "");
    CHECK(differs_from_text(row(node(*trace, "final"), 1), {0.4419F, 0.6515F, 0.5683F}) == "");
    CHECK(trace->labels(0)[1].text == "journey");
}

TEST_CASE("journey-matrices has the query and the context of the text") {
    const auto trace = run_shipped("journey-matrices");
    CHECK(differs_from_text(row(node(*trace, "blocks.0.attn.q"), 1), {0.4307F, 1.4551F}) == "");
    CHECK(find_difference(row(node(*trace, "final"), 1), std::vector<float>{0.3061F, 0.8210F},
                          within(2e-4)) == "");
}

TEST_CASE("dk64 scales 112 and 96 to 14 and 12") {
    const auto trace = run_shipped("dk64");
    CHECK(row(node(*trace, "blocks.0.attn.dots"), 0) == std::vector<float>{112, 96});
    CHECK(row(node(*trace, "blocks.0.attn.scaled"), 0) == std::vector<float>{14, 12});
    CHECK(differs_from_text(row(node(*trace, "blocks.0.attn.pattern"), 0), {0.8808F, 0.1192F}) ==
          "");
}

TEST_CASE("three-integers gives the fractions of its note") {
    const auto trace = run_shipped("three-integers");
    CHECK(row(node(*trace, "blocks.0.attn.dots"), 2) == std::vector<float>{4, 6, 10});
    CHECK(differs_from_text(row(node(*trace, "blocks.0.attn.pattern"), 2), {0.2F, 0.3F, 0.5F}) ==
          "");
    CHECK(differs_from_text(row(node(*trace, "final"), 2), {3.1F, 2.5F}) == "");
}

TEST_CASE("bahdanau looks at one word with one query") {
    const auto trace = run_shipped("bahdanau");
    const Tensor pattern = node(*trace, "blocks.0.attn.pattern");
    CHECK(pattern.extents() == std::vector<int>{1, 1, 4});
    CHECK(differs_from_text(row(pattern, 0), {0.0496F, 0.2061F, 0.7337F, 0.0106F}) == "");
    const AttentionSite& site = trace->graph().attentions().front();
    CHECK(trace->labels(site.query_sequence)[0].text == "the");
    CHECK(trace->labels(site.key_sequence)[2].text == "noir");
}

TEST_CASE("one vector of Bank becomes two context vectors") {
    const auto money = run_shipped("money-bank-grows");
    const auto river = run_shipped("bank-river-flows");
    CHECK(row(node(*money, "embed"), 1) == row(node(*river, "embed"), 0));
    const std::vector<float> of_money = row(node(*money, "final"), 1);
    const std::vector<float> of_river = row(node(*river, "final"), 0);
    CHECK(of_money[0] > 2 * of_money[1]);
    CHECK(of_river[1] > 2 * of_river[0]);
}

TEST_CASE("every shipped worksheet opens, runs and has a note of two sentences") {
    std::set<std::string> names;
    for (const FoundModel& model : find_models()) {
        if (model.origin != "worksheet") continue;
        CAPTURE(model.name);
        CHECK(model.problem == "");
        names.insert(model.name);
        const auto opened = open_model(model.path);
        const std::string& note = opened->summary().note;
        CHECK(note.find(". ") != std::string::npos);
        CHECK(!opened->summary().needs_input);
        CHECK_NOTHROW(run_model(*opened, {}));
    }
    CHECK(names == std::set<std::string>{"journey", "journey-sum", "journey-matrices",
                                         "money-bank-grows", "bank-river-flows", "three-integers",
                                         "dk64", "bahdanau"});
}

TEST_CASE("the nodes are those of GPT-2's block 0") {
    const auto trace = run_sheet(
        R"({"tokens": ["a", "b"], "vectors": [[1, 2], [3, 4]], "score": "dot", "causal": true})");
    std::vector<std::string> names;
    for (const Node& one : trace->graph().nodes()) names.push_back(one.name);
    CHECK(names == std::vector<std::string>{"embed", "embed_out", "blocks.0.resid_pre",
                                            "blocks.0.attn.q", "blocks.0.attn.k", "blocks.0.attn.v",
                                            "blocks.0.attn.dots", "blocks.0.attn.scaled",
                                            "blocks.0.attn.masked", "blocks.0.attn.pattern",
                                            "blocks.0.attn.z", "blocks.0.attn.concat",
                                            "blocks.0.attn_out", "blocks.0.resid_post", "final"});
    CHECK(node(*trace, "blocks.0.attn.pattern").at({0, 0, 1}) == 0);
    const NodeId scaled = *trace->graph().find("blocks.0.attn.scaled");
    CHECK(trace->graph().node(scaled).attributes.scale == 1);
}

TEST_CASE("seeded numbers are the same everywhere") {
    const SheetMatrix matrix = draw_sheet_matrix(2, 3, 7, 0.5);
    CHECK(matrix.values.size() == 6);
    // From the description in the header, computed by other means.
    const std::vector<float> want = {0.356514917F,  -0.117571799F, 0.805278157F,
                                     -0.650038812F, 0.930531994F,  0.33562753F};
    CHECK(find_difference(matrix.values, want, kRounding) == "");
    const SheetMatrix many = draw_sheet_matrix(100, 101, 1, 2);
    const Stats stats = compute_stats(many.values);
    CHECK(std::abs(stats.mean) < 0.1);
    CHECK(std::abs(stats.deviation - 2) < 0.1);
    CHECK(parse_worksheet(R"({"tokens": ["a"], "vectors": {"shape": [1, 4], "seed": 3}})", "s")
              .vectors.cols == 4);
}

TEST_CASE("a sum of 0 is an error that names the row") {
    const std::string message = message_of([] {
        run_sheet(R"({"tokens": ["a", "b"], "vectors": [[1, 0], [0, 0]], "score": "dot",
                          "normalise": "sum"})");
    });
    CHECK(find_flaw(message, {"row 1", "sum"}) == "");
}

TEST_CASE("fields that the score does not use are told of") {
    const auto model = make_worksheet_model(
        parse_worksheet(R"({"tokens": ["a"], "vectors": [[1]], "score": "dot", "w_score": [1]})",
                        "s"),
        "s");
    const PreparedInput prepared = model->prepare({});
    REQUIRE(prepared.notes.size() == 1);
    CHECK(prepared.notes[0].find("w_score") != std::string::npos);
}

TEST_SUITE_END();

}  // namespace
}  // namespace heed::test
