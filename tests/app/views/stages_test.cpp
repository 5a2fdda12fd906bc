// The stages: their list, what is said of them, matrices and the lecture, checked against the
// trace and against loops.
#include <doctest/doctest.h>
#include <imgui.h>

#include <array>
#include <cmath>
#include <filesystem>
#include <limits>
#include <set>

#include "app/views/lecture.h"
#include "app/views/stage_formula.h"
#include "app/views/stages_scene.h"
#include "core/model/model.h"
#include "core/run/backend.h"
#include "tests/app/views/screen.h"

using namespace heed;
using namespace heed::app;
using namespace heed::app::test;

namespace {

std::shared_ptr<const Trace> run_model(const std::string& path, const std::string& text) {
    const std::shared_ptr<const Model> model = open_model(assets_folder() / path);
    ModelInput input;
    if (model->summary().needs_input) input.text = text;
    const PreparedInput prepared = model->prepare(input);
    return make_cpu_backend(1)->prepare(prepared.graph, model->weights())->run(prepared.inputs, {});
}

const std::string kText = "Bark is very cute and he is a dog";
const std::vector<std::string> kModels{"models/words", "models/stories"};
const std::vector<std::string> kSheets{
    "worksheets/bahdanau.json",         "worksheets/journey.json",
    "worksheets/journey-sum.json",      "worksheets/three-integers.json",
    "worksheets/journey-matrices.json", "worksheets/dk64.json"};

// A small model of tests/data/families: a sentence by its ids, or a picture of one grey.
std::shared_ptr<const Trace> run_family(const std::string& path) {
    const auto model =
        open_model(std::filesystem::path(HEED_SOURCE_DIR) / "tests/data/families" / path);
    ModelInput input;
    if (const ModelSummary& about = model->summary(); about.channels > 0) {
        input.pixels = std::make_shared<const Tensor>(
            std::vector<int>{about.channels, about.image_height, about.image_width});
    } else {
        input.ids = {2, 5, 6, 7, 5};
    }
    const PreparedInput prepared = model->prepare(input);
    return make_cpu_backend(1)->prepare(prepared.graph, model->weights())->run(prepared.inputs, {});
}

std::vector<std::shared_ptr<const Trace>> all_traces() {
    std::vector<std::shared_ptr<const Trace>> traces;
    for (const std::string& path : kModels) traces.push_back(run_model(path, kText));
    for (const std::string& path : kSheets) traces.push_back(run_model(path, ""));
    traces.push_back(make_trace({make_words(1), 2, true}));
    traces.push_back(make_trace({make_words(5), 4, true}));
    return traces;
}

struct Scene {
    explicit Scene(std::shared_ptr<const Trace> shown, float width = 936, float height = 770,
                   float scale = 1)
        : screen(width, height, scale),
          trace(std::move(shown)),
          selection(default_selection(trace->graph())) {
        state.texts = std::make_shared<const StageTexts>(StageTexts::load());
        state.options.mode = StagesMode::kAllAtOnce;
    }
    Screen::Draw draw() {
        return [this](UiContext& ui) {
            return draw_stages_view(*trace, selection, screen.area(), state, ui);
        };
    }
    void go_to(const StageEntry& entry) {
        state.options.side = entry.tells_parts ? StagesSide::kParts : StagesSide::kResult;
        selection = ask_node(trace->graph(), selection, entry.shown);
    }
    float value(NodeId node, const std::vector<int>& cell) const {
        return trace->value(node, cell);
    }

    Screen screen;
    std::shared_ptr<const Trace> trace;
    Selection selection;
    StagesViewState state;
};

// "view/stages/cell[3,5]" -> {3, 5}; empty for other items.
std::vector<int> index_of(const std::string& id, const std::string& prefix) {
    std::vector<int> index;
    if (id.compare(0, prefix.size() + 1, prefix + "[") != 0) return index;
    std::string digits;
    for (const char c : id.substr(prefix.size() + 1)) {
        if (c >= '0' && c <= '9') {
            digits += c;
        } else {
            index.push_back(std::stoi(digits));
            digits.clear();
        }
    }
    return index;
}

bool is_same(double a, double b) {
    return a == b || (std::isinf(a) && std::isinf(b) && a < 0 && b < 0);
}

std::vector<StageEntry> stages_of(const Scene& scene) {
    return list_stages(scene.trace->graph(), scene.selection.layer);
}

}  // namespace

TEST_SUITE_BEGIN("app/views/stages");

