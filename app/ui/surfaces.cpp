// What carries content: cards, headings, the words of an empty place.
#include <algorithm>

#include "app/ui/widgets.h"

namespace heed::app {

namespace {

constexpr float kCardRadius = 10;
constexpr float kCardPadding = 16;

}  // namespace

Rect card(UiContext& ui, const Rect& rect) {
    fill_ground(ui, rect, ui.theme.surface, ui.px(kCardRadius));
    outline(ui, rect, ui.theme.line, ui.hairline(), ui.px(kCardRadius));
    return inset(rect, ui.px(kCardPadding));
}

void card_title(UiContext& ui, std::string_view id, const Rect& line, std::string_view title,
                std::string_view note) {
    const float note_width = measure_text(ui, Type::kNote, note);
    const float width = measure_text(ui, Type::kLabel, title) + ui.px(16) + note_width <= line.w
                            ? line.w - note_width - ui.px(16)
                            : std::max(line.w / 2, line.w - note_width - ui.px(16));
    const Rect left{line.x, line.y, note.empty() ? line.w : width, line.h};
    draw_label(ui, std::string(id) + "/title", {Type::kLabel, ui.theme.ink}, left, title);
    if (note.empty()) return;
    const Rect right{left.right() + ui.px(16), line.y, line.right() - left.right() - ui.px(16),
                     line.h};
    draw_label(ui, std::string(id) + "/note", {Type::kNote, ui.theme.ink_second, Align::kRight},
               right, note);
}

void section_label(UiContext& ui, std::string_view id, const Rect& rect, std::string_view text) {
    draw_label(ui, id, {Type::kTinyStrong, ui.theme.ink_third}, rect, text);
}

void empty_state(UiContext& ui, std::string_view id, const Rect& rect, std::string_view title,
                 std::string_view hint) {
    const float title_height = line_height(ui, Type::kTitle);
    const float top = rect.y + rect.h / 2 - title_height;
    draw_label(ui, std::string(id) + "/title", {Type::kTitle, ui.theme.ink_second, Align::kCentre},
               {rect.x, top, rect.w, title_height}, title);
    const Rect below{rect.x, top + title_height + ui.px(4), rect.w, line_height(ui, Type::kBody)};
    draw_label(ui, std::string(id) + "/hint", {Type::kBody, ui.theme.ink_second, Align::kCentre},
               below, hint);
}

}  // namespace heed::app
