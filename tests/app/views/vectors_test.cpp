#include "app/views/vectors.h"

#include <doctest/doctest.h>
#include <imgui.h>

#include <cmath>
#include <random>

#include "app/views/label_placement.h"
#include "app/views/vectors_space.h"
#include "core/model/model.h"
#include "core/run/backend.h"
#include "tests/app/views/screen.h"

using namespace heed;
using namespace heed::app;
using namespace heed::app::test;

namespace {

constexpr double kNear = 1e-6;  // float32 values, double sums

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
            return draw_vectors_view(*trace, selection, screen.area(), state, ui);
        };
    }
    VectorPath path() const { return find_vector_path(trace->graph()).value(); }
    std::vector<double> row(const Trace& of, NodeId node, int word) const {
        std::vector<double> values;
        for (int d = 0; d < of.graph().node(node).shape.extent(1); ++d) {
            values.push_back(static_cast<double>(of.value(node, {word, d})));
        }
        return values;
    }

    Screen screen;
    std::shared_ptr<const Trace> trace;
    Selection selection;
    VectorsViewState state;
};

double naive_cosine(const std::vector<double>& x, const std::vector<double>& y) {
    double product = 0;
    double a = 0;
    double b = 0;
    for (std::size_t d = 0; d < x.size(); ++d) {
        product += x[d] * y[d];
        a += x[d] * x[d];
        b += y[d] * y[d];
    }
    return product / std::sqrt(a * b);
}

struct Size {
    float width;
    float height;
    float scale;
};
// Side panels and the middle of the shell at 1280x720 and 1600x1000, at both scales.
const std::vector<Size> kSizes{{344, 260, 1}, {392, 438, 1},  {662, 486, 1},
                               {936, 770, 1}, {1324, 972, 2}, {1872, 1540, 2}};
const std::vector<VectorsMode> kModes{VectorsMode::kWords, VectorsMode::kCosines, VectorsMode::kMap,
                                      VectorsMode::kCompare};

void check_parts(const std::vector<std::pair<std::string, Rect>>& parts, const Rect& inside) {
    std::vector<std::pair<std::string, Rect>> there;
    for (const auto& part : parts) {
        if (part.second.is_empty()) continue;
        there.push_back(part);
        CAPTURE(part.first);
        CHECK(part.second.x >= inside.x - 0.51F);
        CHECK(part.second.y >= inside.y - 0.51F);
        CHECK(part.second.right() <= inside.right() + 0.51F);
        CHECK(part.second.bottom() <= inside.bottom() + 0.51F);
    }
    check_apart(there);
}

std::vector<std::vector<std::string>> sentences() {
    std::vector<std::vector<std::string>> all;
    for (const int count : {1, 8, 60}) all.push_back(make_words(count));
    all.push_back({"a", std::string(200, 'm'), "b"});
    return all;
}

// The parts around the picture; the room that is left.
Rect check_frame(const UiContext& ui, const Rect& inside, VectorsMode mode) {
    const VectorsFrame frame = layout_vectors_frame(ui, inside, mode, 7);
    std::vector<std::pair<std::string, Rect>> parts{
        {"title", frame.title},   {"modes", frame.modes},        {"caption", frame.caption},
        {"slider", frame.slider}, {"label", frame.slider_label}, {"value", frame.slider_value},
        {"body", frame.body}};
    for (const Rect& toggle : frame.toggles) parts.emplace_back("toggle", toggle);
    check_parts(parts, inside);
    return frame.body;
}

void check_bodies(const UiContext& ui, const Rect& body, const MatrixAxis& words) {
    const VectorsWordsLayout list = layout_vectors_words(ui, body, words, 384, 7);
    check_parts({{"headings", list.headings},
                 {"list", list.list},
                 {"legends", list.legends},
                 {"bars title", list.bars_title},
                 {"bars", list.bars},
                 {"path title", list.path_title},
                 {"path", list.path}},
                body);
    const VectorsMapLayout map = layout_vectors_map(ui, body);
    check_parts({{"plot", map.plot},
                 {"x", map.x_label},
                 {"y", map.y_label},
                 {"x numbers", map.x_numbers},
                 {"y numbers", map.y_numbers},
                 {"note", map.note},
                 {"reset", map.reset}},
                body);
    const VectorsCosinesLayout both = layout_vectors_cosines(ui, body, words);
    check_parts({{"static title", both.fixed_title},
                 {"static", both.fixed.window},
                 {"context title", both.context_title},
                 {"context", both.context.window},
                 {"caption", both.caption},
                 {"legend", both.legend},
                 {"nearest", both.fixed_nearest},
                 {"nearest in context", both.context_nearest}},
                body);
    const VectorsCompareLayout pair = layout_vectors_compare(ui, body);
    check_parts({{"chips", pair.chips},
                 {"title", pair.chart_title},
                 {"chart", pair.chart},
                 {"numbers", pair.chart_numbers},
                 {"steps", pair.chart_steps},
                 {"map", pair.map}},
                body);
}

}  // namespace

