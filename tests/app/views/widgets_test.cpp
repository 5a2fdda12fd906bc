// The controls by mouse and by keys.
#include <doctest/doctest.h>
#include <imgui.h>

#include <set>

#include "app/ui/choices.h"
#include "app/ui/menu.h"
#include "tests/app/views/screen.h"

using namespace heed::app;
using heed::app::test::Screen;

namespace {

// A key goes down for one frame and up in the next.
void press(Screen& screen, const Screen::Draw& draw, int key, bool shift = false) {
    ImGuiIO& io = ImGui::GetIO();
    io.KeyShift = shift;
    io.KeysDown[key] = true;
    screen.frame(draw);
    io.KeysDown[key] = false;
    io.KeyShift = false;
    screen.frame(draw);
}

std::string focused(const Screen& screen) {
    const Item* item = screen.items().find("focus");
    return item == nullptr ? "" : item->text;
}

const std::vector<std::string> kScales{"linear", "square root", "logarithmic", "quantile"};

}  // namespace

TEST_SUITE_BEGIN("app/ui/widgets");

TEST_CASE("a drop-down opens, lists its choices, and closes with one") {
    Screen screen(400, 300, 1);
    int chosen = 1;
    const Screen::Draw draw = [&](UiContext& ui) {
        const auto picked = drop_down(ui, "scale", {20, 20, 150, 30}, kScales, chosen);
        if (picked) chosen = *picked;
        return ViewResult{};
    };
    screen.frame(draw);
    CHECK(screen.item("scale").text == "square root");
    CHECK(screen.items().find("menu/scale/linear") == nullptr);
    screen.click(draw, "scale");
    screen.frame(draw);
    CHECK(screen.item("menu/scale/square root").kind == "chosen");
    test::check_items_inside(screen, "menu/", screen.area());
    screen.click(draw, "menu/scale/quantile");
    screen.frame(draw);
    CHECK(chosen == 3);
    CHECK(screen.items().find("menu/scale/linear") == nullptr);
}

TEST_CASE("keys open a drop-down, walk it, jump by letters, and leave it") {
    Screen screen(400, 300, 1);
    int chosen = 1;
    const Screen::Draw draw = [&](UiContext& ui) {
        const auto picked = drop_down(ui, "scale", {20, 20, 150, 30}, kScales, chosen);
        if (picked) chosen = *picked;
        return ViewResult{};
    };
    screen.frame(draw);
    press(screen, draw, kKeyTab);
    CHECK(focused(screen) == "scale");
    press(screen, draw, kKeyDown);
    REQUIRE(screen.items().find("menu/scale/linear") != nullptr);
    press(screen, draw, kKeyDown);
    press(screen, draw, kKeyEnter);
    CHECK(chosen == 2);
    CHECK(focused(screen) == "scale");
    press(screen, draw, kKeyEnter);
    screen.typed = U"Q";
    screen.frame(draw);
    screen.frame(draw);
    press(screen, draw, kKeyEnter);
    CHECK(chosen == 3);
    press(screen, draw, kKeySpace);
    press(screen, draw, kKeyHome);
    press(screen, draw, kKeyEscape);
    CHECK(chosen == 3);
    CHECK(screen.items().find("menu/scale/linear") == nullptr);
    CHECK(focused(screen) == "scale");
}

TEST_CASE("a press outside closes a list and reaches nothing else") {
    Screen screen(400, 300, 1);
    int pressed = 0;
    const Screen::Draw draw = [&](UiContext& ui) {
        drop_down(ui, "scale", {20, 20, 150, 30}, kScales, 0);
        if (button(ui, "other", {250, 20, 100, 30}, "Other")) ++pressed;
        return ViewResult{};
    };
    screen.frame(draw);
    screen.click(draw, "scale");
    screen.frame(draw);
    screen.click(draw, "other");
    screen.frame(draw);
    CHECK(pressed == 0);
    CHECK(screen.items().find("menu/scale/linear") == nullptr);
    screen.click(draw, "other");
    CHECK(pressed == 1);
}

