#include "app/views/stage_code.h"

#include <algorithm>
#include <cmath>

#include "app/ui/widgets.h"

namespace heed::app {

namespace {

constexpr float kLine = 20;  // design pixels
constexpr float kTitle = 20;
constexpr float kLeastBeside = 640;  // width

// Code line by line; what does not fit in width is shortened, lines around the current one stay.
void draw_lines(UiContext& ui, std::string_view id, const Rect& rect,
                const std::vector<CodeLine>& lines) {
    const Theme& theme = ui.theme;
    const float line = ui.px(kLine);
    const int seen = std::max(1, static_cast<int>(rect.h / line));
    int current = 0;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (lines[i].is_current) current = static_cast<int>(i);
    }
    const int count = static_cast<int>(lines.size());
    const int first = std::clamp(current - seen / 2, 0, std::max(0, count - seen));
    for (int i = first; i < std::min(count, first + seen); ++i) {
        const CodeLine& code = lines[static_cast<std::size_t>(i)];
        const Rect row{rect.x, rect.y + line * static_cast<float>(i - first), rect.w, line};
        if (code.is_current) {
            fill(ui, row, theme.accent_soft, ui.px(4));
            fill(ui, {row.x, row.y, ui.px(3), row.h}, theme.accent, ui.px(1));
        }
        const std::size_t comment = code.text.find('#');
        const std::string work = code.text.substr(0, comment);
        const Rect inside = inset(row, ui.px(10), 0);
        const Colour ink = code.is_current ? theme.ink : theme.ink_second;
        // Measured with what follows, so that blanks at the end count.
        const float used = draw_text(ui, {Type::kNumberSmall, ink}, inside, work);
        if (comment != std::string::npos) {
            Rect rest = inside;
            take_left(rest, used);
            draw_text(ui, {Type::kNumberSmall, code.is_current ? theme.accent : theme.ink_third},
                      rest, code.text.substr(comment));
        }
        log_item(ui, indexed_id(id, {i}), code.is_current ? "chosen" : "text", code.text,
                 std::nullopt, row);
    }
}

}  // namespace

CodeLayout layout_code(const UiContext& ui, const Rect& rect) {
    CodeLayout layout;
    Rect rest = inset(rect, ui.px(12), ui.px(8));
    const auto cut = [&](Rect half, Rect& title, Rect& lines) {
        title = take_top(half, ui.px(kTitle), ui.px(2));
        lines = half;
    };
    if (rest.w >= ui.px(kLeastBeside)) {
        cut(take_left(rest, std::floor((rest.w - ui.px(20)) * 0.54F), ui.px(20)), layout.loop_title,
            layout.loop);
        cut(rest, layout.matrix_title, layout.matrix);
    } else {
        cut(take_top(rest, std::floor((rest.h - ui.px(8)) * 0.58F), ui.px(8)), layout.loop_title,
            layout.loop);
        cut(rest, layout.matrix_title, layout.matrix);
    }
    return layout;
}

void draw_code(const CodeScene& scene) {
    UiContext& ui = scene.ui;
    fill(ui, scene.rect, ui.theme.sunk, ui.px(8));
    const CodeLayout layout = layout_code(ui, scene.rect);
    const TextStyle title{Type::kTinyStrong, ui.theme.ink_second};
    draw_label(ui, "view/stages/code/loop-title", title, layout.loop_title, "NUMBER BY NUMBER");
    draw_lines(ui, "view/stages/code/loop", layout.loop,
               scene.texts.code(scene.facts.help, "loop", scene.facts.words));
    draw_label(ui, "view/stages/code/matrix-title", title, layout.matrix_title,
               "WITH MATRICES, THE WHOLE PASS");
    std::vector<CodeLine> pass;
    for (std::size_t i = 0; i < scene.stages.size(); ++i) {
        const bool is_current = static_cast<int>(i) == scene.stage;
        const std::string help =
            is_current ? scene.facts.help : stage_help(scene.graph, scene.stages[i]);
        for (CodeLine& line : scene.texts.code(help, "matrix", scene.facts.words)) {
            line.is_current = is_current;
            pass.push_back(std::move(line));
        }
    }
    draw_lines(ui, "view/stages/code/matrix", layout.matrix, pass);
}

}  // namespace heed::app