TEST_CASE("the stages of a layer hold each of its nodes once, in order") {
    for (const auto& trace : all_traces()) {
        const Graph& graph = trace->graph();
        for (int layer = 0; layer < graph.layers(); ++layer) {
            const std::vector<StageEntry> stages = list_stages(graph, layer);
            std::set<NodeId> seen;
            for (std::size_t i = 0; i < stages.size(); ++i) {
                CAPTURE(stages[i].name);
                REQUIRE(!stages[i].nodes.empty());
                CHECK(find_stage(stages, stages[i].shown, stages[i].tells_parts) ==
                      static_cast<int>(i));
                if (stages[i].tells_parts) continue;
                for (const NodeId node : stages[i].nodes) CHECK(seen.insert(node).second);
                for (const NodeId node : stages[i].aliases) CHECK(seen.insert(node).second);
            }
            std::size_t expected = 0;
            for (const Node& node : graph.nodes()) {
                if (node.layer == layer || node.layer == -1) ++expected;
            }
            CHECK(seen.size() == expected);
        }
    }
}

TEST_CASE("a class's words name the stages of GPT-2 and BERT") {
    const auto names = [](const std::string& model) {
        std::string text;
        for (const StageEntry& stage : list_stages(run_model(model, kText)->graph(), 1)) {
            text += (text.empty() ? "" : ", ") + stage.name;
        }
        return text;
    };
    const std::string attention =
        "q k v, scores, \u00f7 \u221ad_k, mask, softmax, \u00d7 values, sum, join heads, project, "
        "add, ";
    CHECK(names("models/stories") == "tokens, embed, position, add, norm, " + attention +
                                         "norm, feed forward, add, final norm, predict");
    CHECK(names("models/words") == "tokens, embed, position, segment, add, norm, " + attention +
                                       "norm, feed forward, add, norm, predict");
}

TEST_CASE("every stage has a sentence, a formula, what changed, and code") {
    for (const auto& trace : all_traces()) {
        Scene scene(trace);
        for (const StageEntry& stage : stages_of(scene)) {
            CAPTURE(stage.name);
            for (const NodeId node : stage.nodes) {
                scene.selection = ask_node(trace->graph(), scene.selection, node);
                const StageFacts facts = collect_facts(*trace, scene.selection, stage, node);
                CAPTURE(facts.help);
                for (const char* field : {"sentence", "changed"}) {
                    const std::string text =
                        scene.state.texts->text(facts.help, field, facts.words);
                    CHECK(!text.empty());
                    CHECK(text.find('{') == std::string::npos);
                }
                CHECK(!stage_formula(trace->graph(), stage, node).empty());
                for (const char* version : {"loop", "matrix"}) {
                    const auto lines = scene.state.texts->code(facts.help, version, facts.words);
                    CHECK(!lines.empty());
                }
            }
        }
    }
}

TEST_CASE("the formula is composed out of the graph") {
    const auto formula = [](const std::string& model, const std::string& node) {
        const auto trace = run_model(model, kText);
        return symbols_of(trace->graph(), trace->graph().find(node).value());
    };
    CHECK(formula("models/words", "blocks.1.attn.pattern") ==
          "softmax(q \u00b7 k\u1d40 / \u221a32)");
    CHECK(formula("models/stories", "blocks.1.attn.pattern") ==
          "softmax(mask(q \u00b7 k\u1d40 / \u221a32))");
    CHECK(formula("worksheets/journey-sum.json", "blocks.0.attn.pattern") ==
          "(q \u00b7 k\u1d40) / \u2211");
    CHECK(formula("worksheets/bahdanau.json", "blocks.0.attn.dots") ==
          "w_score \u00b7 tanh(q + k)");
}

TEST_CASE("at every stage the dump's numbers are the trace's") {
    for (const auto& trace : all_traces()) {
        for (const StagesMode mode : {StagesMode::kAllAtOnce, StagesMode::kOneWord}) {
            Scene scene(trace);
            scene.state.options.mode = mode;
            for (const StageEntry& stage : stages_of(scene)) {
                if (stage.help == "tokens") continue;
                scene.go_to(stage);
                for (int i = 0; i < 3; ++i) scene.screen.frame(scene.draw());
                CAPTURE(stage.name);
                int seen = 0;
                for (const Item& item : scene.screen.items().items()) {
                    const std::vector<int> at = index_of(item.id, "view/stages/cell");
                    if (at.empty()) continue;
                    ++seen;
                    const MatrixPlace place = place_matrix(*trace, scene.selection, stage.shown);
                    const float expected = scene.value(stage.shown, place.cell_at(at[0], at[1]));
                    CHECK(is_same(item.value.value(), static_cast<double>(expected)));
                }
                const bool is_lecture = scene.screen.items().find("view/stages/query") != nullptr;
                CHECK((seen > 0 || is_lecture));
                check_items_inside(scene.screen, "view/stages", scene.screen.area());
            }
        }
    }
}

