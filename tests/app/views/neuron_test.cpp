#include "app/views/neuron.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cmath>

#include "core/model/worksheet.h"
#include "core/run/backend.h"
#include "tests/app/views/screen.h"

using namespace heed;
using namespace heed::app;
using namespace heed::app::test;

namespace {

std::shared_ptr<const Trace> run_sheet(const std::string& text) {
    const auto model = make_worksheet_model(parse_worksheet(text, "sheet.json"), "sheet.json");
    const PreparedInput prepared = model->prepare({});
    return make_cpu_backend(1)->prepare(prepared.graph, model->weights())->run(prepared.inputs, {});
}

struct Scene {
    explicit Scene(std::shared_ptr<const Trace> run, float width = 936, float height = 738,
                   float scale = 1)
        : screen(width, height, scale),
          trace(std::move(run)),
          selection(default_selection(trace->graph())) {}

    void choose(int head, int query, int key) {
        selection.head = head;
        selection.query = query;
        selection.key = key;
        selection = ask_pattern(trace->graph(), selection);
    }
    Screen::Draw draw() {
        return [this](UiContext& ui) {
            return draw_neuron_view(*trace, selection, screen.area(), state, ui);
        };
    }
    double value(const std::string& node, const std::vector<int>& cell) const {
        return static_cast<double>(trace->value(trace->graph().find(node).value(), cell));
    }

    Screen screen;
    std::shared_ptr<const Trace> trace;
    Selection selection;
    NeuronViewState state;
};

const std::string kAttn = "blocks.0.attn.";

const std::string kAdditive =
    R"({"name": "s", "tokens": ["a", "b"], "vectors": [[1, 0, 2], [0, 1, -1]], "score": "additive",
        "w_score": [2, -1, 0.5]})";

}  // namespace

TEST_SUITE_BEGIN("app/neuron");

TEST_CASE("the bars of a pair are q times k and add up to the score that the trace has") {
    for (const NeuronSort sort : {NeuronSort::kSize, NeuronSort::kPlace}) {
        Scene scene(make_trace({make_words(8), 2, true}));
        scene.state.options.sort = sort;
        scene.choose(1, 5, 3);
        scene.screen.frame(scene.draw());
        double sum = 0;
        double before_x = -1;
        double before = 1e30;
        const NeuronPair& pair = scene.state.pair.value();
        for (const int d : pair.order) {
            const Item& item = scene.screen.item(indexed_id("view/neuron/term", {d}));
            const double want =
                scene.value(kAttn + "q", {1, 5, d}) * scene.value(kAttn + "k", {1, 3, d});
            CHECK(item.value.value() == doctest::Approx(want));
            CHECK(scene.screen.item(indexed_id("view/neuron/q", {d})).value ==
                  scene.value(kAttn + "q", {1, 5, d}));
            CHECK(scene.screen.item(indexed_id("view/neuron/k", {d})).value ==
                  scene.value(kAttn + "k", {1, 3, d}));
            CHECK(static_cast<double>(item.rect->x) > before_x);
            before_x = static_cast<double>(item.rect->x);
            if (sort == NeuronSort::kSize) CHECK(std::abs(want) <= before + 1e-9);
            before = std::abs(want);
            sum += want;
        }
        const double score = scene.value(kAttn + "dots", {1, 5, 3});
        CHECK(sum == doctest::Approx(score).epsilon(1e-5));
        CHECK(scene.screen.item("view/neuron/sum").value.value() ==
              doctest::Approx(score).epsilon(1e-5));
        const char* chain[] = {"dots", "scaled", "masked", "pattern"};
        for (int i = 0; i < 4; ++i) {
            CHECK(scene.screen.item(indexed_id("view/neuron/step", {i})).value ==
                  scene.value(kAttn + chain[i], {1, 5, 3}));
        }
    }
}

