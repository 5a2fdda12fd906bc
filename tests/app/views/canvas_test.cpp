#include "app/views/canvas.h"

#include <doctest/doctest.h>
#include <imgui.h>

#include "app/views/view.h"
#include "tests/app/views/screen.h"

using namespace heed;
using namespace heed::app;
using namespace heed::app::test;

namespace {

struct Scene {
    Screen::Draw draw() {
        return [this](UiContext& ui) {
            layout = layout_canvas(ui, {20, 20, 300, 400});
            if (auto changed = draw_canvas(ui, layout, sketch, state)) sketch = *changed;
            return ViewResult{};
        };
    }
    void frame() { screen.frame(draw()); }
    // Presses, moves and lets go, in shares of the surface.
    void stroke(const std::vector<Point>& points) {
        ImGuiIO& io = ImGui::GetIO();
        const auto move = [&](const Point& p) {
            io.MousePos = {layout.surface.x + p.x * layout.surface.w,
                           layout.surface.y + p.y * layout.surface.h};
            frame();
        };
        move(points.front());
        io.MouseDown[0] = true;
        for (const Point& point : points) move(point);
        io.MouseDown[0] = false;
        frame();
        frame();
    }
    void press(const char* item) { screen.click(draw(), item); }

    Screen screen{400, 500, 1};
    CanvasLayout layout;
    Sketch sketch;
    CanvasState state;
};

}  // namespace

TEST_SUITE_BEGIN("app/views/canvas");

TEST_CASE("the surface is square, and nothing overlaps") {
    Screen screen(800, 800, 2);
    screen.frame([&](UiContext& ui) {
        for (const auto& size : {std::pair(300.0F, 700.0F), std::pair(700.0F, 300.0F)}) {
            const Rect room{5, 5, ui.px(size.first), ui.px(size.second)};
            const CanvasLayout layout = layout_canvas(ui, room);
            CHECK(layout.surface.w == layout.surface.h);
            CHECK(layout.width.bottom() <= room.bottom() + 1);
            check_apart({{"surface", layout.surface},
                         {"brush", layout.brush},
                         {"eraser", layout.eraser},
                         {"undo", layout.undo},
                         {"clear", layout.clear},
                         {"label", layout.width_label},
                         {"width", layout.width}});
        }
        return ViewResult{};
    });
    CHECK(sketch_point({10, 10, 100, 100}, {60, 35}) == SketchPoint{500, 250});
    CHECK(sketch_point({10, 10, 100, 100}, {-9, 999}) == SketchPoint{0, 1000});
}

TEST_CASE("a stroke begins where the button goes down and is there when it comes up") {
    Scene scene;
    scene.frame();
    scene.stroke({{0.5F, 0.25F}, {0.5F, 0.5F}, {0.75F, 0.5F}});
    REQUIRE(scene.sketch.strokes.size() == 1);
    CHECK(scene.sketch.strokes[0].points ==
          std::vector<SketchPoint>{{500, 250}, {500, 500}, {750, 500}});
    CHECK_FALSE(scene.state.open.has_value());
    scene.frame();
    CHECK(scene.screen.item("canvas/surface").value.value() == 1);
    CHECK(scene.screen.item("canvas/surface").text == write_sketch(scene.sketch));
    // A click alone is a dot.
    scene.stroke({{0.1F, 0.1F}});
    REQUIRE(scene.sketch.strokes.size() == 2);
    CHECK(scene.sketch.strokes[1].points.size() == 1);
}

TEST_CASE("the picture shows the stroke while it is drawn") {
    Scene scene;
    scene.frame();
    ImGuiIO& io = ImGui::GetIO();
    io.MousePos = {scene.layout.surface.x + 150, scene.layout.surface.y + 150};
    scene.frame();
    io.MouseDown[0] = true;
    scene.frame();
    scene.frame();
    CHECK(scene.sketch.strokes.empty());
    const auto& painted = scene.screen.pictures.pictures.at("canvas");
    const std::size_t middle = static_cast<std::size_t>(112 * 224 + 112);
    CHECK(unpack_rgba(painted.texels[middle]).r == 255);
    io.MouseDown[0] = false;
    scene.frame();
}

TEST_CASE("brush, eraser, undo and clear do what they say") {
    Scene scene;
    scene.frame();
    scene.stroke({{0.2F, 0.2F}, {0.8F, 0.8F}});
    scene.press("canvas/eraser");
    scene.stroke({{0.5F, 0.5F}});
    REQUIRE(scene.sketch.strokes.size() == 2);
    CHECK_FALSE(scene.sketch.strokes[0].erases);
    CHECK(scene.sketch.strokes[1].erases);
    scene.press("canvas/undo");
    REQUIRE(scene.sketch.strokes.size() == 1);
    CHECK_FALSE(scene.sketch.strokes[0].erases);
    scene.press("canvas/brush");
    scene.press("canvas/clear");
    CHECK(scene.sketch.strokes.empty());
    CHECK_FALSE(scene.state.erases);
}

TEST_CASE("arrows move the pen, Enter puts it down and lifts it") {
    Scene scene;
    scene.frame();
    const auto press = [&](int key) {
        ImGui::GetIO().KeysDown[key] = true;
        scene.frame();
        ImGui::GetIO().KeysDown[key] = false;
        scene.frame();
    };
    press(kKeyTab);
    CHECK(scene.state.shows_pen);
    press(kKeyRight);
    CHECK(scene.state.pen == SketchPoint{525, 500});
    CHECK(scene.sketch.strokes.empty());
    press(kKeyEnter);
    REQUIRE(scene.state.open.has_value());
    press(kKeyDown);
    press(kKeyDown);
    press(kKeyEnter);
    REQUIRE(scene.sketch.strokes.size() == 1);
    CHECK(scene.sketch.strokes[0].points ==
          std::vector<SketchPoint>{{525, 500}, {525, 525}, {525, 550}});
    // Leaving by Tab finishes what was begun.
    press(kKeyEnter);
    press(kKeyLeft);
    press(kKeyTab);
    CHECK(scene.sketch.strokes.size() == 2);
    CHECK_FALSE(scene.state.shows_pen);
}

TEST_SUITE_END();
