// Where the parts of the stages view lie, at every size.
#include <doctest/doctest.h>

#include "app/ui/draw.h"
#include "app/views/lecture.h"
#include "app/views/stage_code.h"
#include "app/views/stages_scene.h"
#include "tests/app/views/screen.h"

using namespace heed;
using namespace heed::app;
using namespace heed::app::test;

TEST_SUITE_BEGIN("app/views/stages/layout");

namespace {

struct Size {
    float width;
    float height;
    float scale;
};
const std::vector<Size> kSizes{
    {662, 486, 1}, {936, 770, 1}, {1344, 770, 1}, {1324, 972, 2}, {1872, 1540, 2}};

void check_inside(const Rect& inner, const Rect& outer) {
    CHECK(inner.x >= outer.x - 0.51F);
    CHECK(inner.y >= outer.y - 0.51F);
    CHECK(inner.right() <= outer.right() + 0.51F);
    CHECK(inner.bottom() <= outer.bottom() + 0.51F);
}

std::vector<std::vector<std::string>> sentences() {
    std::vector<std::vector<std::string>> all;
    for (const int count : {1, 2, 8, 11, 60, 300}) all.push_back(make_words(count));
    all.push_back({"a", std::string(200, 'm'), "b"});
    return all;
}

}  // namespace

TEST_CASE("the matrices of a stage lie apart and within their card, at every size") {
    for (const Size& size : kSizes) {
        for (const auto& words : sentences()) {
            const auto trace = make_trace({words, 2, true});
            Screen screen(size.width, size.height, size.scale);
            const Selection selection = default_selection(trace->graph());
            screen.frame([&](UiContext& ui) {
                for (NodeId id = 0; id < trace->graph().size(); ++id) {
                    CAPTURE(trace->graph().node(id).name);
                    CAPTURE(size.width);
                    CAPTURE(words.size());
                    const StageEquation equation = make_equation(*trace, selection, id);
                    const Rect inside = inset(screen.area(), ui.px(16), ui.px(90));
                    EquationRequest request{inside, equation};
                    request.number_w = measure_text(ui, Type::kNumberTiny, "-12.34");
                    const EquationLayout layout = layout_equation(ui, request);
                    std::vector<std::pair<std::string, Rect>> parts{{"output", layout.output.grid}};
                    for (const PartPlace& place : layout.inputs) {
                        parts.emplace_back("input", place.grid);
                        parts.emplace_back("title", place.title);
                        if (!place.row_band.is_empty()) parts.emplace_back("rows", place.row_band);
                    }
                    if (layout.bias) parts.emplace_back("bias", layout.bias->grid);
                    for (const Rect& sign : layout.signs) parts.emplace_back("sign", sign);
                    check_apart(parts);
                    for (const auto& part : parts) {
                        CAPTURE(part.first);
                        if (part.first != "title") check_inside(part.second, inside);
                    }
                    CHECK(layout.output.rows.count > 0);
                    CHECK(layout.output.columns.count > 0);
                }
                return ViewResult{};
            });
        }
    }
}

TEST_CASE("the parts of the lecture lie apart and within their card") {
    const auto trace = make_trace({make_words(8), 2, true});
    const auto stages = list_stages(trace->graph(), 0);
    const auto plan = plan_lecture(trace->graph(), stages, find_site(trace->graph(), 0, ""));
    REQUIRE(plan.has_value());
    for (const Size& size : kSizes) {
        Screen screen(size.width, size.height, size.scale);
        screen.frame([&](UiContext& ui) {
            for (const int words : {1, 8, 60, 300}) {
                for (const int width : {2, 3, 32, 128}) {
                    CAPTURE(size.width);
                    CAPTURE(words);
                    CAPTURE(width);
                    const Rect inside = inset(screen.area(), ui.px(16), ui.px(50));
                    LectureRequest request{inside, *plan, words, width, width};
                    request.label_w = ui.px(90);
                    request.score_w = ui.px(58);
                    request.number_w = ui.px(36);
                    const LectureLayout layout = layout_lecture(ui, request);
                    const std::vector<std::pair<std::string, Rect>> parts{
                        {"query label", layout.query_label},
                        {"query", layout.query},
                        {"header", layout.header},
                        {"rows", layout.rows},
                        {"sum", layout.sum},
                        {"sum label", layout.sum_label},
                        {"sum note", layout.sum_note},
                        {"note", layout.note},
                        {"pages", layout.pages}};
                    check_apart(parts);
                    for (const auto& part : parts) {
                        CAPTURE(part.first);
                        check_inside(part.second, inside);
                    }
                    for (std::size_t i = 1; i < layout.columns.size(); ++i) {
                        const LectureLayout::Column& before = layout.columns[i - 1];
                        CHECK(before.x + before.w <= layout.columns[i].x + 0.5F);
                    }
                }
            }
            return ViewResult{};
        });
    }
}

TEST_CASE("the card's parts lie apart, with code and without") {
    for (const Size& size : kSizes) {
        Screen screen(size.width, size.height, size.scale);
        screen.frame([&](UiContext& ui) {
            for (const bool shows_code : {false, true}) {
                for (const bool is_plain : {false, true}) {
                    const Rect inside = inset(screen.area(), ui.px(16));
                    const StageLayout layout =
                        layout_stage(ui, {inside, ui.px(150), ui.px(80), shows_code, is_plain});
                    std::vector<std::pair<std::string, Rect>> parts{{"title", layout.title},
                                                                    {"nodes", layout.nodes},
                                                                    {"numbers", layout.numbers},
                                                                    {"picture", layout.picture},
                                                                    {"changed", layout.changed}};
                    for (const Rect& rect : {layout.formula, layout.code, layout.caption,
                                             layout.legend, layout.pages}) {
                        if (!rect.is_empty()) parts.emplace_back("part", rect);
                    }
                    check_apart(parts);
                    for (const auto& part : parts) check_inside(part.second, inside);
                    if (!shows_code) continue;
                    const CodeLayout code = layout_code(ui, layout.code);
                    check_apart({{"loop", code.loop},
                                 {"matrix", code.matrix},
                                 {"loop title", code.loop_title},
                                 {"matrix title", code.matrix_title}});
                    check_inside(code.matrix, layout.code);
                    check_inside(code.loop, layout.code);
                }
            }
            return ViewResult{};
        });
    }
}

TEST_SUITE_END();