TEST_CASE("the numbers that go into a product give the numbers that come out") {
    Scene scene(make_trace({make_words(5), 2, true}));
    for (const char* name : {"blocks.0.attn.q", "blocks.0.attn.dots", "blocks.0.attn.z"}) {
        const NodeId node = scene.trace->graph().find(name).value();
        scene.selection = ask_node(scene.trace->graph(), scene.selection, node);
        const StageEquation equation = make_equation(*scene.trace, scene.selection, node);
        REQUIRE(equation.is_product);
        MatrixCache cache;
        const auto read = [&](const StagePart& part) {
            return read_part(*scene.trace, part, 1, 0, part.rows.extent, cache);
        };
        const PartValues a = read(equation.inputs[0]);
        const PartValues b = read(equation.inputs[1]);
        const PartValues out = read(equation.output);
        for (int r = 0; r < equation.output.rows.extent; ++r) {
            for (int c = 0; c < equation.output.columns.extent; ++c) {
                double sum = 0;
                for (int i = 0; i < equation.inputs[0].columns.extent; ++i) {
                    sum += static_cast<double>(a.at(r, i)) * static_cast<double>(b.at(i, c));
                }
                CHECK(sum == doctest::Approx(static_cast<double>(out.at(r, c))).epsilon(1e-4));
            }
        }
    }
}

TEST_CASE("the steps of the lecture add up as a loop does") {
    for (const auto& trace : all_traces()) {
        Scene scene(trace, 1600, 1000);
        scene.state.options.mode = StagesMode::kOneWord;
        const AttentionSite* site = find_site(trace->graph(), 0, "");
        REQUIRE(site != nullptr);
        scene.selection = ask_node(trace->graph(), scene.selection, *site->z);
        scene.screen.frame(scene.draw());
        const auto number = [&](const std::string& id) {
            return scene.screen.item("view/stages/" + id).value.value();
        };
        const int width = trace->graph().node(*site->z).shape.extent(-1);
        const int keys = trace->graph().node(*site->pattern).shape.extent(-1);
        double weights = 0;
        for (int s = 0; s < keys; ++s) weights += number("weight[" + std::to_string(s) + "]");
        CHECK(weights == doctest::Approx(1).epsilon(1e-4));
        for (int k = 0; k < std::min(width, 8); ++k) {
            double sum = 0;
            for (int s = 0; s < keys; ++s) {
                const std::string at = std::to_string(s) + "," + std::to_string(k) + "]";
                const double part = number("weighted[" + at);
                CHECK(part == doctest::Approx(number("weight[" + std::to_string(s) + "]") *
                                              number("v[" + at))
                                  .epsilon(1e-5));
                sum += part;
            }
            CHECK(sum == doctest::Approx(number("z[" + std::to_string(k) + "]")).epsilon(1e-4));
            CHECK(number("z[" + std::to_string(k) + "]") ==
                  static_cast<double>(scene.value(*site->z, {0, 0, k})));
        }
    }
}

TEST_CASE("the lecture tells step after step, and what is told stays where it is") {
    Scene scene(run_model("models/stories", kText));
    scene.state.options.mode = StagesMode::kOneWord;
    scene.selection.query = 3;
    const std::vector<StageEntry> stages = stages_of(scene);
    const auto plan =
        plan_lecture(scene.trace->graph(), stages, find_site(scene.trace->graph(), 0, ""));
    REQUIRE(plan.has_value());
    CHECK(plan->step_stages.size() == 6);
    std::map<std::string, Rect> places;
    std::size_t told = 0;
    for (int stage = plan->step_stages.front(); stage <= plan->step_stages.back(); ++stage) {
        scene.go_to(stages[static_cast<std::size_t>(stage)]);
        for (int i = 0; i < 3; ++i) scene.screen.frame(scene.draw());
        std::size_t now = 0;
        for (const Item& item : scene.screen.items().items()) {
            if (item.kind != "cell" || !item.rect) continue;
            ++now;
            const auto [at, is_new] = places.insert({item.id, *item.rect});
            if (!is_new) CHECK(at->second == *item.rect);
        }
        CHECK(now >= told);
        told = now;
    }
    CHECK(scene.screen.item("view/stages/row[5]").kind == "blocked");
    CHECK(scene.screen.item("view/stages/weight[5]").value == 0.0);
}

