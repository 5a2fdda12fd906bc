#include "app/views/stage_tokens.h"

#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "app/ui/figures.h"
#include "app/ui/widgets.h"
#include "app/views/axes.h"

namespace heed::app {

namespace {

constexpr float kRow = 28;
constexpr float kMostWidth = 860;

struct Column {
    const char* id;
    const char* title;
    float share;  // of the width
    Type type;
    bool is_right;
};
constexpr std::array kColumns{
    Column{"position", "position", 0.11F, Type::kNumberSmall, true},
    Column{"token", "token", 0.27F, Type::kBody, false},
    Column{"piece", "in the vocabulary", 0.27F, Type::kNumberSmall, false},
    Column{"id", "id", 0.14F, Type::kNumber, true},
    Column{"bytes", "bytes of the text", 0.21F, Type::kNumberSmall, true}};

std::string cell_text_of(const TokenLabel& label, int position, std::size_t column) {
    switch (column) {
        case 0:
            return std::to_string(position);
        case 1:
            return token_text(label);
        case 2:
            return label.piece.empty() ? "\u2013" : label.piece;
        case 3:
            return std::to_string(label.id);
        default:
            if (label.is_special || label.begin == label.end) return "added";
            return std::to_string(label.begin) + "\u2013" + std::to_string(label.end) +
                   (label.text_index == 1 ? " of the pair" : "");
    }
}

Rect column_rect(const UiContext& ui, const Rect& row, std::size_t column) {
    float x = row.x;
    for (std::size_t i = 0; i < column; ++i) x += row.w * kColumns[i].share;
    return {std::floor(x), row.y, std::floor(row.w * kColumns[column].share - ui.px(20)), row.h};
}

void draw_header(UiContext& ui, const Rect& row) {
    for (std::size_t i = 0; i < kColumns.size(); ++i) {
        const Column& column = kColumns[i];
        draw_label(ui, std::string("view/stages/header/") + column.id,
                   {Type::kNoteStrong, ui.theme.ink_second,
                    column.is_right ? Align::kRight : Align::kLeft},
                   column_rect(ui, row, i), column.title);
    }
    fill(ui, {row.x, row.bottom(), row.w, ui.hairline()}, ui.theme.line);
}

void draw_token_row(UiContext& ui, const TokenLabel& label, int position, bool is_chosen,
                    const Rect& row) {
    const Theme& theme = ui.theme;
    if (is_chosen) fill(ui, inset(row, 0, ui.px(1)), theme.accent_soft, ui.px(6));
    for (std::size_t i = 0; i < kColumns.size(); ++i) {
        const Column& column = kColumns[i];
        Colour ink = i == 1 || i == 3 ? theme.ink : theme.ink_second;
        if (label.is_special) ink = theme.ink_third;
        if (is_chosen && i == 1) ink = theme.query;
        const Rect place = column_rect(ui, row, i);
        const std::string text = cell_text_of(label, position, i);
        draw_text(ui, {column.type, ink, column.is_right ? Align::kRight : Align::kLeft}, place,
                  text);
        if (!ui.items.is_recording()) continue;
        const std::optional<double> value =
            i == 3 ? std::optional<double>(static_cast<double>(label.id)) : std::nullopt;
        log_item(ui, indexed_id(std::string("view/stages/") + column.id, {position}),
                 is_chosen ? "chosen" : "cell", text, value, place);
    }
}

}  // namespace

ViewResult draw_token_table(const Trace& trace, const Selection& selection, int sequence,
                            const Rect& rect, UiContext& ui) {
    ViewResult result;
    const std::span<const TokenLabel> labels = trace.labels(sequence);
    Rect rest = rect;
    rest.w = std::min(rest.w, ui.px(kMostWidth));
    draw_header(ui, take_top(rest, ui.px(24), ui.px(6)));
    const float line = ui.px(kRow);
    const float height = line * static_cast<float>(labels.size());
    const Rect area{rest.x, rest.y, rest.w, std::min(rest.h, height)};
    const Point top = begin_scroll(ui, "view/stages/tokens", area, 1, height);
    const float width = area.w - (height > area.h ? ui.px(14) : 0);
    const Interaction mouse =
        interact(ui, "view/stages/token-rows", {top.x, top.y, width, height}, FocusKind::kPicture);
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const Rect row{top.x, top.y + line * static_cast<float>(i), width, line};
        const bool is_far = row.bottom() < area.y || row.y > area.bottom();
        if (is_far && !ui.items.is_recording()) continue;
        draw_token_row(ui, labels[i], static_cast<int>(i), static_cast<int>(i) == selection.query,
                       row);
    }
    if (mouse.is_hovered) ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    if (mouse.was_clicked) {
        const int row = static_cast<int>(std::floor((mouse.mouse.y - top.y) / line));
        result.commands.push_back({"query", {std::to_string(row)}});
    }
    end_scroll();
    mark_figure(ui, "view/stages/tokens", "Tokens", rect);
    return result;
}

}  // namespace heed::app
