#include "app/views/predict.h"

#include <doctest/doctest.h>
#include <imgui.h>

#include <cmath>

#include "app/views/predict_facts.h"
#include "core/model/model.h"
#include "core/run/backend.h"
#include "tests/app/views/screen.h"

using namespace heed;
using namespace heed::app;
using namespace heed::app::test;

namespace {

constexpr double kNear = 1e-6;  // float32 softmax beside one in double

struct Scene {
    explicit Scene(std::shared_ptr<const Trace> shown, float width = 936, float height = 770,
                   float scale = 1)
        : screen(width, height, scale),
          trace(std::move(shown)),
          selection(default_selection(trace->graph())) {
        screen.trace = trace;
    }
    Screen::Draw draw() {
        return [this](UiContext& ui) {
            return draw_predict_view(*trace, selection, screen.area(), state, ui);
        };
    }
    // Logits of a position, read cell by cell.
    std::vector<double> logits(int position) const {
        const NodeId node = trace->graph().find("logits").value();
        std::vector<double> row;
        for (int id = 0; id < trace->graph().node(node).shape.extent(-1); ++id) {
            row.push_back(static_cast<double>(trace->value(node, {position, id})));
        }
        return row;
    }

    Screen screen;
    std::shared_ptr<const Trace> trace;
    Selection selection;
    PredictViewState state;
};

// By going through the row once for each place.
std::vector<int> naive_order(const std::vector<double>& row, int count) {
    std::vector<int> order;
    std::vector<bool> is_taken(row.size(), false);
    for (int place = 0; place < count; ++place) {
        std::size_t best = row.size();
        for (std::size_t id = 0; id < row.size(); ++id) {
            if (!is_taken[id] && (best == row.size() || row[id] > row[best])) best = id;
        }
        is_taken[best] = true;
        order.push_back(static_cast<int>(best));
    }
    return order;
}

}  // namespace

TEST_SUITE_BEGIN("app/views/predict");

TEST_CASE("the list's probabilities, logits and ranks are what loops find") {
    for (const char* name : {"stories", "words"}) {
        CAPTURE(name);
        Scene scene(run_shipped("the little dog was very happy", name));
        scene.selection.query = 3;
        scene.screen.frame(scene.draw());
        check_items_inside(scene.screen, "view/predict", scene.screen.area());
        const std::vector<double> row = scene.logits(3);
        double sum = 0;
        for (const double logit : row) sum += std::exp(logit);
        const std::vector<int> order = naive_order(row, 10);
        const NodeId probs = scene.trace->graph().find("probs").value();
        for (int place = 0; place < 10; ++place) {
            const int id = order[static_cast<std::size_t>(place)];
            const std::string item = indexed_id("view/predict/word", {place});
            const double logit = row[static_cast<std::size_t>(id)];
            CHECK(scene.screen.item(item).value.value() ==
                  static_cast<double>(scene.trace->value(probs, {3, id})));
            CHECK(std::abs(scene.screen.item(item).value.value() - std::exp(logit) / sum) < kNear);
            CHECK(scene.screen.item(item + "/logit").value.value() == logit);
            CHECK(scene.screen.item(item + "/rank").value.value() == place + 1);
            CHECK(scene.screen.item(item).text ==
                  scene.trace->inputs().names->name({"V", 4096}, id));
        }
        const ViewResult result = scene.screen.click(scene.draw(), "view/predict/word[2]");
        REQUIRE(result.selection.has_value());
        CHECK(result.selection->node == "probs");
        CHECK(result.selection->cell == std::vector<int>{3, order[2]});
        CHECK(result.selection->query == 3);
    }
}

TEST_CASE("what stands in the sentence is told with its rank") {
    Scene scene(run_shipped("The little dog was very happy", "stories"));
    scene.selection.query = 3;
    scene.screen.frame(scene.draw());
    const std::vector<double> row = scene.logits(3);
    const int next = scene.trace->labels(0)[4].id;
    int rank = 1;
    for (const double logit : row) rank += logit > row[static_cast<std::size_t>(next)] ? 1 : 0;
    const Item& actual = scene.screen.item("view/predict/actual");
    CHECK(actual.text.find("rank " + std::to_string(rank) + ",") != std::string::npos);
    scene.selection.query = 5;
    scene.screen.frame(scene.draw());
    CHECK(scene.screen.items().find("view/predict/actual") == nullptr);
    CHECK(scene.screen.items().find("view/predict/jump") == nullptr);
}

TEST_CASE("the last layer of the lens is the list, and each layer's word is its own") {
    for (const char* name : {"stories", "words"}) {
        CAPTURE(name);
        Scene scene(run_shipped("the little dog was very happy", name));
        scene.selection.query = 2;
        scene.screen.frame(scene.draw());
        const int last = static_cast<int>(scene.state.lens.value().sources.size()) - 1;
        for (int place = 0; place < kLensWords; ++place) {
            const Item& cell = scene.screen.item(indexed_id("view/predict/lens", {last, place}));
            const Item& word = scene.screen.item(indexed_id("view/predict/word", {place}));
            CHECK(cell.text == word.text);
            CHECK(std::abs(cell.value.value() - word.value.value()) < kNear);
        }
        CHECK(scene.screen.item(indexed_id("view/predict/answer-rank", {last})).value == 1);

        scene.state.options.mode = PredictMode::kLens;
        scene.screen.frame(scene.draw());
        check_items_inside(scene.screen, "view/predict", scene.screen.area());
        const LensPlan& plan = *scene.state.lens;
        for (int row = 0; row <= last; ++row) {
            const Tensor logits = compute_lens_logits(
                *scene.trace, plan, plan.sources[static_cast<std::size_t>(row)], 0, 6, {});
            for (int position = 0; position < 6; ++position) {
                int best = 0;
                for (int id = 0; id < logits.extent(1); ++id) {
                    if (logits.at({position, id}) > logits.at({position, best})) best = id;
                }
                const Item& cell =
                    scene.screen.item(indexed_id("view/predict/layers", {row, position}));
                CHECK(cell.text == scene.trace->inputs().names->name({"V", 4096}, best));
            }
        }
        const ViewResult result = scene.screen.click(scene.draw(), "view/predict/layers[1,4]");
        CHECK(result.commands.empty());
    }
}