TEST_CASE("queries and keys are normed and turned in the lecture, both in one step each") {
    Scene scene(run_family("generators/qwen3-head-norms"));
    scene.state.options.mode = StagesMode::kOneWord;
    scene.selection.query = 3;
    const Graph& graph = scene.trace->graph();
    const std::vector<StageEntry> stages = stages_of(scene);
    const auto plan = plan_lecture(graph, stages, find_site(graph, 0, ""));
    REQUIRE(plan.has_value());
    const std::vector<std::array<std::string, 4>> wanted{
        {"q k v", "q", "k", "1  key vectors"},
        {"norm", "q_norm", "k_norm", "2  normed keys"},
        {"position", "rot_q", "rot_k", "3  turned keys"}};
    REQUIRE(plan->forms.size() == wanted.size());
    const int group =
        scene.selection.head * graph.node(plan->k).shape.extent(0) / plan->query_heads;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        CAPTURE(i);
        const auto& [name, q, k, title] = wanted[i];
        const int stage = plan->forms[i].stage;
        CHECK(stage == plan->forms[0].stage + static_cast<int>(i));
        CHECK(stages[static_cast<std::size_t>(stage)].name == name);
        scene.go_to(stages[static_cast<std::size_t>(stage)]);
        for (int frame = 0; frame < 3; ++frame) scene.screen.frame(scene.draw());
        CHECK(scene.screen.item("view/stages/query").text.rfind(q + " of", 0) == 0);
        CHECK(scene.screen.item("view/stages/header[0]").text == title);
        const NodeId queries = graph.find("blocks.0.attn." + q).value();
        const NodeId keys = graph.find("blocks.0.attn." + k).value();
        CHECK(scene.screen.item("view/stages/q[1]").value ==
              static_cast<double>(scene.value(queries, {scene.selection.head, 3, 1})));
        CHECK(scene.screen.item("view/stages/k[2,1]").value ==
              static_cast<double>(scene.value(keys, {group, 2, 1})));
    }
}

TEST_CASE("one number that is added to the score of every word is drawn under each") {
    Scene scene(run_family("encoders/electra-discriminator"));
    const NodeId logits = scene.trace->graph().find("logits").value();
    scene.selection = ask_cell(scene.trace->graph(), scene.selection, logits, {1});
    const StageEquation equation = make_equation(*scene.trace, scene.selection, logits);
    REQUIRE(equation.bias.has_value());
    MatrixCache cache;
    const PartValues bias = read_part(*scene.trace, *equation.bias, 1, 0, 1, cache);
    REQUIRE(bias.is_ready());
    CHECK(bias.at(0, 0) != 0);
    for (int t = 0; t < equation.output.columns.extent; ++t) CHECK(bias.at(0, t) == bias.at(0, 0));
    CHECK(part_cell(*scene.trace, *equation.bias, 0, 3) == std::vector<int>{0});
}

TEST_CASE("a patch is the same before and behind the row for the whole picture, and is called so") {
    Scene scene(run_family("pictures/vit-pooler"));
    scene.state.options.mode = StagesMode::kOneWord;
    scene.selection.query = 2;
    const std::vector<StageEntry> stages = stages_of(scene);
    REQUIRE(stages.front().name == "patches");
    scene.go_to(stages.front());
    CHECK(scene.selection.cell.front() == 1);
    for (int frame = 0; frame < 3; ++frame) scene.screen.frame(scene.draw());
    const std::string patch =
        token_text(*scene.trace, find_site(scene.trace->graph(), 0, "")->query_sequence, 2);
    CHECK(scene.screen.item("view/stages/title").text == "patches of \u201c" + patch + "\u201d");
    CHECK(scene.screen.item("view/stages/row[1]").text == patch);
    CHECK(scene.screen.item("view/stages/caption").text.find("patches (query)") !=
          std::string::npos);
    // The row for the whole picture is made of no patch.
    scene.selection.query = 0;
    const NodeId embed = scene.trace->graph().find("embed").value();
    scene.selection = ask_node(scene.trace->graph(), scene.selection, embed);
    const StageEquation whole = make_equation(*scene.trace, scene.selection, embed);
    const int words = whole.output.rows.extent;
    CHECK(keep_word(whole, 0, words).inputs.empty());
    CHECK(keep_word(whole, 2, words).inputs.front().only_row == 1);
}

