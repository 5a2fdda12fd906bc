// A number of the attention view that is no cell of the trace (a mean of heads, a word of several
// pieces, rollout) as an explanation: the cells of the pattern that add up to it.
#include <algorithm>

#include "app/ui/numbers.h"
#include "app/views/attention_tip.h"
#include "app/views/inspector.h"
#include "core/run/at_hand.h"

namespace heed::app {

namespace {

constexpr std::size_t kMostWritten = 4;  // products that are written out

std::string write_numbers(float value, const std::vector<PatternTerm>& terms) {
    std::string text = std::string(format_number(static_cast<double>(value), 4).view()) + " =";
    for (std::size_t i = 0; i < std::min(terms.size(), kMostWritten); ++i) {
        text += std::string(i > 0 ? " + " : " ") +
                std::string(format_number(terms[i].factor, 4).view()) + " * " +
                std::string(format_number(terms[i].value, 4).view());
    }
    return text + (terms.size() > kMostWritten ? " + ..." : "");
}

Term make_term(const Trace& trace, const PatternTerm& from) {
    Term term;
    term.contribution = from.contribution;
    term.times = Factor{std::nullopt, "share", from.factor};
    term.cell.index = from.index;
    term.cell.value = static_cast<float>(from.value);
    if (from.node < 0) {
        term.cell.kind = CellKind::kInput;
        term.cell.name = "kept of itself";
        term.cell.index = {0};
        return term;
    }
    term.cell.id = from.node;
    term.cell.name = trace.graph().node(from.node).name;
    return term;
}

}  // namespace

bool is_shown_number(const Trace& trace, const Selection& selection, const AttentionData& data) {
    return !data.is_plain && data.values && data.layer == selection.layer &&
           trace.graph().node(data.pattern.node).name == selection.node &&
           find_group(data.shown.rows, selection.query) >= 0 &&
           find_group(data.shown.columns, selection.key) >= 0;
}

bool open_shown(const Trace& trace, const Selection& selection, const AttentionData& data,
                InspectorViewState& state) {
    const int row = find_group(data.shown.rows, selection.query);
    const int column = find_group(data.shown.columns, selection.key);
    const auto found =
        if_at_hand([&] { return explain_shown(trace, data.pattern, data.shown, row, column); });
    if (!found) return false;
    const std::vector<PatternTerm>& terms = *found;
    Explanation explanation;
    explanation.how = How::kSum;
    explanation.cell.id = data.pattern.node;
    explanation.cell.name = trace.graph().node(data.pattern.node).name;
    explanation.cell.index = selection.cell;
    explanation.cell.value = data.values->at(row, column);
    explanation.formula = shown_formula(data);
    explanation.numbers = write_numbers(explanation.cell.value, terms);
    for (const PatternTerm& term : terms) explanation.terms.push_back(make_term(trace, term));
    // "mean of 6 heads": of which layer, the rest of the window tells.
    const std::string title = attention_title(data);
    const std::size_t dot = title.find(" \u00b7 ");
    state.shown_name = title.substr(dot == std::string::npos ? 0 : dot + 4) + "[" +
                       data.rows().label(row) + ", " + data.columns().label(column) + "]";
    state.node = selection.node;
    state.cell = selection.cell;
    state.problem.clear();
    state.explanation = std::move(explanation);
    list_terms(trace, state);
    return true;
}

}  // namespace heed::app