TEST_CASE("a row shows the products with every key, ordered by score, what is masked last") {
    Scene scene(make_trace({make_words(6), 2, true}));
    scene.state.options.mode = NeuronMode::kRow;
    scene.choose(0, 3, 1);
    scene.screen.frame(scene.draw());
    const NeuronRow& row = scene.state.row.value();
    double before = 1e30;
    for (std::size_t i = 0; i < row.order.size(); ++i) {
        const int s = row.order[i];
        double sum = 0;
        for (int d = 0; d < row.width; ++d) {
            const double want =
                scene.value(kAttn + "q", {0, 3, d}) * scene.value(kAttn + "k", {0, s, d});
            const Item& item = scene.screen.item(indexed_id("view/neuron/term", {s, d}));
            CHECK(item.value.value() == doctest::Approx(want).epsilon(1e-5));
            sum += want;
        }
        const Item& score = scene.screen.item(indexed_id("view/neuron/score", {s}));
        CHECK(score.value.value() == doctest::Approx(sum).epsilon(1e-5));
        const Item& weight = scene.screen.item(indexed_id("view/neuron/weight", {s}));
        CHECK(weight.value == scene.value(kAttn + "pattern", {0, 3, s}));
        CHECK((weight.kind == "blocked") == (s > 3));
        CHECK((s > 3) == (i > 3));
        if (s <= 3) CHECK(*weight.value <= before);
        if (s <= 3) before = *weight.value;
    }
}

TEST_CASE("a press on a column asks about the number that is under it") {
    Scene scene(make_trace({make_words(8), 2, true}));
    scene.choose(1, 5, 3);
    scene.screen.frame(scene.draw());
    ViewResult result = scene.screen.click(scene.draw(), "view/neuron/term[2]");
    REQUIRE(result.selection.has_value());
    CHECK(result.selection->node == kAttn + "q");
    CHECK(result.selection->cell == std::vector<int>{1, 5, 2});
    result = scene.screen.click(scene.draw(), "view/neuron/k[1]");
    REQUIRE(result.selection.has_value());
    CHECK(result.selection->node == kAttn + "k");
    CHECK(result.selection->cell == std::vector<int>{1, 3, 1});
    CHECK(result.selection->query == 5);
    CHECK(result.selection->key == 3);
    result = scene.screen.click(scene.draw(), "view/neuron/step[1]");
    REQUIRE(result.selection.has_value());
    CHECK(result.selection->node == kAttn + "scaled");
}

TEST_CASE("a press on a word of the row chooses it, the switch asks for the other mode") {
    Scene scene(make_trace({make_words(8)}));
    scene.choose(0, 2, 0);
    scene.screen.frame(scene.draw());
    ViewResult result = scene.screen.click(scene.draw(), "view/neuron.mode/row");
    REQUIRE(result.commands.size() == 1);
    CHECK(result.commands[0].action == "set");
    CHECK(result.commands[0].arguments == std::vector<std::string>{"neuron.mode", "row"});
    scene.state.options.mode = NeuronMode::kRow;
    scene.screen.frame(scene.draw());
    result = scene.screen.click(scene.draw(), "view/neuron/key[6]");
    REQUIRE(result.selection.has_value());
    CHECK(result.selection->key == 6);
    CHECK(result.selection->query == 2);
}

TEST_CASE("an additive score shows its tanh and its learned numbers") {
    Scene scene(run_sheet(kAdditive));
    scene.choose(0, 1, 0);
    scene.screen.frame(scene.draw());
    double sum = 0;
    const double w[] = {2, -1, 0.5};
    const double q[] = {0, 1, -1};
    const double k[] = {1, 0, 2};
    for (int d = 0; d < 3; ++d) {
        const double want = w[d] * std::tanh(q[d] + k[d]);
        CHECK(scene.screen.item(indexed_id("view/neuron/term", {d})).value.value() ==
              doctest::Approx(want).epsilon(1e-5));
        CHECK(scene.screen.item(indexed_id("view/neuron/w", {d})).value == w[d]);
        sum += want;
    }
    CHECK(scene.screen.item("view/neuron/sum").value.value() == doctest::Approx(sum).epsilon(1e-5));
}