TEST_CASE("Tab walks every control once and back; a group is one stop with arrows inside") {
    Screen screen(600, 300, 1);
    int value = 5;
    int part = 0;
    bool is_on = false;
    const Screen::Draw draw = [&](UiContext& ui) {
        button(ui, "a", {20, 20, 60, 30}, "A");
        begin_focus_group(ui, "words", "word[1]");
        for (int i = 0; i < 3; ++i) {
            const Rect place{100.0F + 70.0F * static_cast<float>(i), 20, 60, 30};
            chip(ui, indexed_id("word", {i}), place, "w", ChipRole::kPlain);
        }
        end_focus_group(ui);
        if (const auto moved = slider(ui, "slider", {20, 70, 200, 30}, value, 0, 10))
            value = *moved;
        const std::vector<std::string> parts{"x", "y", "z"};
        if (const auto picked = segmented(ui, "parts", {20, 110, 200, 36}, parts, part)) {
            part = *picked;
        }
        if (const auto on = toggle(ui, "switch", {20, 150, 200, 30}, "On", is_on)) is_on = *on;
        button(ui, "off", {240, 150, 60, 30}, "Off", {ButtonLook::kQuiet, false, ""});
        return ViewResult{};
    };
    screen.frame(draw);
    std::vector<std::string> seen;
    for (int i = 0; i < 6; ++i) {
        press(screen, draw, kKeyTab);
        seen.push_back(focused(screen));
    }
    CHECK(seen == std::vector<std::string>{"a", "word[1]", "slider", "parts", "switch", "a"});
    press(screen, draw, kKeyTab, true);
    CHECK(focused(screen) == "switch");
    press(screen, draw, kKeySpace);
    CHECK(is_on);
    press(screen, draw, kKeyTab, true);
    press(screen, draw, kKeyRight);
    CHECK(part == 1);
    press(screen, draw, kKeyTab, true);
    press(screen, draw, kKeyLeft);
    CHECK(value == 4);
    press(screen, draw, kKeyEnd);
    CHECK(value == 10);
    press(screen, draw, kKeyTab, true);
    press(screen, draw, kKeyRight);
    CHECK(focused(screen) == "word[2]");
    press(screen, draw, kKeyRight);
    CHECK(focused(screen) == "word[2]");
    press(screen, draw, kKeyEscape);
    CHECK(focused(screen) == "");
}

TEST_CASE("the mouse gives the keys to a control without a ring") {
    Screen screen(400, 200, 1);
    const Screen::Draw draw = [&](UiContext& ui) {
        button(ui, "a", {20, 20, 60, 30}, "A");
        button(ui, "b", {120, 20, 60, 30}, "B");
        return ViewResult{};
    };
    screen.frame(draw);
    screen.click(draw, "a");
    screen.frame(draw);
    CHECK(focused(screen) == "");
    press(screen, draw, kKeyTab);
    CHECK(focused(screen) == "b");
}

TEST_CASE("what has the keys is scrolled into sight") {
    Screen screen(300, 200, 1);
    const Screen::Draw draw = [&](UiContext& ui) {
        const Point top = begin_scroll(ui, "list", {10, 10, 200, 100}, 1, 20 * 30);
        for (int i = 0; i < 20; ++i) {
            button(ui, indexed_id("row", {i}),
                   {top.x, top.y + 30.0F * static_cast<float>(i), 150, 28}, "row");
        }
        end_scroll();
        return ViewResult{};
    };
    screen.frame(draw);
    for (int i = 0; i < 12; ++i) press(screen, draw, kKeyTab);
    screen.frame(draw);
    CHECK(focused(screen) == "row[11]");
    REQUIRE(screen.item("row[11]").rect);
    CHECK(screen.item("row[11]").rect->h == 28);
}

