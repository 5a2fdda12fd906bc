#include "core/run/explain.h"

#include <doctest/doctest.h>

#include "core/base/check.h"
#include "core/base/error.h"
#include "core/graph/builder.h"
#include "core/model/model.h"
#include "core/model/worksheet.h"
#include "tests/core/ops/explanation_walk.h"
#include "tests/core/run/traces.h"
#include "tests/support/oracle.h"
#include "tests/support/refusal.h"

using namespace heed;
using namespace heed::test;

namespace {

Walk walk(const Trace& trace) {
    return walk_explanations(TraceCells(trace), [&](NodeId node, const std::vector<int>& index) {
        return explain(trace, node, index);
    });
}

std::shared_ptr<const Trace> run_model(const Model& model, int length,
                                       const RunOptions& options = {}) {
    ModelInput input;
    for (int t = 0; t < length && model.summary().needs_input; ++t) {
        input.ids.push_back((t * 5 + 1) % model.summary().vocabulary);
        if (model.summary().takes_pair) input.type_ids.push_back(t % 2);
    }
    const PreparedInput prepared = model.prepare(input);
    return make_cpu_backend(2)
        ->prepare(prepared.graph, model.weights())
        ->run(prepared.inputs, options);
}

// A worksheet of three vectors with `fields` beside them.
std::shared_ptr<const Trace> run_sheet(const std::string& fields) {
    const std::string text =
        R"({"name": "sheet", "tokens": ["a", "b", "c"],
            "vectors": [[0.5, 1, 0.25, 2], [1, 0.75, 0.5, 0.25], [0.25, 2, 1, 1]], )" +
        fields + "}";
    return run_model(*make_worksheet_model(parse_worksheet(text, "sheet.json"), "sheet.json"), 0);
}

const std::string kMatrices =
    R"("w_q": {"shape": [4, 6], "seed": 1, "std": 0.5}, "w_k": {"shape": [4, 6], "seed": 2, "std": 0.5},
       "w_v": {"shape": [4, 6], "seed": 3, "std": 0.5}, "w_o": {"shape": [6, 4], "seed": 4, "std": 0.5})";

}  // namespace

TEST_SUITE_BEGIN("core/explain");

TEST_CASE("every cell of a trace is explained, held or derived, edited or not") {
    const Pass pass = make_decoder_pass(5, 3, 10);
    const auto plan = pass.prepare(2);
    const auto node = [&](const char* name) { return pass.graph->find(name).value(); };
    for (const bool is_lean : {false, true}) {
        CAPTURE(is_lean);
        const auto base = plan->run(pass.inputs, is_lean ? keep_nothing() : RunOptions{});
        const Walk plain = walk(*base);
        CHECK_EQ(plain.flaw, "");
        CHECK_EQ(plain.given, 0);
        const Edits edits = {{{node("blocks.0.attn.pattern"), {1, 3, 0}, 0.5F},
                              {node("embed_out"), {2, 2}, -1.0F},
                              {node("logits"), {0, 0}, 7.0F}}};
        const auto edited = plan->rerun(*base, edits, {});
        const Walk after = walk(*edited);
        CHECK_EQ(after.flaw, "");
        CHECK_EQ(after.given, 3);
        const Explanation set = explain(*edited, node("logits"), {0, 0});
        CHECK_EQ(set.numbers, "7, set by hand");
        CHECK_EQ(set.cell.value, 7.0F);
    }
}

TEST_CASE("every cell of positions, memories and pictures is explained") {
    for (const Pass& pass : {make_positions_pass(5), make_memory_pass(4, 3), make_picture_pass()}) {
        const auto plan = pass.prepare(2);
        CHECK_EQ(walk(*plan->run(pass.inputs, {})).flaw, "");
        CHECK_EQ(walk(*plan->run(pass.inputs, keep_nothing())).flaw, "");
    }
}

