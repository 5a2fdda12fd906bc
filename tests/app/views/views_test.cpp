#include <doctest/doctest.h>
#include <imgui.h>

#include <chrono>
#include <cmath>
#include <limits>

#include "app/views/attention.h"
#include "app/views/cell_tip.h"
#include "app/views/heads.h"
#include "app/views/inspector.h"
#include "app/views/sentence.h"
#include "app/views/stages.h"
#include "app/views/thumbnail.h"
#include "tests/app/views/screen.h"

using namespace heed;
using namespace heed::app;
using namespace heed::app::test;

namespace {

// One screen with one trace on it.
struct Scene {
    explicit Scene(const TraceRequest& request, float width = 936, float height = 770,
                   float scale = 1)
        : screen(width, height, scale),
          trace(make_trace(request)),
          selection(default_selection(trace->graph())) {}

    void choose(const std::string& node, std::vector<int> cell) {
        selection =
            ask_cell(trace->graph(), selection, trace->graph().find(node).value(), std::move(cell));
    }
    Screen::Draw attention() {
        return [this](UiContext& ui) {
            return draw_attention_view(*trace, selection, screen.area(), states.attention, ui);
        };
    }
    Screen::Draw stages() {
        return [this](UiContext& ui) {
            return draw_stages_view(*trace, selection, screen.area(), states.stages, ui);
        };
    }
    Screen::Draw inspector() {
        return [this](UiContext& ui) {
            return draw_inspector_view(*trace, selection, screen.area(), states.inspector, ui);
        };
    }
    Screen::Draw sentence() {
        return [this](UiContext& ui) {
            return draw_sentence_view(*trace, selection, screen.area(), states.sentence, ui);
        };
    }
    float value(const std::string& node, const std::vector<int>& cell) const {
        return trace->value(trace->graph().find(node).value(), cell);
    }

    Screen screen;
    std::shared_ptr<const Trace> trace;
    Selection selection;
    ViewStates states;
};

const std::string kPattern = "blocks.0.attn.pattern";
const std::string kMasked = "blocks.0.attn.masked";

}  // namespace

TEST_SUITE_BEGIN("app/views");

TEST_CASE("the attention's cells carry the trace's unrounded weights, held or derived") {
    for (const bool is_lean : {false, true}) {
        for (const int count : {1, 8, 60}) {
            CAPTURE(is_lean);
            CAPTURE(count);
            Scene scene({make_words(count), 2, true, is_lean});
            scene.selection.head = 1;
            scene.selection = ask_pattern(scene.trace->graph(), scene.selection);
            scene.screen.frame(scene.attention());
            for (int q = 0; q < count; ++q) {
                for (int k = 0; k < count; ++k) {
                    const Item& item = scene.screen.item(indexed_id("view/attention/cell", {q, k}));
                    CHECK(item.value == static_cast<double>(scene.value(kPattern, {1, q, k})));
                    CHECK(item.kind == (k > q ? "blocked" : "cell"));
                }
            }
            check_items_inside(scene.screen, "view/attention", scene.screen.area());
        }
    }
}

TEST_CASE("a click on a cell chooses query and key, on a label one of them") {
    Scene scene({make_words(8)});
    scene.screen.frame(scene.attention());
    ViewResult result = scene.screen.click(scene.attention(), "view/attention/cell[3,5]");
    REQUIRE(result.selection.has_value());
    CHECK(result.selection->query == 3);
    CHECK(result.selection->key == 5);
    CHECK(result.selection->node == kPattern);
    CHECK(result.selection->cell == std::vector<int>{0, 3, 5});

    result = scene.screen.click(scene.attention(), "view/attention/row[6]");
    REQUIRE(result.selection.has_value());
    CHECK(result.selection->query == 6);
    CHECK(result.selection->key == 0);
}

TEST_CASE("many cells are one picture, whose texels are the scale's colours of the weights") {
    Scene scene({make_words(60), 2, true});
    scene.screen.frame(scene.attention());
    const auto& picture = scene.screen.pictures.pictures.at("view/attention");
    REQUIRE(picture.width == 60);
    REQUIRE(picture.height == 60);
    const ColourTable table(theme_of(ThemeKind::kLight), ColourScale{});
    for (int q = 0; q < 60; ++q) {
        for (int k = 0; k < 60; ++k) {
            const float value =
                k > q ? -std::numeric_limits<float>::infinity() : scene.value(kPattern, {0, q, k});
            CHECK(picture.texels[static_cast<std::size_t>(q * 60 + k)] == table.at(value));
        }
    }
    const int before = scene.screen.pictures.painted;
    scene.screen.frame(scene.attention());
    CHECK(scene.screen.pictures.painted == before);
    ++scene.screen.trace_number;
    scene.screen.frame(scene.attention());
    CHECK(scene.screen.pictures.painted == before + 1);
}