TEST_SUITE_BEGIN("app/views/vectors");

TEST_CASE("the path of a word's vectors is found in the graph, for every family") {
    const auto names = [](const Trace& trace) {
        const VectorPath path = find_vector_path(trace.graph()).value();
        std::string text = trace.graph().node(path.fixed).name;
        for (const NodeId node : path.steps) text += " " + trace.graph().node(node).name;
        return text;
    };
    CHECK(names(*run_shipped("a dog", "words")) ==
          "embed embed_out blocks.0.resid_post blocks.1.resid_post blocks.2.resid_post "
          "blocks.3.resid_post");
    const auto causal = run_shipped("a dog", "stories");
    const VectorPath path = find_vector_path(causal->graph()).value();
    CHECK(path.labels.front() == "in");
    CHECK(path.labels.back() == "final");
    CHECK(path.size() == causal->graph().layers() + 2);
    CHECK(names(*make_trace({make_words(3)})).starts_with("embed "));
}

TEST_CASE("the cosine of a word's vectors is what a loop finds") {
    for (const bool is_causal : {false, true}) {
        Scene scene(is_causal ? run_shipped("the cat sat on the mat", "stories")
                              : make_trace({make_words(5)}));
        scene.screen.frame(scene.draw());
        check_items_inside(scene.screen, "view/vectors", scene.screen.area());
        const VectorPath path = scene.path();
        for (int t = 0; t < scene.trace->graph().node(path.fixed).shape.extent(0); ++t) {
            const double want = naive_cosine(scene.row(*scene.trace, path.fixed, t),
                                             scene.row(*scene.trace, path.steps.back(), t));
            const Item& item = scene.screen.item(indexed_id("view/vectors/token", {t}));
            CHECK(std::abs(item.value.value() - want) < kNear);
        }
        for (int step = 0; step < path.size(); ++step) {
            const double want = naive_cosine(
                scene.row(*scene.trace, path.fixed, 0),
                scene.row(*scene.trace, path.steps[static_cast<std::size_t>(step)], 0));
            const Item& item = scene.screen.item(indexed_id("view/vectors/step", {step}));
            CHECK(std::abs(item.value.value() - want) < kNear);
        }
    }
    const float zeros[3] = {0, 0, 0};
    const float ones[3] = {1, 1, 1};
    CHECK(compute_cosine(zeros, ones, 3) == 0);
}

TEST_CASE("the cosine matrices are what loops find, before and after, with and without the mean") {
    for (const bool centres : {false, true}) {
        Scene scene(run_shipped("the cat sat on the mat", "words"));
        scene.state.options.mode = VectorsMode::kCosines;
        scene.state.options.centres = centres;
        scene.state.options.layer = 2;
        scene.screen.frame(scene.draw());
        const VectorPath path = scene.path();
        const int words = scene.trace->graph().node(path.fixed).shape.extent(0);
        for (const bool is_static : {true, false}) {
            const NodeId node = is_static ? path.fixed : path.steps[2];
            std::vector<std::vector<double>> rows;
            for (int t = 0; t < words; ++t) rows.push_back(scene.row(*scene.trace, node, t));
            std::vector<double> mean(rows[0].size(), 0.0);
            for (const auto& row : rows) {
                for (std::size_t d = 0; d < row.size(); ++d) mean[d] += row[d] / words;
            }
            for (auto& row : rows) {
                for (std::size_t d = 0; centres && d < row.size(); ++d) row[d] -= mean[d];
            }
            for (int a = 0; a < words; ++a) {
                for (int b = 0; b < words; ++b) {
                    const double want = naive_cosine(rows[static_cast<std::size_t>(a)],
                                                     rows[static_cast<std::size_t>(b)]);
                    const std::string id = is_static ? "static/cell" : "context/cell";
                    const Item& item = scene.screen.item(indexed_id("view/vectors/" + id, {a, b}));
                    CHECK(std::abs(item.value.value() - want) < kNear);
                }
            }
        }
        const ViewResult result =
            scene.screen.click(scene.draw(), "view/vectors/context/cell[3,1]");
        REQUIRE(result.selection.has_value());
        CHECK(result.selection->query == 3);
    }
}

