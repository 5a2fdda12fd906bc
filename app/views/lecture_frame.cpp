// What stands around the rows of the lecture, and what the mouse finds in them.
#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "app/ui/figures.h"
#include "app/ui/numbers.h"
#include "app/views/cell_tip.h"
#include "app/views/lecture_drawer.h"

namespace heed::app {

void LectureDrawer::draw_query(ViewResult& result) {
    // Where there is no room for both, the word is left to the title.
    std::string name = query_name(plan_.q);
    if (measure_text(ui_, Type::kLabel, name) > layout_.query_label.w) {
        name = short_name(trace_.graph().node(plan_.q).name);
    }
    draw_label(ui_, "view/stages/query", {Type::kLabel, ui_.theme.query}, layout_.query_label,
               name);
    draw_cells(query_strip_, query_, layout_.query, 1, "view/stages/q[", 1);
    draw_label(ui_, "view/stages/query-note", {Type::kNote, ui_.theme.ink_second},
               layout_.query_note, "what \u201c" + query_word() + "\u201d is looking for");
    const Interaction state =
        interact(ui_, "view/stages/query-strip", layout_.query, FocusKind::kPicture);
    if (!state.is_hovered) return;
    answer(find_in_strip(query_strip_, query_, layout_.query, state.mouse), state.was_clicked,
           result);
}

void LectureDrawer::draw_header() {
    const Theme& theme = ui_.theme;
    const float left = rows_left_;
    ImGui::PushClipRect({layout_.header.x, layout_.header.y},
                        {layout_.header.right(), layout_.header.bottom()}, true);
    for (std::size_t i = 0; i < plan_.columns.size(); ++i) {
        const LectureColumn& column = plan_.columns[i];
        if (!is_told(column.stage)) continue;
        const LectureLayout::Column& place = layout_.columns[i];
        Colour colour = theme.ink;
        if (column.kind == LectureKind::kKeys) colour = theme.key;
        if (column.kind == LectureKind::kValues || column.kind == LectureKind::kWeighted) {
            colour = theme.value;
        }
        const std::string title = title_of(column);
        // The title of a score reaches to the left, any other one to the right.
        const bool has_room =
            i + 1 < plan_.columns.size() && plan_.columns[i + 1].kind != LectureKind::kScore;
        const Rect rect{left + place.x, layout_.header.y, place.w + (has_room ? ui_.px(8) : 0),
                        layout_.header.h};
        const bool is_score = column.kind == LectureKind::kScore;
        draw_label(
            ui_, indexed_id("view/stages/header", {static_cast<int>(i)}),
            {Type::kNoteStrong, colour, is_score ? Align::kRight : Align::kLeft},
            is_score ? Rect{rect.x - ui_.px(10), rect.y, place.w + ui_.px(10), rect.h} : rect,
            title);
    }
    ImGui::PopClipRect();
}

std::optional<Target> LectureDrawer::find_in_strip(const Strip& strip, int row, const Rect& place,
                                                   Point mouse) const {
    if (!place.contains(mouse)) return std::nullopt;
    const int i = std::clamp(static_cast<int>((mouse.x - place.x) / layout_.cell_w), 0,
                             std::max(0, strip.seen - 1));
    Target target;
    target.node = strip.node;
    target.cell = cell_of(strip.node, row, strip.first + i);
    target.value = strip.values->at(row, strip.first + i);
    target.rect = {place.x + layout_.cell_w * static_cast<float>(i), place.y, layout_.cell_w,
                   place.h};
    return target;
}

std::optional<Target> LectureDrawer::find_target(Point mouse, Point origin) const {
    const int s = static_cast<int>(std::floor((mouse.y - origin.y) / layout_.row_h));
    if (s < 0 || s >= words_) return std::nullopt;
    const float y = origin.y + layout_.row_h * static_cast<float>(s);
    for (std::size_t i = 0; i < plan_.columns.size(); ++i) {
        const LectureColumn& column = plan_.columns[i];
        const LectureLayout::Column& lies = layout_.columns[i];
        const Rect place{origin.x + lies.x, y, lies.w, layout_.row_h};
        if (!is_told(column.stage) || !place.contains(mouse)) continue;
        if (column.kind == LectureKind::kScore || column.kind == LectureKind::kWeight) {
            return Target{column.node, cell_of(column.node, query_, s),
                          scores_.at(column.node)->at(query_, s), place, ""};
        }
        const Rect strip{place.x + lies.factor_w, place.y, place.w - lies.factor_w, place.h};
        std::optional<Target> target = find_in_strip(strip_of(column), s, strip, mouse);
        if (!target || column.kind != LectureKind::kWeighted) return target;
        // Weight times value is a term of z: that is what opens.
        const float weight = scores_.at(plan_.pattern)->at(query_, s);
        target->extra = std::string(format_exact(weight).view()) + " \u00d7 " +
                        std::string(format_exact(target->value).view());
        const int column_of_value = target->cell.back();
        target->node = plan_.z;
        target->cell = cell_of(plan_.z, query_, column_of_value);
        target->value *= weight;
        return target;
    }
    return std::nullopt;
}

void LectureDrawer::answer(const std::optional<Target>& target, bool was_clicked,
                           ViewResult& result) {
    if (!target) return;
    ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    if (target->extra.empty()) {
        draw_cell_tip(ui_, trace_, target->node, target->cell, target->value, target->rect);
    } else if (tooltip_is_due(ui_, target->extra)) {
        const Theme& theme = ui_.theme;
        const std::array lines{
            TooltipLine{"a term of " + spoken_cell(trace_, target->node, target->cell),
                        Type::kBodyStrong, theme.ink},
            TooltipLine{target->extra, Type::kNumber, theme.ink},
            TooltipLine{"= " + std::string(format_exact(target->value).view()), Type::kNumber,
                        theme.ink},
            TooltipLine{exact_cell(trace_.graph().node(target->node).name, target->cell),
                        Type::kNumberSmall, theme.ink_second}};
        draw_tooltip(ui_, target->rect, lines);
    }
    if (was_clicked) {
        result.selection = ask_word_cell(trace_, scene_.selection, target->node, target->cell);
        // The word that is told of stays; a key's own word does not become the query.
        result.selection->query = query_;
    }
}

void LectureDrawer::draw_sum(ViewResult& result) {
    if (!is_told(plan_.sum_stage)) return;
    const Theme& theme = ui_.theme;
    fill(ui_, layout_.rule, theme.ink_second);
    const std::string title = std::to_string(plan_.step_stages.size()) + "  add them up";
    draw_label(ui_, "view/stages/sum", {Type::kNoteStrong, theme.value, Align::kRight},
               layout_.sum_label, title);
    draw_cells(sum_strip_, query_, layout_.sum, 1, "view/stages/z[", 1);
    const float out = ui_.px(3);
    outline(ui_,
            {layout_.sum.x - out, layout_.sum.y - out, layout_.sum.w + 2 * out,
             layout_.sum.h + 2 * out},
            theme.value, 2 * ui_.hairline(), ui_.px(5));
    if (!layout_.sum_note.is_empty())
        draw_label(ui_, "view/stages/sum-note", {Type::kNote, theme.ink_second, Align::kRight},
                   layout_.sum_note, "z of \u201c" + query_word() + "\u201d: its context vector");
    const Interaction state =
        interact(ui_, "view/stages/sum-strip", layout_.sum, FocusKind::kPicture);
    if (state.is_hovered) {
        answer(find_in_strip(sum_strip_, query_, layout_.sum, state.mouse), state.was_clicked,
               result);
    }
}

void LectureDrawer::draw_pages() {
    const int width = std::max(query_strip_.width, sum_strip_.width);
    const int seen = std::max(layout_.keys_seen, layout_.values_seen);
    if (seen >= width) return;
    Rect rest = layout_.pages;
    const float side = ui_.px(28);
    const int first = std::clamp(scene_.state.first_inner, 0, width - seen);
    if (button(ui_, "view/stages/page/before", take_left(rest, side, ui_.px(4)), "\u2190",
               {ButtonLook::kQuiet, first > 0, "Numbers before"})) {
        scene_.state.first_inner = std::max(0, first - seen);
    }
    if (button(ui_, "view/stages/page/after", take_left(rest, side, ui_.px(8)), "\u2192",
               {ButtonLook::kQuiet, first + seen < width, "Numbers after"})) {
        scene_.state.first_inner = std::min(width - seen, first + seen);
    }
    draw_label(ui_, "view/stages/page/text", {Type::kNote, ui_.theme.ink_second}, rest,
               "numbers " + std::to_string(first) + "\u2013" + std::to_string(first + seen - 1) +
                   " of " + std::to_string(width));
}

void LectureDrawer::draw_foot() {
    if (layout_.note.is_empty()) return;
    const auto high = [](const Strip& strip) {
        return std::string(format_number(static_cast<double>(strip.scale.high), 2).view());
    };
    std::string text = "blue: positive, rust: negative; to \u00b1" +
                       high(strips_.at(plan_.columns.front().node)) + " in keys, \u00b1" +
                       high(strips_.at(plan_.v)) + " in values";
    if (plan_.key_heads < plan_.query_heads) {
        const int group = scene_.selection.head * plan_.key_heads / plan_.query_heads;
        text += " \u00b7 k and v of group " + std::to_string(group);
    }
    draw_label(ui_, "view/stages/note", {Type::kTiny, ui_.theme.ink_third}, layout_.note, text);
}

void LectureDrawer::mark_numbers() const {
    if (ui_.figures == nullptr) return;
    const std::shared_ptr<const Trace> trace = ui_.trace;
    NumberTable table;
    for (int s = 0; s < words_; ++s) table.row_labels.push_back(word(s));
    for (const LectureColumn& column : plan_.columns) {
        const bool is_number =
            column.kind == LectureKind::kScore || column.kind == LectureKind::kWeight;
        if (is_number) table.column_labels.push_back(column.title);
    }
    for (int s = 0; s < words_; ++s) {
        for (const LectureColumn& column : plan_.columns) {
            const bool is_number =
                column.kind == LectureKind::kScore || column.kind == LectureKind::kWeight;
            if (is_number) table.values.push_back(scores_.at(column.node)->at(query_, s));
        }
    }
    table.node = trace_.graph().node(plan_.pattern).name;
    mark_figure(ui_, "view/stages/lecture", "One word at a time", scene_.inside,
                [table] { return table; });
}

}  // namespace heed::app