TEST_CASE("a tooltip comes late and names node, index and exact value") {
    Scene scene({make_words(8)});
    scene.screen.frame(scene.attention());
    scene.screen.hover("view/attention/cell[2,4]");
    scene.screen.frame(scene.attention());
    scene.screen.frame(scene.attention());
    CHECK(scene.screen.items().find("tooltip") == nullptr);
    scene.screen.now_s += 1;
    scene.screen.frame(scene.attention());
    const std::string text = scene.screen.item("tooltip").text;
    CHECK(text.find("pattern[word2, word4]") != std::string::npos);
    CHECK(text.find("blocks.0.attn.pattern[0,2,4]") != std::string::npos);
    const float value = scene.value(kPattern, {0, 2, 4});
    CHECK(text.find(std::string(format_exact(value).view())) != std::string::npos);
}

TEST_CASE("a thumbnail's texel is the mean of its cells") {
    Scene scene({make_words(6)});
    const NodeId pattern = scene.trace->graph().find(kPattern).value();
    const Tile tile = scene.trace->read(pattern, {1, 2, 0, 6, 0, 6}).value();
    const ColourTable table(theme_of(ThemeKind::kLight), ColourScale{});
    std::vector<std::uint32_t> texels(4);
    paint_thumbnail(tile, 1, table, {texels, 2, 0, 0, 2, 2});
    float mean = 0;
    for (int q = 0; q < 3; ++q) {
        for (int k = 3; k < 6; ++k) mean += scene.value(kPattern, {1, q, k}) / 9;
    }
    CHECK(texels[1] == table.at(mean));
}

TEST_CASE("the inspector's terms add up, the largest first, and lead on") {
    Scene scene({make_words(8)}, 392, 438);
    scene.choose("blocks.0.attn.z", {1, 3, 2});
    scene.screen.frame(scene.inspector());
    check_items_inside(scene.screen, "view/inspector", scene.screen.area());
    double sum = 0;
    double before = std::numeric_limits<double>::infinity();
    for (int i = 0; i < 8; ++i) {
        const double amount =
            scene.screen.item(indexed_id("view/inspector/term", {i})).value.value();
        CHECK(std::abs(amount) <= before);
        before = std::abs(amount);
        sum += amount;
    }
    const float value = scene.value("blocks.0.attn.z", {1, 3, 2});
    CHECK(sum == doctest::Approx(static_cast<double>(value)).epsilon(1e-5));
    CHECK(scene.screen.item("view/inspector/value").value == static_cast<double>(value));

    ViewResult result = scene.screen.click(scene.inspector(), "view/inspector/term[0]");
    REQUIRE(result.selection.has_value());
    CHECK(result.selection->node == kPattern);
    result = scene.screen.click(scene.inspector(), "view/inspector/factor[0]");
    REQUIRE(result.selection.has_value());
    CHECK(result.selection->node == "blocks.0.attn.v");
    CHECK(result.selection->cell[2] == 2);
}

TEST_CASE("the inspector shows a softmax as the weights of its row") {
    Scene scene({make_words(8)}, 392, 438);
    scene.choose(kPattern, {0, 3, 5});
    scene.screen.frame(scene.inspector());
    const InspectorViewState& state = scene.states.inspector;
    REQUIRE(state.lines.size() == 8);
    for (const TermLine& line : state.lines) {
        CHECK(line.amount ==
              doctest::Approx(static_cast<double>(scene.value(kPattern, {0, 3, line.term}))));
        CHECK(line.is_own == (line.term == 5));
    }
}

TEST_CASE("an explanation is made once and again only for another cell or trace") {
    Scene scene({make_words(8)}, 392, 438);
    scene.screen.frame(scene.inspector());
    const Term* made = scene.states.inspector.explanation->terms.data();
    scene.screen.frame(scene.inspector());
    CHECK(scene.states.inspector.explanation->terms.data() == made);
    scene.choose(kPattern, {1, 2, 3});
    scene.screen.frame(scene.inspector());
    CHECK(scene.states.inspector.explanation->cell.index == std::vector<int>{1, 2, 3});
    scene.states.inspector.explanation->formula = "stale";
    ++scene.screen.trace_number;
    scene.screen.frame(scene.inspector());
    CHECK(scene.states.inspector.explanation->formula != "stale");
}