TEST_CASE("wide vectors are cut where it is said, and the rest is a press away") {
    Scene scene(run_model("models/words", kText));
    const NodeId node = scene.trace->graph().find("blocks.0.attn_out").value();
    scene.selection = ask_node(scene.trace->graph(), scene.selection, node);
    for (int i = 0; i < 3; ++i) scene.screen.frame(scene.draw());
    const std::string before = scene.screen.item("view/stages/page/columns").text;
    CHECK(before.find("of 192") != std::string::npos);
    CHECK(scene.screen.items().find("view/stages/cell[0,40]") == nullptr);
    for (int i = 0; i < 20 && scene.screen.items().find("view/stages/cell[0,40]") == nullptr; ++i) {
        scene.screen.click(scene.draw(), "view/stages/page/columns/after");
        scene.screen.frame(scene.draw());
    }
    CHECK(scene.screen.item("view/stages/cell[0,40]").value ==
          static_cast<double>(scene.value(node, {0, 40})));
}

TEST_CASE("a click on a number asks about it, of the output and of what goes in") {
    Scene scene(make_trace({make_words(8), 2}));
    const NodeId dots = scene.trace->graph().find("blocks.0.attn.dots").value();
    scene.selection = ask_cell(scene.trace->graph(), scene.selection, dots, {1, 2, 3});
    scene.screen.frame(scene.draw());
    ViewResult result = scene.screen.click(scene.draw(), "view/stages/cell[4,6]");
    REQUIRE(result.selection.has_value());
    CHECK(result.selection->node == "blocks.0.attn.dots");
    CHECK(result.selection->cell == std::vector<int>{1, 4, 6});
    // The keys lie turned: a word is a column.
    result = scene.screen.click(scene.draw(), "view/stages/k/cell[2,5]");
    REQUIRE(result.selection.has_value());
    CHECK(result.selection->node == "blocks.0.attn.k");
    CHECK(result.selection->cell == std::vector<int>{1, 5, 2});
}

TEST_CASE("another layer keeps the stage and the number that is asked about") {
    const auto trace = run_model("models/words", kText);
    const Graph& graph = trace->graph();
    Selection selection = default_selection(graph);
    selection = ask_cell(graph, selection, graph.find("blocks.0.mlp.pre").value(), {2, 70});
    Selection wanted = selection;
    wanted.layer = 2;
    wanted.query = 4;
    const Selection kept = keep_stage(graph, selection, wanted);
    CHECK(kept.node == "blocks.2.mlp.pre");
    CHECK(kept.cell == std::vector<int>{4, 70});
    selection.node = "embed";
    selection.cell = {2, 9};
    CHECK(keep_stage(graph, selection, wanted).node == "embed");
}

TEST_CASE("the tokens are told by piece, id and bytes") {
    Scene scene(run_model("models/words", kText));
    scene.go_to(stages_of(scene).front());
    scene.screen.frame(scene.draw());
    CHECK(scene.screen.item("view/stages/token[1]").text == "bark");
    CHECK(scene.screen.item("view/stages/bytes[1]").text == "0\u20134");
    CHECK(scene.screen.item("view/stages/id[1]").value ==
          static_cast<double>(scene.trace->labels(0)[1].id));
    const ViewResult result = scene.screen.click(scene.draw(), "view/stages/token[2]");
    REQUIRE(result.commands.size() == 1);
    CHECK(result.commands.front().arguments == std::vector<std::string>{"2"});
}

TEST_CASE("texts and code of the wrong kind are refused") {
    CHECK_THROWS(StageTexts("[]", "{}", "help"));
    CHECK_THROWS(StageTexts("{\"mask\": 3}", "{}", "help"));
    CHECK_THROWS(StageTexts("{\"mask\": {\"sentence\": 3}}", "{}", "help"));
    CHECK_THROWS(StageTexts("{}", "{\"mask\": {\"loop\": \"x\"}}", "help"));
    CHECK(fill_in("{a} and {b}", {{"a", "1"}}) == "1 and {b}");
}

TEST_CASE("a frame of the stages of 60 words is measured") {
    Scene scene(make_trace({make_words(60), 8, true}));
    for (const StagesMode mode : {StagesMode::kAllAtOnce, StagesMode::kOneWord}) {
        scene.state.options.mode = mode;
        scene.state.options.shows_code = true;
        for (const StageEntry& stage : stages_of(scene)) {
            scene.go_to(stage);
            scene.screen.quick_frame(scene.draw());
            const double best_ms = scene.screen.measure_ms(scene.draw(), 10);
            MESSAGE(stage.name, ": ", best_ms, " ms");
        }
    }
}

TEST_SUITE_END();