TEST_CASE("distances on the map are those along the axes, and shares what they spread") {
    Scene scene(run_shipped("the cat sat on the mat", "words"));
    scene.state.options.mode = VectorsMode::kMap;
    scene.screen.frame(scene.draw());
    const WordPlane plane = compute_word_plane(*scene.trace, nullptr, scene.path(), {}, {});
    const VectorPath path = scene.path();
    std::vector<std::vector<double>> points;
    for (int step = 0; step < plane.steps; ++step) {
        const NodeId node = step == 0 ? path.fixed : path.steps[static_cast<std::size_t>(step - 1)];
        for (int t = 0; t < plane.words; ++t) points.push_back(scene.row(*scene.trace, node, t));
    }
    std::vector<double> mean(points[0].size(), 0.0);
    double variance = 0;
    for (const auto& point : points) {
        for (std::size_t d = 0; d < mean.size(); ++d) {
            mean[d] += point[d] / static_cast<double>(points.size());
        }
    }
    for (const auto& point : points) {
        for (std::size_t d = 0; d < mean.size(); ++d) variance += std::pow(point[d] - mean[d], 2);
    }
    double x = 0;
    double y = 0;
    double xy = 0;
    for (const WordPlane::Spot& spot : plane.spots) {
        x += spot.x * spot.x;
        y += spot.y * spot.y;
        xy += spot.x * spot.y;
    }
    CHECK(std::abs(x / variance - plane.shares[0]) < kNear);
    CHECK(std::abs(y / variance - plane.shares[1]) < kNear);
    CHECK(std::abs(xy / variance) < kNear);
    CHECK(scene.screen.item("view/vectors/map/x-axis").value.value() == plane.shares[0]);
    CHECK(scene.screen.item("view/vectors/map/word[3]/x").value.value() ==
          plane.spot(plane.steps - 1, 3).x);
    CHECK(scene.screen.item("view/vectors/map/static[3]/y").value.value() == plane.spot(0, 3).y);
    // The same scale on both axes.
    const Rect a = *scene.screen.item("view/vectors/map/word[1]").rect;
    const Rect b = *scene.screen.item("view/vectors/map/word[4]").rect;
    const WordPlane::Spot& from = plane.spot(plane.steps - 1, 1);
    const WordPlane::Spot& to = plane.spot(plane.steps - 1, 4);
    const double seen = std::hypot(static_cast<double>(a.x - b.x), static_cast<double>(a.y - b.y));
    const double there = std::hypot(from.x - to.x, from.y - to.y);
    const MapView view = fit_map(plane, {0, 0, 100, 100}, 0, {});
    CHECK(view.scale > 0);
    const double across = std::abs(static_cast<double>(a.x - b.x) / (from.x - to.x));
    CHECK(std::abs(seen / there - across) < 0.02 * across);

    const ViewResult result = scene.screen.click(scene.draw(), "view/vectors/map/word[3]");
    REQUIRE(result.selection.has_value());
    CHECK(result.selection->query == 3);
}

TEST_CASE("the wheel enlarges about the mouse and the button shows all again") {
    Scene scene(run_shipped("the cat sat on the mat", "words"));
    scene.state.options.mode = VectorsMode::kMap;
    scene.screen.frame(scene.draw());
    scene.screen.hover("view/vectors/map/word[2]");
    scene.screen.frame(scene.draw());
    const Rect before = *scene.screen.item("view/vectors/map/word[2]").rect;
    scene.screen.wheel(3);
    scene.screen.frame(scene.draw());
    scene.screen.frame(scene.draw());
    CHECK(scene.state.map.zoom > 1.5F);
    const Rect after = *scene.screen.item("view/vectors/map/word[2]").rect;
    CHECK(std::abs(before.x - after.x) < 2);
    CHECK(std::abs(before.y - after.y) < 2);
    scene.screen.click(scene.draw(), "view/vectors/map/all");
    CHECK(scene.state.map.zoom == 1);
}

TEST_CASE("one word in two sentences: the same static vector, apart in context") {
    Scene scene(run_shipped("Money Bank Grows", "words"));
    scene.screen.other_trace = run_shipped("Bank River Flows", "words");
    scene.state.options.mode = VectorsMode::kCompare;
    scene.selection.query = 2;
    scene.screen.frame(scene.draw());
    check_items_inside(scene.screen, "view/vectors", scene.screen.area());
    CHECK(scene.screen.item("view/vectors/shared[0]").text == "bank");
    const VectorPath path = scene.path();
    CHECK(std::abs(scene.screen.item("view/vectors/cosine[0,0]").value.value() - 1) < kNear);
    for (int step = 1; step <= path.size(); ++step) {
        const NodeId node = path.steps[static_cast<std::size_t>(step - 1)];
        const double want = naive_cosine(scene.row(*scene.trace, node, 2),
                                         scene.row(*scene.screen.other_trace, node, 1));
        const Item& item = scene.screen.item(indexed_id("view/vectors/cosine", {0, step}));
        CHECK(std::abs(item.value.value() - want) < kNear);
        CHECK(item.value.value() < 0.999);
    }
    const auto x = [&](const char* id) {
        return scene.screen.item(std::string("view/vectors/pair/") + id).value.value();
    };
    CHECK(std::abs(x("static[2]/x") - x("other-static[1]/x")) < kNear);
    CHECK(std::abs(x("word[2]/x") - x("other-word[1]/x")) > 1e-3);
}