TEST_CASE("every cell's way leads back to leaves, at every size") {
    Scene scene({make_words(4), 2, true}, 344, 260);
    const Graph& graph = scene.trace->graph();
    for (NodeId id = 0; id < graph.size(); ++id) {
        CAPTURE(graph.node(id).name);
        scene.selection = ask_node(graph, scene.selection, id);
        scene.screen.frame(scene.inspector());
        CHECK(scene.states.inspector.problem.empty());
        CHECK(scene.states.inspector.explanation.has_value());
        check_items_inside(scene.screen, "view/inspector", scene.screen.area());
    }
}

TEST_CASE("a chip chooses the query, with Shift the key") {
    Scene scene({make_words(60)}, 700, 56);
    scene.screen.frame(scene.sentence());
    check_items_inside(scene.screen, "view/sentence", scene.screen.area());
    ViewResult result = scene.screen.click(scene.sentence(), "view/sentence/token[3]");
    REQUIRE(result.selection.has_value());
    CHECK(result.selection->query == 3);
    CHECK(result.selection->key == 0);
    ImGui::GetIO().KeyShift = true;
    result = scene.screen.click(scene.sentence(), "view/sentence/token[2]");
    ImGui::GetIO().KeyShift = false;
    REQUIRE(result.selection.has_value());
    CHECK(result.selection->query == 0);
    CHECK(result.selection->key == 2);
    CHECK(!scene.screen.item("view/sentence/token[59]").rect.has_value());
    scene.selection.query = 59;
    scene.screen.frame(scene.sentence());
    CHECK(scene.screen.item("view/sentence/token[59]").rect.has_value());
}

TEST_CASE("formulas are set with their signs") {
    CHECK(typeset_formula("a * -b - c <= sqrt(d)") == "a \u00b7 \u2212b \u2212 c \u2264 \u221a(d)");
    CHECK(typeset_formula("-inf") == "\u2212\u221e");
    CHECK(typeset_formula("sum_s 1e-05") == "\u2211_s 1e\u221205");
}

TEST_CASE("a frame of all views costs less than 4 ms") {
    for (const int count : {20, 60, 300}) {
        for (const bool shows_stages : {false, true}) {
            Scene scene({make_words(count), 8, true}, 1600, 1000);
            const auto draw = [&](UiContext& ui) {
                const Rect centre{232, 120, 936, 770};
                if (shows_stages) {
                    draw_stages_view(*scene.trace, scene.selection, centre, scene.states.stages,
                                     ui);
                } else {
                    draw_attention_view(*scene.trace, scene.selection, centre,
                                        scene.states.attention, ui);
                }
                draw_heads_view(*scene.trace, scene.selection, {1184, 120, 392, 316},
                                scene.states.heads, ui);
                draw_inspector_view(*scene.trace, scene.selection, {1184, 452, 392, 438},
                                    scene.states.inspector, ui);
                draw_sentence_view(*scene.trace, scene.selection, {232, 64, 700, 56},
                                   scene.states.sentence, ui);
                return ViewResult{};
            };
            scene.screen.quick_frame(draw);
            const auto best_of_20 = [&](bool is_new_trace) {
                double best_ms = 1e9;
                for (int i = 0; i < 20; ++i) {
                    if (is_new_trace) ++scene.screen.trace_number;
                    const auto start = std::chrono::steady_clock::now();
                    scene.screen.quick_frame(draw);
                    const std::chrono::duration<double, std::milli> took =
                        std::chrono::steady_clock::now() - start;
                    best_ms = std::min(best_ms, took.count());
                }
                return best_ms;
            };
            const double best_ms = best_of_20(false);
            const double new_ms = best_of_20(true);
            const int vertices = ImGui::GetDrawData()->TotalVtxCount;
            MESSAGE(count, " tokens, ", std::string(shows_stages ? "stages" : "attention"), ": ",
                    best_ms, " ms, with a new trace ", new_ms, " ms, ", vertices, " vertices");
            CHECK(vertices > 5000);
#ifdef NDEBUG
            WARN(best_ms < 4);
            WARN(new_ms < 20);
#endif
        }
    }
}

TEST_SUITE_END();