TEST_CASE("a pixel is the end of the way") {
    const Pass pass = make_picture_pass();
    const auto trace = pass.prepare(1)->run(pass.inputs, {});
    // Square 4 begins at pixel (2, 3); column 17 is the last pixel of channel 2.
    const Explanation square = explain(*trace, pass.graph->find("squares").value(), {4, 17});
    REQUIRE_EQ(square.terms.size(), 1u);
    CHECK_EQ(square.terms[0].cell.name, "pixel_values");
    CHECK_EQ(square.terms[0].cell.index, std::vector<int>{2, 3, 5});
    const Explanation pixel = explain_input(*trace, 0, {2, 3, 5});
    CHECK_EQ(pixel.how, How::kInput);
    CHECK_EQ(pixel.formula, "pixel_values[c,y,x]");
    CHECK_EQ(pixel.cell.value, square.cell.value);
    CHECK_EQ(parse_cell(*trace, "pixel_values[2,3,5]").value, square.cell.value);
    CHECK_EQ(explain_input(*trace, 1, {0}).numbers, "4");
    CHECK_EQ(find_flaw(message_of([&] { parse_cell(*trace, "pixel_values[3,0,0]"); }),
                       {"pixel_values", "axis C from 0 to 2", "found 3"}),
             "");
}

TEST_CASE("every cell of small models of each family is explained") {
    for (const char* name : {"bert-mlm", "bert-seqcls", "gpt2-lm", "gpt2-untied"}) {
        CAPTURE(name);
        const auto model = open_model(source_dir() / "tests/data/models" / name);
        CHECK_EQ(walk(*run_model(*model, 5)).flaw, "");
        CHECK_EQ(walk(*run_model(*model, 1, keep_nothing())).flaw, "");
    }
}

TEST_CASE("every cell of worksheets of each score is explained") {
    const std::string options[] = {
        R"("score": "dot")",
        R"("score": "dot", "normalise": "sum")",
        R"("score": "scaled_dot", "heads": 2, "causal": true, )" + kMatrices,
        R"("score": "scaled_dot", "divide_by": 3, "residual": true, "norm": true)",
        R"("score": "dot", "normalise": "sum", "causal": true, "positions": "sinusoidal")",
        R"("score": "general", "w_general": [[1, 0, 2, 0], [0, 1, 0, 3], [1, 1, 0, 0], [0, 2, 0, 1]])",
        R"("score": "additive", "heads": 2, "w_score": [1, -2, 0.5], )" + kMatrices,
        R"("score": "additive", "w_score": [1, -2, 0.5, 1], "positions": [[1, 0, 0, 1], [0, 1, 0, 0], [0, 0, 1, 2]])",
        R"("score": "dot", "query_tokens": ["q"], "query_vectors": [[1, 2, 0, 1]])",
    };
    for (const std::string& option : options) {
        CAPTURE(option);
        CHECK_EQ(walk(*run_sheet(option)).flaw, "");
    }
    for (const char* name : {"bahdanau", "bank-river-flows", "dk64", "journey", "journey-matrices",
                             "journey-sum", "money-bank-grows", "three-integers"}) {
        CAPTURE(name);
        const auto model =
            open_model(source_dir() / "assets/worksheets" / (std::string(name) + ".json"));
        CHECK_EQ(walk(*run_model(*model, 0)).flaw, "");
    }
}

TEST_CASE("the id behind a token is the end of the way") {
    Pass pass = make_decoder_pass(4);
    TokenLabel label;
    label.text = "bark";
    pass.inputs.labels = {{TokenLabel{}, label}};
    const auto trace = pass.prepare(1)->run(pass.inputs, {});
    const Explanation second = explain_input(*trace, 0, {1});
    CHECK_EQ(second.how, How::kInput);
    CHECK_EQ(second.cell.name, "input_ids");
    CHECK_EQ(second.cell.value, static_cast<float>(pass.inputs.ids[0][1]));
    CHECK_EQ(second.formula, "input_ids[t]");
    CHECK_EQ(second.numbers, "10, the id of \"bark\"");
    CHECK_EQ(explain_input(*trace, 0, {3}).numbers, "2");
}