TEST_CASE("searched words are found by their letters, equal ones first") {
    Scene scene(run_shipped("The little dog was very", "stories"));
    scene.selection.query = 4;
    scene.state.search.edit.reset("HAPPY");
    scene.screen.frame(scene.draw());
    CHECK(scene.screen.item("view/predict/word[0]").text == "\u2423happy");
    CHECK(scene.screen.item("view/predict/word[0]/rank").value == 1);
    scene.state.search.edit.reset("qqqqqq");
    scene.screen.frame(scene.draw());
    CHECK(scene.screen.items().find("view/predict/none/title") != nullptr);
}

TEST_CASE("a word is masked whole, with its pieces, and the rest stays") {
    const auto trace = run_shipped("Bark is unbelievably cute", "words");
    const auto labels = trace->labels(0);
    int first = -1;
    int last = -1;
    for (int i = 0; i < static_cast<int>(labels.size()); ++i) {
        const TokenLabel& label = labels[static_cast<std::size_t>(i)];
        if (label.begin >= 8 && label.end <= 20 && label.text_index == 0) {
            if (first < 0) first = i;
            last = i;
        }
    }
    REQUIRE(last > first);
    for (const int position : {first, last}) {
        const WordBytes word = find_word_bytes(*trace, 0, position).value();
        CHECK(mask_word(trace->inputs().text, word, "[MASK]") == "Bark is [MASK] cute");
    }
    CHECK(!find_word_bytes(*trace, 0, 0).has_value());
    CHECK(!find_word_bytes(*trace, 0, 99).has_value());

    Scene gap(run_shipped("Bark is [MASK] cute", "words"));
    gap.selection.query = 1;
    gap.screen.frame(gap.draw());
    CHECK(gap.screen.item("view/predict/title").text == "What could stand for \u201cbark\u201d");
    const ViewResult result = gap.screen.click(gap.draw(), "view/predict/jump");
    REQUIRE(result.selection.has_value());
    CHECK(result.selection->query == 3);
    gap.selection.query = 3;
    gap.screen.frame(gap.draw());
    CHECK(gap.screen.item("view/predict/title").text == "What fills the gap");
}

TEST_CASE("a model without a head says which have one") {
    Scene scene(make_trace({make_words(4)}));
    scene.screen.frame(scene.draw());
    const ViewResult result = scene.screen.click(scene.draw(), "view/predict/open/stories");
    REQUIRE(result.commands.size() == 1);
    CHECK(result.commands[0].action == "open");
}

TEST_CASE("the parts lie apart and within their card, at any size") {
    struct Size {
        float width;
        float height;
        float scale;
    };
    const std::vector<Size> sizes{{344, 260, 1}, {392, 438, 1},  {662, 486, 1},
                                  {936, 770, 1}, {1324, 972, 2}, {1872, 1540, 2}};
    std::string long_text = "the";
    for (int i = 0; i < 58; ++i) long_text += " dog";
    for (const std::string& text : {std::string("a"), std::string("the little dog"), long_text,
                                    "a " + std::string(200, 'm') + " b"}) {
        const auto trace = run_shipped(text, "stories");
        for (const Size& size : sizes) {
            Scene scene(trace, size.width, size.height, size.scale);
            for (const PredictMode mode : {PredictMode::kList, PredictMode::kLens}) {
                CAPTURE(text.size());
                CAPTURE(size.width);
                CAPTURE(static_cast<int>(mode));
                scene.state.options.mode = mode;
                scene.screen.frame(scene.draw());
                check_items_inside(scene.screen, "view/predict", scene.screen.area());
                scene.screen.frame([&](UiContext& ui) {
                    const Rect inside = inset(scene.screen.area(), ui.px(16));
                    const PredictFrame frame = layout_predict_frame(
                        ui, inside, {true, true, true, 4, ui.px(90), ui.px(110), mode});
                    std::vector<std::pair<std::string, Rect>> parts;
                    for (const auto& [name, rect] : {std::pair{"title", frame.title},
                                                     {"modes", frame.modes},
                                                     {"caption", frame.caption},
                                                     {"actual", frame.actual},
                                                     {"search", frame.search},
                                                     {"mask", frame.mask},
                                                     {"jump", frame.jump},
                                                     {"list", frame.list},
                                                     {"lens", frame.lens},
                                                     {"labels", frame.labels}}) {
                        if (!rect.is_empty()) parts.emplace_back(name, rect);
                    }
                    check_apart(parts);
                    return ViewResult{};
                });
            }
        }
    }
}

TEST_CASE("a frame of predictions is measured") {
    std::string text = "the";
    for (int i = 0; i < 59; ++i) text += " dog";
    const auto trace = run_shipped(text, "stories");
    for (const PredictMode mode : {PredictMode::kList, PredictMode::kLens}) {
        Scene scene(trace);
        scene.state.options.mode = mode;
        scene.screen.quick_frame(scene.draw());
        const double best_ms = scene.screen.measure_ms(scene.draw(), 20);
        MESSAGE(std::string(PredictOptions::kModes[static_cast<std::size_t>(mode)]), ": ", best_ms,
                " ms");
    }
}

TEST_SUITE_END();