TEST_CASE("without a second sentence there is an invitation, and without a shared word too") {
    Scene scene(run_shipped("Money Bank Grows", "words"));
    scene.state.options.mode = VectorsMode::kCompare;
    scene.screen.frame(scene.draw());
    ViewResult result =
        scene.screen.click(scene.draw(), "view/vectors/compare/with/Bank River Flows");
    REQUIRE(result.commands.size() == 1);
    CHECK(result.commands[0].action == "other");
    CHECK(find_shared_words(*scene.trace, *run_shipped("a dog", "words"), scene.path())
              .front()
              .is_special);
}

TEST_CASE("modes, toggles and the slider set options") {
    Scene scene(run_shipped("the cat sat", "words"));
    scene.screen.frame(scene.draw());
    ViewResult result = scene.screen.click(scene.draw(), "view/vectors/mode/map");
    REQUIRE(result.commands.size() == 1);
    CHECK(result.commands[0].arguments == std::vector<std::string>{"vectors.mode", "map"});
    result = scene.screen.click(scene.draw(), "view/vectors/order");
    REQUIRE(result.commands.size() == 1);
    CHECK(result.commands[0].arguments == std::vector<std::string>{"vectors.order", "change"});
    result = scene.screen.click(scene.draw(), "view/vectors/step[1]");
    REQUIRE(result.commands.size() == 1);
    CHECK(result.commands[0].arguments == std::vector<std::string>{"vectors.layer", "1"});
}

TEST_CASE("labels cover neither each other nor the points") {
    std::mt19937 random(3);
    std::vector<LabelRequest> requests;
    std::vector<Rect> taken;
    for (int i = 0; i < 120; ++i) {
        const Point at{static_cast<float>(random() % 600), static_cast<float>(random() % 400)};
        requests.push_back({at, 20 + static_cast<float>(random() % 60), 14});
        taken.push_back({at.x - 3, at.y - 3, 6, 6});
    }
    const LabelRoom room{{0, 0, 600, 400}, taken, 6};
    const auto places = place_labels(requests, room);
    REQUIRE(places.size() == requests.size());
    CHECK(places[0].has_value());
    int placed = 0;
    std::vector<std::pair<std::string, Rect>> parts;
    for (std::size_t i = 0; i < places.size(); ++i) {
        if (!places[i]) continue;
        ++placed;
        parts.emplace_back(std::to_string(i), *places[i]);
        CHECK(intersect(*places[i], room.area) == *places[i]);
        for (const Rect& point : taken) CHECK(!overlaps(*places[i], point));
    }
    check_apart(parts);
    CHECK(placed > 30);
}

TEST_CASE("nothing overlaps or leaves its panel, at any size") {
    for (const auto& words : sentences()) {
        const auto trace = make_trace({words});
        for (const Size& size : kSizes) {
            Scene scene(trace, size.width, size.height, size.scale);
            for (const VectorsMode mode : kModes) {
                CAPTURE(words.size());
                CAPTURE(size.width);
                CAPTURE(static_cast<int>(mode));
                scene.state.options.mode = mode;
                scene.screen.frame(scene.draw());
                check_items_inside(scene.screen, "view/vectors", scene.screen.area());
                scene.screen.frame([&](UiContext& ui) {
                    const Rect inside = inset(scene.screen.area(), ui.px(16));
                    const Rect body = check_frame(ui, inside, mode);
                    const MatrixPlace place =
                        place_matrix(*trace, scene.selection, scene.path().fixed);
                    check_bodies(ui, body, place.rows);
                    return ViewResult{};
                });
            }
        }
    }
}

TEST_CASE("a frame is measured in every mode") {
    const auto trace = make_trace({make_words(60), 8});
    for (const VectorsMode mode : kModes) {
        Scene scene(trace, 936, 770);
        scene.screen.other_trace = trace;
        scene.state.options.mode = mode;
        scene.screen.quick_frame(scene.draw());
        const double best_ms = scene.screen.measure_ms(scene.draw(), 20);
        MESSAGE(std::string(VectorsOptions::kModes[static_cast<std::size_t>(mode)]), ": ", best_ms,
                " ms");
    }
}

TEST_SUITE_END();