TEST_CASE("a recorded cell is explained as recorded; other traces need their weights") {
    GraphBuilder b;
    b.recorded("blocks.0.attn.q", {{"T", 2}}, Stage::kProject, ValueKind::kSigned, 0);
    const auto values = std::make_shared<float[]>(2);
    values[1] = 0.5F;
    Trace::Parts parts;
    parts.graph = b.build();
    parts.values = {values};
    const Trace recorded(std::move(parts));
    const Explanation told = explain(recorded, 0, {1});
    CHECK_EQ(told.how, How::kInput);
    CHECK_EQ(told.numbers, "0.5000, as recorded");

    const Pass pass = make_decoder_pass(3);
    const auto trace = pass.prepare(1)->run(pass.inputs, {});
    Trace::Parts bare;
    bare.graph = pass.graph;
    for (NodeId id = 0; id < pass.graph->size(); ++id) bare.values.push_back(trace->held(id));
    const Trace weightless(std::move(bare));
    CHECK_EQ(find_flaw(message_of([&] {
                           explain(weightless, 0, {0, 0});
                       }),
                       {"explain", "embed"}),
             "");
}

TEST_CASE("a cell is named as it is written") {
    const Pass pass = make_decoder_pass(4, 3, 10);
    const auto trace = pass.prepare(1)->run(pass.inputs, {});
    const Cell z = parse_cell(*trace, "blocks.0.attn.z[1, 3,2]");
    CHECK_EQ(z.kind, CellKind::kNode);
    CHECK_EQ(z.name, "blocks.0.attn.z");
    CHECK_EQ(z.index, std::vector<int>{1, 3, 2});
    CHECK_EQ(z.value, trace->value(z.id, z.index));
    const Cell id = parse_cell(*trace, "type_ids[3]");
    CHECK_EQ(id.kind, CellKind::kInput);
    CHECK_EQ(id.id, 1);
    CHECK_EQ(id.value, 1.0F);

    const auto refusal = [&](const char* text, std::initializer_list<std::string_view> parts) {
        CAPTURE(text);
        CHECK_EQ(find_flaw(message_of([&] { parse_cell(*trace, text); }), parts), "");
    };
    refusal("blocks.0.attn.patern[0,0,0]", {"a node such as blocks.0.attn.pattern", "patern"});
    refusal("logit[0,0]", {"a node such as logits"});
    refusal("qwertyuiop[0]", {"a node of the graph", "qwertyuiop"});
    refusal("blocks.0.attn.z[1,3]", {"blocks.0.attn.z", "3 indices [H=4, T=4, K=3]", "found 2"});
    refusal("blocks.0.attn.z[1,4,0]", {"axis T from 0 to 3", "found 4"});
    refusal("blocks.0.attn.z[-1,0,0]", {"axis H from 0 to 3", "found -1"});
    refusal("input_ids[4]", {"input_ids", "from 0 to 3"});
    refusal("input_ids[0,1]", {"input_ids", "1 indices"});
    refusal("blocks.0.attn.z", {"a cell such as blocks.0.attn.z[1,3,5]"});
    refusal("blocks.0.attn.z[1,3,x]", {"\"x\""});
    refusal("blocks.0.attn.z[1,3,]", {"\"\" for an index"});
    refusal("blocks.0.attn.z[]", {"\"\" for an index"});
    refusal("blocks.0.attn.z[1,3,2", {"a cell such as"});
    refusal("blocks.0.attn.z[1][3]", {"for an index"});
    refusal("blocks.0.attn.z[99999999999,0,0]", {"99999999999"});
    refusal("blocks.0.attn.z[1.5,0,0]", {"1.5"});
    refusal("", {"a cell such as", "\"\""});
    refusal("[0]", {"a node"});
}

TEST_SUITE_END();