TEST_CASE("numbers of the picture are those of its cells") {
    Scene scene(make_trace({make_words(4), 2}));
    scene.choose(0, 2, 1);
    scene.screen.frame(scene.draw());
    REQUIRE(scene.screen.figures.size() == 1);
    CHECK(scene.screen.figures[0].id == "view/neuron/pair");
    const NumberTable table = scene.screen.figures[0].numbers();
    CHECK(table.row_labels.size() == 3);
    REQUIRE(table.values.size() == 3 * table.column_labels.size());
    const int d = std::stoi(table.column_labels[1]);
    CHECK(static_cast<double>(table.values[1]) == scene.value(kAttn + "q", {0, 2, d}));
}

TEST_CASE("everything stays in the card and apart, at every size and number of dimensions") {
    const float sizes[][3] = {{936, 738, 1}, {620, 480, 1},  {392, 316, 1},
                              {300, 200, 1}, {1240, 960, 2}, {2400, 1800, 3}};
    for (const auto& size : sizes) {
        Screen screen(size[0], size[1], size[2]);
        for (const int width : {1, 2, 32, 64, 256}) {
            CAPTURE(size[0]);
            CAPTURE(width);
            screen.frame([&](UiContext& ui) {
                const Rect inside = inset(screen.area(), ui.px(16));
                const NeuronPairLayout layout = layout_neuron_pair(ui, {inside, width, 2, 4});
                std::vector<std::pair<std::string, Rect>> parts{
                    {"mode", layout.header.mode},   {"sort", layout.header.sort},
                    {"title", layout.header.title}, {"sentence", layout.sentence},
                    {"labels", layout.labels},      {"bars", layout.bars},
                    {"running", layout.running},    {"dimensions", layout.dimensions},
                    {"legend", layout.legend}};
                for (const Rect& strip : layout.strips) parts.emplace_back("strip", strip);
                for (const Rect& step : layout.steps) parts.emplace_back("step", step);
                check_apart(parts);
                for (const auto& part : parts) {
                    const Rect& rect = part.second;
                    CAPTURE(part.first);
                    if (rect.is_empty()) continue;
                    CHECK(rect.x >= inside.x - 0.51F);
                    CHECK(rect.right() <= inside.right() + 0.51F);
                    CHECK(rect.bottom() <= inside.bottom() + 0.51F);
                }
                CHECK(layout.shown >= 1);
                CHECK(layout.bars.h > 0);
                const NeuronRowLayout row = layout_neuron_row(ui, {inside, width, 60, 80});
                CHECK(row.strip_x + row.strip_w <= row.score_x + 0.51F);
                CHECK(row.weight_x <= inside.w + 0.51F);
                CHECK(row.list.bottom() <= inside.bottom() + 0.51F);
                return ViewResult();
            });
        }
    }
}

TEST_CASE("a frame costs less than 4 ms") {
    for (const int count : {8, 60, 300}) {
        for (const NeuronMode mode : {NeuronMode::kPair, NeuronMode::kRow}) {
            Scene scene(make_trace({make_words(count), 2, true}));
            scene.state.options.mode = mode;
            scene.choose(1, count - 1, 0);
            scene.screen.quick_frame(scene.draw());
            const auto begin = std::chrono::steady_clock::now();
            for (int i = 0; i < 20; ++i) scene.screen.quick_frame(scene.draw());
            const std::chrono::duration<double, std::milli> took =
                std::chrono::steady_clock::now() - begin;
            MESSAGE(count, " tokens, mode ", static_cast<int>(mode), ": ", took.count() / 20,
                    " ms");
            CHECK(took.count() / 20 < 20);
        }
    }
}

TEST_CASE("both modes draw within their card with 1, 8 and 60 words and long ones") {
    for (const int count : {1, 8, 60}) {
        for (const NeuronMode mode : {NeuronMode::kPair, NeuronMode::kRow}) {
            for (const float width : {936.0F, 392.0F}) {
                std::vector<std::string> words = make_words(count);
                words.back() = std::string(200, 'w');
                Scene scene(make_trace({words, 2, true}), width, width * 0.75F);
                scene.state.options.mode = mode;
                scene.choose(1, count - 1, count / 2);
                scene.screen.frame(scene.draw());
                check_items_inside(scene.screen, "view/neuron", scene.screen.area());
            }
        }
    }
}
