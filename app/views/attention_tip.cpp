#include "app/views/attention_tip.h"

#include <algorithm>

#include "app/views/cell_tip.h"
#include "core/run/at_hand.h"

namespace heed::app {

namespace {

constexpr std::size_t kMostTerms = 5;

const TokenGroup& row_of(const AttentionData& data, int row) {
    return data.shown.rows[static_cast<std::size_t>(row)];
}
const TokenGroup& column_of(const AttentionData& data, int column) {
    return data.shown.columns[static_cast<std::size_t>(column)];
}

std::string positions_of(const TokenGroup& group) {
    std::string text;
    for (const int i : group.positions) text += (text.empty() ? "" : "+") + std::to_string(i);
    return text;
}

std::string term_text(const Trace& trace, const PatternTerm& term) {
    const std::string from = term.node >= 0
                                 ? exact_cell(trace.graph().node(term.node).name, term.index)
                                 : "kept of itself";
    return std::string(format_number(term.contribution, 4).view()) + " = " +
           std::string(format_number(term.factor, 4).view()) + " \u00b7 " +
           std::string(format_number(term.value, 4).view()) + "   " + from;
}

}  // namespace

std::string shown_formula(const AttentionData& data) {
    std::string text = "pattern[h,t,s]";
    if (data.request.kind == PatternKind::kRollout) {
        return "rollout[t,s] = \u2211_u (mean_h pattern[h,t,u] + [t = u]) / 2 \u00b7 before[u,s]";
    }
    if (data.request.kind == PatternKind::kNormWeighted) {
        text += data.pattern.has_output_map ? " \u00b7 |v[h,s] W_O[h]|" : " \u00b7 |v[h,s]|";
    }
    if (data.request.choice == HeadChoice::kMax) text = "max_h " + text;
    if (data.pattern.heads.size() > 1 && data.request.choice != HeadChoice::kMax) {
        text = "mean_h " + text;
    }
    return text;
}

std::vector<int> find_source(const Trace& trace, const AttentionData& data, CellIndex at,
                             int head) {
    std::vector<int> cell{head, row_of(data, at.row).positions.front(),
                          column_of(data, at.column).positions.front()};
    const std::vector<int>& heads = data.pattern.heads;
    const bool has_head = std::find(heads.begin(), heads.end(), head) != heads.end();
    if (!has_head && !heads.empty()) cell[0] = heads.front();
    if (data.is_plain || data.request.kind == PatternKind::kRollout) return cell;
    const bool keeps_head = has_head && data.request.choice != HeadChoice::kMax;
    for (const PatternTerm& term :
         explain_shown(trace, data.pattern, data.shown, at.row, at.column)) {
        if (term.node >= 0 && (!keeps_head || term.index[0] == head)) return term.index;
    }
    return cell;
}

void draw_shown_tip(UiContext& ui, const Trace& trace, const AttentionData& data, CellIndex at,
                    const Rect& anchor) {
    const float value = data.values->at(at.row, at.column);
    if (data.is_plain) {
        const std::vector<int> cell = find_source(trace, data, at, data.pattern.heads.front());
        draw_cell_tip(ui, trace, data.pattern.node, cell, value, anchor);
        return;
    }
    const auto target = static_cast<std::uint64_t>(at.row) * 65599 +
                        static_cast<std::uint64_t>(at.column) + data.trace_number;
    if (!tooltip_is_due(ui, "shown-cell", target)) return;
    const auto terms = if_at_hand(
        [&] { return explain_shown(trace, data.pattern, data.shown, at.row, at.column); });
    if (!terms) return;
    std::vector<TooltipLine> lines{
        {data.rows().label(at.row) + " \u2192 " + data.columns().label(at.column),
         Type::kBodyStrong, ui.theme.ink},
        {std::string(format_exact(value).view()), Type::kNumber, ui.theme.ink},
        {shown_formula(data), Type::kFormulaSmall, ui.theme.ink_second},
        {"t = " + positions_of(row_of(data, at.row)) +
             ", s = " + positions_of(column_of(data, at.column)),
         Type::kNumberSmall, ui.theme.ink_second}};
    for (std::size_t i = 0; i < std::min(terms->size(), kMostTerms); ++i) {
        lines.push_back({term_text(trace, (*terms)[i]), Type::kNumberSmall, ui.theme.ink});
    }
    if (terms->size() > kMostTerms) {
        lines.push_back({"and " + std::to_string(terms->size() - kMostTerms) + " smaller ones",
                         Type::kNote, ui.theme.ink_second});
    }
    draw_tooltip(ui, anchor, lines);
}

void draw_label_tip(UiContext& ui, const AttentionData& data, bool is_row, int line,
                    const Rect& anchor) {
    const auto target = static_cast<std::uint64_t>(line) * 2 + (is_row ? 1 : 0);
    if (!tooltip_is_due(ui, "attention-label", target)) return;
    const TokenGroup& group = is_row ? row_of(data, line) : column_of(data, line);
    const MatrixAxis axis = is_row ? data.rows() : data.columns();
    std::vector<TooltipLine> lines{
        {axis.label(line), Type::kBodyStrong, is_row ? ui.theme.query : ui.theme.key},
        {(is_row ? "query " : "key ") + positions_of(group), Type::kNumberSmall,
         ui.theme.ink_second}};
    if (is_row && !data.is_whole) {
        const float share = data.shown.left_out[static_cast<std::size_t>(line)];
        lines.push_back({std::string(format_number(static_cast<double>(share), 4).view()) +
                             " of it goes to hidden tokens",
                         Type::kNote, ui.theme.ink_second});
    }
    lines.push_back({"click: keep it marked \u00b7 Shift+click: only such words", Type::kNote,
                     ui.theme.ink_second});
    draw_tooltip(ui, anchor, lines);
}

NumberTable list_numbers(const Trace& trace, const AttentionData& data) {
    NumberTable table;
    const MatrixAxis rows = data.rows();
    const MatrixAxis columns = data.columns();
    for (int r = 0; r < rows.extent; ++r) table.row_labels.push_back(rows.label(r));
    for (int c = 0; c < columns.extent; ++c) table.column_labels.push_back(columns.label(c));
    for (int r = 0; r < rows.extent; ++r) {
        const float* row = data.values->row(r);
        table.values.insert(table.values.end(), row, row + columns.extent);
    }
    const std::string& node = trace.graph().node(data.pattern.node).name;
    table.node = data.is_plain ? exact_cell(node, data.pattern.heads) : attention_title(data);
    return table;
}

}  // namespace heed::app
