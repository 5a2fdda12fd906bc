// An explanation as the lines of a list: what each term is called, what its bar shows, and in which
// order they stand.
#include <algorithm>
#include <cmath>
#include <set>

#include "app/ui/numbers.h"
#include "app/views/axes.h"
#include "app/views/inspector.h"
#include "core/base/error.h"
#include "core/run/at_hand.h"
#include "core/run/explain.h"

namespace heed::app {

namespace {

// Axes along which the terms of one node differ from each other.
std::vector<bool> find_varying(const Explanation& explanation, const Cell& like) {
    std::vector<bool> varies(like.index.size(), false);
    for (const Term& term : explanation.terms) {
        if (term.cell.kind != like.kind || term.cell.id != like.id) continue;
        for (std::size_t i = 0; i < varies.size(); ++i) {
            varies[i] = varies[i] || term.cell.index[i] != like.index[i];
        }
    }
    return varies;
}

// The last two parts of a tensor's name: "c_attn.bias".
std::string tensor_tail(const std::string& name) {
    std::size_t dot = name.rfind('.');
    if (dot == std::string::npos || dot == 0) return name;
    dot = name.rfind('.', dot - 1);
    return dot == std::string::npos ? name : name.substr(dot + 1);
}

class TermNames {
  public:
    TermNames(const Trace& trace, const Explanation& explanation)
        : trace_(trace), explanation_(explanation) {
        for (const Term& term : explanation.terms) {
            if (term.cell.kind == CellKind::kNode) nodes_.insert(term.cell.id);
        }
    }

    std::string label(const Term& term) {
        if (term.cell.kind == CellKind::kWeight) return tensor_tail(term.cell.name);
        if (term.cell.kind == CellKind::kInput) return term.cell.name;
        if (term.cell.id != varying_of_) {
            varying_ = find_varying(explanation_, term.cell);
            varying_of_ = term.cell.id;
        }
        const Shape& shape = trace_.graph().node(term.cell.id).shape;
        std::string text;
        for (std::size_t i = 0; i < varying_.size(); ++i) {
            if (!varying_[i]) continue;
            const Axis& axis = shape.axis(static_cast<int>(i));
            if (!text.empty()) text += ' ';
            const AxisNames* names = trace_.inputs().names.get();
            const bool has_words =
                axis.sequence >= 0 || (names != nullptr && names->has_names(axis));
            text += has_words ? entry_text(trace_, axis, term.cell.index[i])
                              : axis_letter(axis) + " " + std::to_string(term.cell.index[i]);
        }
        const std::string name(symbol_name(term.cell.name));
        if (text.empty()) return name;
        return nodes_.size() > 1 ? name + " " + text : text;
    }

