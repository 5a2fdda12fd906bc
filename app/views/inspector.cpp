#include "app/views/inspector.h"

#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "app/ui/numbers.h"
#include "app/ui/widgets.h"
#include "app/views/attention_data.h"
#include "app/views/axes.h"
#include "app/views/cell_tip.h"
#include "core/ops/op_table.h"

namespace heed::app {

namespace {

constexpr float kRow = 28;  // design pixels
constexpr float kBar = 16;
constexpr float kColumnGap = 10;
constexpr float kLeastBar = 36;
constexpr int kMeasuredLines = 200;  // of the list, for the widths of its columns

// Lines that draw_paragraph makes of `text` in `width`; at most `most`.
int count_lines(const UiContext& ui, Type type, std::string_view text, float width, int most) {
    int lines = 1;
    std::size_t begin = 0;
    std::size_t fitting = 0;
    for (std::size_t at = text.find(' '); lines < most; at = text.find(' ', at + 1)) {
        const std::size_t end = std::min(at, text.size());
        if (measure_text(ui, type, text.substr(begin, end - begin)) > width && fitting > begin) {
            begin = fitting + 1;
            ++lines;
        }
        if (at == std::string_view::npos) break;
        fitting = at;
    }
    return lines;
}

std::string formula_of(const Explanation& explanation) {
    return typeset_formula(explanation.formula);
}

// Four decimals, or an exponent where they would say nothing.
std::string value_text(const Explanation& explanation) {
    std::string text = format_value(static_cast<double>(explanation.cell.value));
    for (std::size_t at = text.find('-'); at != std::string::npos; at = text.find('-', at + 1)) {
        text.replace(at, 1, "\u2212");
    }
    return text;
}

// The steps that belong to no single term: "row max 5.61 · sum 1.451".
std::string common_steps(const Explanation& explanation) {
    std::string text;
    for (const Step& step : explanation.steps) {
        if (step.name.back() == ']') continue;
        if (!text.empty()) text += "   ";
        text += step.name + " " + std::string(format_number(step.value, 4).view());
    }
    return text;
}

void measure_columns(const UiContext& ui, const InspectorViewState& state,
                     InspectorLayout& layout) {
    float label = ui.px(24);
    const auto count = std::min<std::size_t>(state.lines.size(), kMeasuredLines);
    for (std::size_t i = 0; i < count; ++i) {
        const TermLine& line = state.lines[i];
        label = std::max(label, measure_text(ui, Type::kBodyStrong, line.label));
        layout.numbers_w =
            std::max(layout.numbers_w, measure_text(ui, Type::kNumberSmall, line.numbers));
        layout.result_w = std::max(layout.result_w, measure_text(ui, Type::kNumber, line.result));
    }
    layout.result_w = std::ceil(layout.result_w) + 1;
    layout.numbers_w = std::ceil(layout.numbers_w);
    const float gap = ui.px(kColumnGap);
    const float width = layout.list.w - ui.px(12);
    const float fixed = layout.result_w + gap + (layout.numbers_w > 0 ? layout.numbers_w + gap : 0);
    layout.label_w = std::min(std::ceil(label) + 1, std::max(ui.px(40), width * 0.32F));
    layout.bar_x = layout.label_w + gap;
    layout.bar_w = width - fixed - layout.bar_x - gap;
    // Rather no bar than one that says nothing.
    if (layout.bar_w < ui.px(kLeastBar)) layout.bar_w = 0;
}

void draw_head(const Trace& trace, const InspectorViewState& asked, const InspectorLayout& layout,
               UiContext& ui) {
    const Theme& theme = ui.theme;
    const Explanation& explanation = *asked.explanation;
    const bool is_cell = asked.shown_name.empty();
    const std::string name = is_cell
                                 ? spoken_cell(trace, explanation.cell.id, explanation.cell.index)
                                 : asked.shown_name;
    draw_label(ui, "view/inspector/cell", {Type::kCode, theme.ink_second}, layout.name, name);
    const float value = explanation.cell.value;
    const auto shown = static_cast<double>(value);
    const std::string text = value_text(explanation);
    draw_text(ui, {Type::kResult, theme.ink, Align::kRight}, layout.value, text);
    log_item(ui, "view/inspector/value", "value", text, shown, layout.value);
    const Interaction state = interact(ui, "view/inspector/value", layout.value);
    if (state.is_hovered && is_cell) {
        draw_cell_tip(ui, trace, explanation.cell.id, explanation.cell.index, value, layout.value);
    }
    const std::string formula = formula_of(explanation);
    draw_paragraph(ui, {Type::kFormulaSmall, theme.ink_second}, layout.formula, formula,
                   layout.formula_lines);
    log_item(ui, "view/inspector/formula", "text", formula, std::nullopt, layout.formula);
    const std::string numbers = typeset_formula(explanation.numbers);
    draw_paragraph(ui, {Type::kNumberSmall, theme.ink}, layout.numbers, numbers,
                   layout.number_lines);
    log_item(ui, "view/inspector/numbers", "text", numbers, std::nullopt, layout.numbers);
    if (layout.steps.is_empty()) return;
    draw_label(ui, "view/inspector/steps", {Type::kNumberTiny, theme.ink_second}, layout.steps,
               common_steps(explanation));
    for (std::size_t i = 0; ui.items.is_recording() && i < explanation.steps.size(); ++i) {
        const Step& step = explanation.steps[i];
        log_item(ui, indexed_id("view/inspector/step", {static_cast<int>(i)}), "step", step.name,
                 step.value, layout.steps);
    }
}

struct ListScene {
    const Trace& trace;
    const Selection& selection;
    InspectorViewState& state;
    const InspectorLayout& layout;
    UiContext& ui;
};

Rect number_place(const ListScene& scene, const Rect& row) {
    const float right = row.right() - scene.layout.result_w - scene.ui.px(kColumnGap);
    return {right - scene.layout.numbers_w, row.y, scene.layout.numbers_w, row.h};
}

void draw_bar(const ListScene& scene, const Rect& row, const TermLine& line, Colour colour) {
    UiContext& ui = scene.ui;
    const InspectorLayout& layout = scene.layout;
    if (layout.bar_w <= 0 || !(scene.state.largest > 0) || !std::isfinite(line.amount)) return;
    const float share = static_cast<float>(line.amount / scene.state.largest);
    const float height = ui.px(kBar);
    const float left = row.x + layout.bar_x;
    const float y = row.centre().y - height / 2;
    const float least = ui.px(2);
    if (!scene.state.has_negative) {
        fill(ui, {left, y, std::max(least, share * layout.bar_w), height}, colour, ui.px(3));
        return;
    }
    const float zero = left + layout.bar_w / 2;
    const float length = std::max(least, std::abs(share) * layout.bar_w / 2);
    fill(ui, {share < 0 ? zero - length : zero, y, length, height}, colour, ui.px(3));
    draw_line(ui, {zero, row.y + ui.px(2)}, {zero, row.bottom() - ui.px(2)}, ui.theme.line,
              ui.hairline());
}

// What a leaf of the tree is: a number of the file, or a row that a token id chose.
void draw_leaf_tip(const ListScene& scene, const Term& term, const Rect& row) {
    UiContext& ui = scene.ui;
    if (!tooltip_is_due(ui, "view/inspector", static_cast<std::uint64_t>(term.cell.index.back()))) {
        return;
    }
    if (term.cell.kind == CellKind::kInput && term.cell.id < 0) {
        const std::array kept{
            TooltipLine{"what the word keeps of itself", Type::kNote, ui.theme.ink_second}};
        draw_tooltip(ui, row, kept);
        return;
    }
    std::vector<TooltipLine> lines{
        {exact_cell(term.cell.name, term.cell.index), Type::kNumberSmall, ui.theme.ink},
        {std::string(format_exact(term.cell.value).view()), Type::kNumber, ui.theme.ink},
        {"a number that training found: here the way back ends", Type::kNote, ui.theme.ink_second}};
    if (term.chosen_by) {
        lines.push_back({"row " + std::string(format_exact(term.chosen_by->value).view()) +
                             " of the table, chosen by " +
                             exact_cell(term.chosen_by->name, term.chosen_by->index),
                         Type::kNote, ui.theme.ink_second});
    }
    draw_tooltip(ui, row, lines);
}

// Under the bar of a sum's term a fine line: how far the terms down to this one have come, where
// the whole bar's width is the sum.
void draw_so_far(const ListScene& scene, const Rect& row, const TermLine& line) {
    UiContext& ui = scene.ui;
    const InspectorLayout& layout = scene.layout;
    const double whole = scene.state.lines.back().so_far;
    const bool is_sum = scene.state.explanation->how == How::kSum && scene.state.lines.size() > 1;
    if (!is_sum || layout.bar_w <= 0 || whole == 0) return;
    const float share = std::clamp(static_cast<float>(line.so_far / whole), 0.0F, 1.0F);
    const Rect track{row.x + layout.bar_x, row.bottom() - ui.px(4), layout.bar_w, ui.hairline()};
    fill(ui, track, ui.theme.line);
    fill(ui, {track.x, track.y, track.w * share, track.h}, ui.theme.ink_third);
    const float at = track.x + track.w * share;
    fill(ui, {at - ui.px(1), track.y - ui.px(2), ui.px(2), ui.px(5)}, ui.theme.ink_second);
}

void draw_tip(const ListScene& scene, const Cell& cell, const Term& term, const Rect& row) {
    if (cell.kind == CellKind::kNode) {
        draw_cell_tip(scene.ui, scene.trace, cell.id, cell.index, cell.value, row);
    } else {
        draw_leaf_tip(scene, term, row);
    }
}

// The colour of a bar: the role of what varies, else the sign's.
Colour bar_colour(const ListScene& scene, const TermLine& line, bool is_chosen) {
    const Theme& theme = scene.ui.theme;
    if (scene.state.has_negative) {
        return mix(theme.surface, line.amount < 0 ? theme.negative : theme.positive, 0.75F);
    }
    return is_chosen ? theme.key : ramp(theme.weights, 0.45F);
}

void take_term(const ListScene& scene, const TermLine& line, int position, const Rect& row,
               ViewResult& result) {
    const Term& term = scene.state.explanation->terms[static_cast<std::size_t>(line.term)];
    const Interaction state =
        interact(scene.ui, indexed_id("view/inspector/term", {position}), row);
    if (!state.is_hovered) return;
    const Rect numbers = number_place(scene, row);
    // The right half of a product is its other factor.
    const bool on_factor = term.times && term.times->cell && numbers.contains(state.mouse) &&
                           state.mouse.x > numbers.centre().x;
    const Cell& cell = on_factor ? *term.times->cell : term.cell;
    draw_tip(scene, cell, term, row);
    if (cell.kind != CellKind::kNode) return;
    ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
    if (state.was_clicked) {
        scene.state.own_cell = cell.index;
        result.selection = ask_word_cell(scene.trace, scene.selection, cell.id, cell.index);
    }
}

void log_term(const ListScene& scene, const TermLine& line, int position, const Rect& row) {
    UiContext& ui = scene.ui;
    if (!ui.items.is_recording()) return;
    const Term& term = scene.state.explanation->terms[static_cast<std::size_t>(line.term)];
    log_item(ui, indexed_id("view/inspector/term", {position}),
             term.cell.kind == CellKind::kNode ? "term" : "leaf",
             line.label + " " + line.numbers + " " + line.result + " " +
                 exact_cell(term.cell.name, term.cell.index),
             term.contribution ? *term.contribution : static_cast<double>(term.cell.value), row);
    if (scene.state.explanation->how == How::kSum) {
        log_item(ui, indexed_id("view/inspector/so-far", {position}), "value",
                 "the sum down to this term", line.so_far, row);
    }
    if (term.times && term.times->cell) {
        const Cell& factor = *term.times->cell;
        Rect place = number_place(scene, row);
        place = take_right(place, place.w / 2);
        log_item(ui, indexed_id("view/inspector/factor", {position}),
                 factor.kind == CellKind::kNode ? "term" : "leaf",
                 exact_cell(factor.name, factor.index), static_cast<double>(factor.value), place);
    }
}

void draw_term(const ListScene& scene, int position, const Rect& row, ViewResult& result) {
    UiContext& ui = scene.ui;
    const Theme& theme = ui.theme;
    const TermLine& line = scene.state.lines[static_cast<std::size_t>(position)];
    const Term& term = scene.state.explanation->terms[static_cast<std::size_t>(line.term)];
    const ImVec2 mouse = ImGui::GetMousePos();
    if (ImGui::IsWindowHovered() && row.contains({mouse.x, mouse.y})) {
        fill(ui, row, theme.sunk, ui.px(6));
    }
    const bool is_leaf = term.cell.kind != CellKind::kNode;
    Colour ink = is_leaf ? theme.ink_second : theme.ink;
    if (line.is_own) ink = theme.key;
    draw_text(ui, {line.is_own ? Type::kBodyStrong : Type::kBody, ink},
              {row.x, row.y, scene.layout.label_w, row.h}, line.label);
    draw_bar(scene, row, line, bar_colour(scene, line, line.is_own));
    draw_so_far(scene, row, line);
    draw_text(ui, {Type::kNumberSmall, theme.ink_second, Align::kRight}, number_place(scene, row),
              line.numbers);
    draw_text(ui, {Type::kNumber, theme.ink, Align::kRight},
              {row.right() - scene.layout.result_w, row.y, scene.layout.result_w, row.h},
              line.result);
    take_term(scene, line, position, row, result);
    log_term(scene, line, position, row);
}

// Under a cell that is one number of a table: which number, and the token id that chose its row.
void draw_origin(const ListScene& scene, Point top_left) {
    UiContext& ui = scene.ui;
    const Term& term = scene.state.explanation->terms.front();
    if (term.cell.kind != CellKind::kWeight) return;
    Rect rest{top_left.x, top_left.y + scene.layout.row_height, scene.layout.list.w - ui.px(12),
              ui.px(60)};
    const float line = ui.px(20);
    draw_label(ui, "view/inspector/leaf", {Type::kNumberSmall, ui.theme.ink_second},
               take_top(rest, line), exact_cell(term.cell.name, term.cell.index));
    if (!term.chosen_by) return;
    const Cell& origin = *term.chosen_by;
    const int sequence = scene.trace.graph().inputs()[static_cast<std::size_t>(origin.id)].sequence;
    const int id = static_cast<int>(origin.value);
    const std::string text = "row " + std::to_string(id) + ": " +
                             exact_cell(origin.name, origin.index) + ", the id of \u201c" +
                             token_text(scene.trace, sequence, origin.index[0]) + "\u201d";
    const Rect place = take_top(rest, line);
    draw_text(ui, {Type::kNote, ui.theme.ink}, place, text);
    log_item(ui, "view/inspector/origin[0]", "leaf", text, static_cast<double>(origin.value),
             place);
}

void draw_list(const ListScene& scene, ViewResult& result) {
    UiContext& ui = scene.ui;
    const InspectorLayout& layout = scene.layout;
    const auto count = static_cast<int>(scene.state.lines.size());
    const float content =
        layout.row_height * static_cast<float>(count) + (count == 1 ? scene.ui.px(40) : 0);
    begin_focus_group(ui, "view/inspector/list");
    const Point origin = begin_scroll(ui, "view/inspector/list", layout.list, 1, content);
    const float width = layout.list.w - ui.px(12);
    const int first = std::max(0, static_cast<int>((layout.list.y - origin.y) / layout.row_height));
    const int end = std::min(
        count, static_cast<int>(std::ceil((layout.list.bottom() - origin.y) / layout.row_height)));
    for (int i = 0; i < count; ++i) {
        const Rect row{origin.x, origin.y + layout.row_height * static_cast<float>(i), width,
                       layout.row_height};
        if (i >= first && i < end) {
            draw_term(scene, i, row, result);
        } else if (ui.items.is_recording()) {
            log_term(scene, scene.state.lines[static_cast<std::size_t>(i)], i, row);
        } else if (i >= end) {
            break;
        }
    }
    if (count == 1) draw_origin(scene, origin);
    end_scroll();
    end_focus_group(ui);
}

void draw_heading(const InspectorViewState& state, const InspectorLayout& layout, UiContext& ui) {
    const Explanation& explanation = *state.explanation;
    const TextStyle quiet{Type::kTiny, ui.theme.ink_second};
    const bool is_sum = explanation.how == How::kSum;
    const std::string count = std::to_string(explanation.terms.size());
    const std::string about =
        explanation.terms.size() == 1
            ? "1 term"
            : count + (is_sum ? " terms; the mark: their sum so far" : " terms, the largest first");
    Rect line{layout.heading.x, layout.heading.y, layout.heading.w - ui.px(12), layout.heading.h};
    const Rect right = take_right(
        line, std::ceil(measure_text(ui, quiet.type, state.amount_title)) + 1, ui.px(kColumnGap));
    draw_label(ui, "view/inspector/amount", {quiet.type, quiet.colour, Align::kRight}, right,
               state.amount_title);
    draw_label(ui, "view/inspector/count", quiet, line, about);
}

}  // namespace

InspectorLayout layout_inspector(const UiContext& ui, const Rect& inside,
                                 const InspectorViewState& state) {
    InspectorLayout layout;
    Rect rest = inside;
    layout.title = take_top(rest, ui.px(28), ui.px(4));
    if (!state.explanation) {
        layout.list = rest;
        return layout;
    }
    const Explanation& explanation = *state.explanation;
    Rect head = take_top(rest, ui.px(30), ui.px(4));
    const std::string value = value_text(explanation);
    layout.value =
        take_right(head, std::ceil(measure_text(ui, Type::kResult, value)) + 1, ui.px(12));
    layout.name = head;
    const auto block = [&](Type type, int lines, float gap) {
        return take_top(rest, std::round(line_height(ui, type) * 1.1F) * static_cast<float>(lines),
                        gap);
    };
    const bool is_low = inside.h < ui.px(320);
    layout.formula_lines =
        count_lines(ui, Type::kFormulaSmall, formula_of(explanation), rest.w, is_low ? 1 : 3);
    layout.formula = block(Type::kFormulaSmall, layout.formula_lines, ui.px(4));
    layout.number_lines = count_lines(ui, Type::kNumberSmall, typeset_formula(explanation.numbers),
                                      rest.w, is_low ? 1 : 4);
    layout.numbers = block(Type::kNumberSmall, layout.number_lines, ui.px(4));
    if (!is_low && !common_steps(explanation).empty())
        layout.steps = block(Type::kNumberTiny, 1, ui.px(4));
    layout.heading = take_top(rest, ui.px(18), ui.px(2));
    layout.list = rest;
    layout.row_height = ui.px(kRow);
    measure_columns(ui, state, layout);
    return layout;
}

namespace {

// The way back to the number before, at the right of `line`; gives what is left of the line.
Rect draw_back(UiContext& ui, const Rect& line, ViewResult& result) {
    const Action* back = ui.actions.find("back");
    if (back == nullptr) return line;
    const bool is_enabled = !back->is_enabled || back->is_enabled();
    const std::string chord = ui.actions.shown_chord("back");
    const std::string told = back->title + (chord.empty() ? "" : " (" + chord + ")");
    const float width = std::min(measure_button(ui, "back") + ui.px(16), line.w / 2);
    const Rect place{line.right() - width, line.y, width, line.h};
    if (button(ui, "view/inspector/back", place, "back",
               {ButtonLook::kQuiet, is_enabled, told, Icon::kBack})) {
        result.commands.push_back({"back", {}});
    }
    return {line.x, line.y, std::max(0.0F, line.w - width - ui.px(8)), line.h};
}

// Opens what is asked for where that has changed. True while there is nothing to be shown yet.
bool open_asked(const Trace& trace, const Selection& selection, const AttentionViewState* attention,
                InspectorViewState& state, UiContext& ui) {
    const bool has_data = attention != nullptr && attention->data != nullptr &&
                          attention->data->trace_number == ui.trace_number;
    if (attention != nullptr &&
        std::exchange(state.shown_presses, attention->presses) != attention->presses) {
        state.own_cell.clear();
    }
    const bool is_shown = has_data && state.own_cell != selection.cell &&
                          is_shown_number(trace, selection, *attention->data);
    const std::uint64_t version = is_shown ? attention->data_version : 0;
    if (state.trace_number == ui.trace_number && state.node == selection.node &&
        state.cell == selection.cell && state.shown_version == version) {
        return false;
    }
    const bool is_open = is_shown ? open_shown(trace, selection, *attention->data, state)
                                  : open_cell(trace, selection, state);
    if (is_open) {
        state.trace_number = ui.trace_number;
        state.shown_version = version;
        return false;
    }
    if (state.trace_number == ui.trace_number) return !state.explanation && state.problem.empty();
    // What is there names cells of another trace.
    state.explanation.reset();
    state.lines.clear();
    state.shown_name.clear();
    state.problem.clear();
    return true;
}

}  // namespace

ViewResult draw_inspector_view(const Trace& trace, const Selection& selection, const Rect& rect,
                               InspectorViewState& state, UiContext& ui,
                               const AttentionViewState* attention) {
    ViewResult result;
    const Rect inside = card(ui, rect);
    const bool is_waiting = open_asked(trace, selection, attention, state, ui);
    const InspectorLayout layout = layout_inspector(ui, inside, state);
    const Rect title = draw_back(ui, layout.title, result);
    card_title(ui, "view/inspector", title, "Why this number?", "");
    if (!state.explanation) {
        const bool has_problem = !state.problem.empty();
        if (is_waiting) {
            empty_state(ui, "view/inspector/empty", layout.list, "On its way",
                        "The numbers are read.");
            return result;
        }
        empty_state(ui, "view/inspector/empty", layout.list,
                    has_problem ? "This number cannot be opened" : "No number is chosen",
                    has_problem ? state.problem : "Click a cell to see what it is made of.");
        return result;
    }
    draw_head(trace, state, layout, ui);
    if (state.lines.empty()) {
        draw_label(ui, "view/inspector/leaf", {Type::kNote, ui.theme.ink_second}, layout.heading,
                   "Given from outside: it is made of nothing else.");
        return result;
    }
    draw_heading(state, layout, ui);
    draw_list({trace, selection, state, layout, ui}, result);
    return result;
}

}  // namespace heed::app