TEST_CASE("a menu shows keys and marks, opens submenus, and hands back what was chosen") {
    Screen screen(500, 400, 1);
    std::vector<MenuEntry> entries(3);
    entries[0] = {"copy", "Copy", "Ctrl+C"};
    entries[1] = {"theme", "Theme"};
    entries[1].children = {{"light", "Light"}, {"dark", "Dark"}};
    entries[1].children[1].mark = MenuEntry::Mark::kChosen;
    entries[2] = {"gone", "Gone"};
    entries[2].is_enabled = false;
    std::string chosen;
    const Screen::Draw draw = [&](UiContext& ui) {
        if (button(ui, "open", {20, 20, 80, 30}, "Menu")) open_popup(ui, "test");
        const auto entry = draw_menu(ui, "test", {20, 20, 80, 30}, entries);
        if (entry) chosen = entry->id;
        return ViewResult{};
    };
    screen.frame(draw);
    screen.click(draw, "open");
    screen.frame(draw);
    CHECK(screen.item("menu/test/gone").kind == "disabled");
    screen.click(draw, "menu/test/gone");
    CHECK(chosen == "");
    screen.click(draw, "menu/test/theme");
    screen.frame(draw);
    CHECK(screen.item("menu/test/theme/dark").value == 1);
    test::check_items_inside(screen, "menu/", screen.area());
    press(screen, draw, kKeyLeft);
    CHECK(screen.items().find("menu/test/theme/dark") == nullptr);
    press(screen, draw, kKeyRight);
    press(screen, draw, kKeyDown);
    press(screen, draw, kKeyEnter);
    CHECK(chosen == "dark");
    screen.frame(draw);
    CHECK(screen.items().find("menu/test/copy") == nullptr);
}

TEST_CASE("sliders of real numbers keep what nobody moves and snap to their steps") {
    Screen screen(400, 200, 1);
    float value = 0.337F;
    std::pair<float, float> span{0.2F, 0.6F};
    const Screen::Draw draw = [&](UiContext& ui) {
        const RealRange range{0, 1, 0.25F};
        if (const auto moved = real_slider(ui, "one", {20, 20, 200, 30}, value, range)) {
            value = *moved;
        }
        if (const auto moved = range_slider(ui, "two", {20, 60, 200, 30}, span, {0, 1, 0.1F})) {
            span = *moved;
        }
        return ViewResult{};
    };
    screen.frame(draw);
    screen.frame(draw);
    CHECK(value == 0.337F);
    press(screen, draw, kKeyTab);
    press(screen, draw, kKeyRight);
    CHECK(value == 0.5F);
    press(screen, draw, kKeyTab);
    for (int i = 0; i < 9; ++i) press(screen, draw, kKeyRight);
    CHECK(span.first == doctest::Approx(0.6));
    CHECK(span.second == doctest::Approx(0.6));
}

TEST_CASE("a splitter is dragged, stepped and reset") {
    Screen screen(400, 200, 1);
    float moved = 0;
    bool was_reset = false;
    const Screen::Draw draw = [&](UiContext& ui) {
        const SplitterMove move = splitter(ui, "gap", {195, 0, 10, 200}, true);
        moved += move.by_px;
        was_reset = was_reset || move.is_reset;
        return ViewResult{};
    };
    screen.frame(draw);
    press(screen, draw, kKeyTab);
    press(screen, draw, kKeyRight);
    CHECK(moved == 16);
    press(screen, draw, kKeyHome);
    CHECK(was_reset);
}

TEST_CASE("every icon draws within its square") {
    Screen screen(200, 200, 1);
    for (const Icon icon : all_icons()) {
        CAPTURE(static_cast<int>(icon));
        screen.frame([&](UiContext& ui) {
            draw_icon(ui, {50, 50, 100, 100}, icon, rgb(0));
            return ViewResult{};
        });
        CHECK_FALSE(screen.drawing.items.empty());
        for (const DrawnItem& item : screen.drawing.items) {
            if (const auto* line = std::get_if<drawn::Line>(&item.shape)) {
                for (const Point p : {line->from, line->to}) {
                    CHECK(Rect{50, 50, 100, 100}.contains(p));
                }
            }
        }
    }
}

TEST_SUITE_END();
