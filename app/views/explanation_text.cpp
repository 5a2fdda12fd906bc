#include "app/views/explanation_text.h"

#include <cctype>
#include <cstdio>

namespace heed::app {

namespace {

bool is_letter(char c) {
    return std::isalpha(static_cast<unsigned char>(c)) != 0;
}
bool is_name(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.';
}

std::string exact(double value) {
    char text[40];
    std::snprintf(text, sizeof text, "%.9g", value);
    return text;
}

std::string cell_text(const Cell& cell) {
    std::string text = cell.name + "[";
    for (std::size_t i = 0; i < cell.index.size(); ++i) {
        text += (i > 0 ? "," : "") + std::to_string(cell.index[i]);
    }
    return text + "]";
}

// "W_Q" as W_{Q}, "pattern" upright, "q" as it is.
std::string name_to_latex(std::string_view name) {
    for (const std::string_view function : {"exp", "tanh", "cos", "sin", "max"}) {
        if (name == function) return "\\" + std::string(function);
    }
    for (const std::string_view big : {"sum_", "max_"}) {
        if (name.starts_with(big)) {
            return "\\" + std::string(big.substr(0, 3)) + "_{" + std::string(name.substr(4)) + "}";
        }
    }
    const std::size_t under = name.find('_');
    const std::string_view stem = name.substr(0, under);
    std::string out = stem.size() == 1 ? std::string(stem) : "\\mathrm{" + std::string(stem) + "}";
    if (under == std::string_view::npos) return out;
    std::string rest;
    for (const char c : name.substr(under + 1))
        rest += c == '_' ? std::string("\\_") : std::string(1, c);
    return out + "_{" + (rest.size() == 1 ? rest : "\\mathrm{" + rest + "}") + "}";
}

// Where the bracket that opens at `at` closes; the end where it does not.
std::size_t find_close(std::string_view text, std::size_t at, char open, char close) {
    int depth = 0;
    for (std::size_t i = at; i < text.size(); ++i) {
        if (text[i] == open) ++depth;
        if (text[i] == close && --depth == 0) return i;
    }
    return text.size();
}

std::string index_to_latex(std::string_view name, std::string_view index) {
    const bool has_subscript = name.find('_') != std::string_view::npos;
    const std::string stem = name_to_latex(name);
    const std::string inside = formula_to_latex(index);
    return has_subscript ? "(" + stem + ")_{" + inside + "}" : stem + "_{" + inside + "}";
}

// Takes the name at `at` with its index or its root; moves `at` behind it.
std::string take_name(std::string_view formula, std::size_t& at) {
    std::size_t end = at;
    while (end < formula.size() && is_name(formula[end])) ++end;
    const std::string_view name = formula.substr(at, end - at);
    at = end;
    if (end < formula.size() && formula[end] == '[') {
        const std::size_t close = find_close(formula, end, '[', ']');
        at = close + (close < formula.size() ? 1 : 0);
        return index_to_latex(name, formula.substr(end + 1, close - end - 1));
    }
    if (name == "sqrt" && end < formula.size() && formula[end] == '(') {
        const std::size_t close = find_close(formula, end, '(', ')');
        at = close + (close < formula.size() ? 1 : 0);
        return "\\sqrt{" + formula_to_latex(formula.substr(end + 1, close - end - 1)) + "}";
    }
    return name_to_latex(name);
}

}  // namespace

std::string formula_to_latex(std::string_view formula) {
    std::string out;
    for (std::size_t at = 0; at < formula.size();) {
        const std::string_view rest = formula.substr(at);
        if (rest.starts_with("-inf")) {
            out += "-\\infty";
            at += 4;
        } else if (rest.starts_with("<=")) {
            out += "\\le";
            at += 2;
        } else if (rest.starts_with("...")) {
            out += "\\dots";
            at += 3;
        } else if (rest.front() == '*') {
            out += "\\cdot";
            ++at;
        } else if (rest.front() == '%' || rest.front() == '_' || rest.front() == '#') {
            out += std::string("\\") + rest.front();
            ++at;
        } else if (is_letter(rest.front())) {
            out += take_name(formula, at);
        } else {
            out += rest.front();
            ++at;
        }
    }
    return out;
}

std::string write_as_text(const Explanation& explanation) {
    std::string text = cell_text(explanation.cell) + " = " +
                       exact(static_cast<double>(explanation.cell.value)) + "\n" +
                       explanation.formula + "\n" + explanation.numbers + "\n";
    for (const Step& step : explanation.steps) text += step.name + ": " + exact(step.value) + "\n";
    double sum = 0;
    for (const Term& term : explanation.terms) {
        text += "  " + cell_text(term.cell) + " = " + exact(static_cast<double>(term.cell.value));
        if (term.times) {
            const double factor =
                term.times->cell ? static_cast<double>(term.times->cell->value) : term.times->value;
            text += ", times " +
                    (term.times->cell ? cell_text(*term.times->cell) : term.times->name) + " = " +
                    exact(factor);
        }
        if (explanation.how == How::kSum && term.contribution) {
            sum += *term.contribution;
            text += ", adds " + exact(*term.contribution) + ", so far " + exact(sum);
        }
        text += "\n";
    }
    return text;
}

std::string write_as_latex(const Explanation& explanation) {
    const auto aligned = [](std::string_view line) {
        std::string text = formula_to_latex(line);
        const std::size_t equals = text.find('=');
        return equals == std::string::npos ? text : text.insert(equals, "&");
    };
    return "\\begin{aligned}\n" + aligned(explanation.formula) + " \\\\\n" +
           aligned(explanation.numbers) + "\n\\end{aligned}\n";
}

}  // namespace heed::app