  private:
    const Trace& trace_;
    const Explanation& explanation_;
    std::set<int> nodes_;
    std::vector<bool> varying_;
    int varying_of_ = -1;
};

std::string number(double value, Sign sign = Sign::kMinusOnly) {
    const double magnitude = std::abs(value);
    const int decimals = magnitude >= 100 ? 1 : (magnitude >= 10 ? 2 : 3);
    return std::string(format_number(value, decimals, sign).view());
}

// "0.610 × 0.402": the two sides of a product.
std::string product_text(const Term& term) {
    const auto value = static_cast<double>(term.cell.value);
    if (!term.times) return "";
    const double factor =
        term.times->cell ? static_cast<double>(term.times->cell->value) : term.times->value;
    return number(value) + " \u00d7 " + number(factor);
}

// Steps "exp[0]", "exp[1]", ... hold a value for each term; their name, or "" where there are none.
std::string find_step_series(const Explanation& explanation) {
    for (const Step& step : explanation.steps) {
        const std::size_t open = step.name.rfind("[0]");
        if (open != std::string::npos && open + 3 == step.name.size()) {
            return step.name.substr(0, open);
        }
    }
    return "";
}

// The values of the steps "<series>[0]", "<series>[1]", ..., which come in this order.
std::vector<double> read_step_series(const Explanation& explanation, const std::string& series) {
    std::vector<double> values;
    if (series.empty()) return values;
    const std::string begin = series + "[";
    for (const Step& step : explanation.steps) {
        if (step.name.starts_with(begin)) values.push_back(step.value);
    }
    return values;
}

void add_sum_lines(TermNames& names, InspectorViewState& state) {
    const Explanation& explanation = *state.explanation;
    state.amount_title = "adds";
    for (std::size_t i = 0; i < explanation.terms.size(); ++i) {
        const Term& term = explanation.terms[i];
        TermLine line;
        line.term = static_cast<int>(i);
        line.label = names.label(term);
        line.numbers = product_text(term);
        line.amount = term.contribution.value_or(static_cast<double>(term.cell.value));
        line.result = number(line.amount, Sign::kAlways);
        state.lines.push_back(std::move(line));
    }
}

void add_function_lines(TermNames& names, InspectorViewState& state) {
    const Explanation& explanation = *state.explanation;
    const std::string series = find_step_series(explanation);
    // A series that a step adds up is shown as shares of that sum: they are what the row becomes.
    double whole = 1;
    state.amount_title = series.empty() ? "value" : series;
    for (const Step& step : explanation.steps) {
        if (series.empty() || step.name != "sum" || !(step.value > 0)) continue;
        whole = step.value;
        state.amount_title = series + " / sum";
    }
    const std::vector<double> by_term = read_step_series(explanation, series);
    const std::vector<int>& own = explanation.cell.index;
    for (std::size_t i = 0; i < explanation.terms.size(); ++i) {
        const Term& term = explanation.terms[i];
        TermLine line;
        line.term = static_cast<int>(i);
        line.label = names.label(term);
        line.amount = static_cast<double>(term.cell.value);
        line.is_own = term.cell.kind == CellKind::kNode && !own.empty() &&
                      !term.cell.index.empty() && term.cell.index.back() == own.back();
        if (!series.empty()) {
            line.numbers = number(line.amount, Sign::kAlways);
            if (i < by_term.size()) line.amount = by_term[i] / whole;
        }
        line.result = number(line.amount, series.empty() ? Sign::kAlways : Sign::kMinusOnly);
        state.lines.push_back(std::move(line));
    }
}

void order_lines(InspectorViewState& state) {
    const bool is_sum = state.explanation->how == How::kSum;
    const bool has_series = state.amount_title != "value" && state.amount_title != "adds";
    const auto size = [](const TermLine& line) {
        return std::isfinite(line.amount) ? std::abs(line.amount) : -1.0;
    };
    // Of a function that treats its terms alike the own term and the weights come first.
    const auto rank = [&](const TermLine& line) {
        if (is_sum || has_series) return 0;
        const Term& term = state.explanation->terms[static_cast<std::size_t>(line.term)];
        if (line.is_own) return 0;
        return term.cell.kind == CellKind::kWeight ? 1 : 2;
    };
    std::stable_sort(state.lines.begin(), state.lines.end(),
                     [&](const TermLine& a, const TermLine& b) {
                         if (rank(a) != rank(b)) return rank(a) < rank(b);
                         return size(a) > size(b);
                     });
    state.largest = 0;
    state.has_negative = false;
    double so_far = 0;
    for (TermLine& line : state.lines) {
        so_far += line.amount;
        line.so_far = so_far;
    }
    for (const TermLine& line : state.lines) {
        state.largest = std::max(state.largest, size(line));
        state.has_negative = state.has_negative || (line.amount < 0 && std::isfinite(line.amount));
    }
}

}  // namespace

bool open_cell(const Trace& trace, const Selection& selection, InspectorViewState& state) {
    std::optional<Explanation> explanation;
    std::string problem;
    if (const std::optional<NodeId> node = trace.graph().find(selection.node)) {
        try {
            explanation = if_at_hand([&] { return explain(trace, *node, selection.cell); });
            if (!explanation) return false;
        } catch (const Error& error) {
            problem = error.what();
        }
    }
    state.node = selection.node;
    state.cell = selection.cell;
    state.explanation = std::move(explanation);
    state.problem = std::move(problem);
    state.lines.clear();
    state.shown_name.clear();
    if (state.explanation) list_terms(trace, state);
    return true;
}

void list_terms(const Trace& trace, InspectorViewState& state) {
    state.lines.clear();
    TermNames names(trace, *state.explanation);
    if (state.explanation->how == How::kFunction) {
        add_function_lines(names, state);
    } else {
        add_sum_lines(names, state);
    }
    order_lines(state);
}

}  // namespace heed::app
