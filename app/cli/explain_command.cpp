// `heed explain NODE[i,j,k]`: one number, and what it is made of.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "app/cli/command.h"
#include "core/base/error.h"
#include "core/ops/op_table.h"
#include "core/run/explain.h"

namespace heed::app {
namespace {

struct Options {
    InputOptions input;
    std::string cell;
    int most = 24;
    bool json = false;
};

nlohmann::ordered_json cell_json(const Cell& cell) {
    return {{"node", cell.name},
            {"index", cell.index},
            {"value", json_number(static_cast<double>(cell.value))}};
}

nlohmann::ordered_json term_json(const Term& term) {
    nlohmann::ordered_json json = cell_json(term.cell);
    if (term.chosen_by) json["chosen_by"] = cell_json(*term.chosen_by);
    if (term.times && term.times->cell) {
        json["times"] = cell_json(*term.times->cell);
    } else if (term.times) {
        json["times"] = {{"name", term.times->name}, {"value", json_number(term.times->value)}};
    }
    if (term.contribution) json["contribution"] = json_number(*term.contribution);
    return json;
}

nlohmann::ordered_json explanation_json(const Explanation& explanation) {
    nlohmann::ordered_json json = cell_json(explanation.cell);
    json["formula"] = explanation.formula;
    json["numbers"] = explanation.numbers;
    json["how"] = how_name(explanation.how);
    nlohmann::ordered_json terms = nlohmann::ordered_json::array();
    for (const Term& term : explanation.terms) terms.push_back(term_json(term));
    json["terms"] = std::move(terms);
    if (explanation.how == How::kFunction) {
        nlohmann::ordered_json steps = nlohmann::ordered_json::array();
        for (const Step& step : explanation.steps) {
            steps.push_back({{"name", step.name}, {"value", json_number(step.value)}});
        }
        json["steps"] = std::move(steps);
    }
    return json;
}

// "attn.q[3]" with the words of its positions: "blocks.0.attn.pattern[1, he, bark]"
std::string cell_text(const Trace& trace, const Cell& cell) {
    std::string text = cell.name + "[";
    for (std::size_t i = 0; i < cell.index.size(); ++i) {
        if (i > 0) text += ",";
        text += std::to_string(cell.index[i]);
    }
    text += "]";
    const Graph& graph = trace.graph();
    std::string words;
    const auto add_word = [&](const Axis& axis, int position) {
        const auto labels = trace.labels(axis.sequence);
        const auto at = static_cast<std::size_t>(position);
        std::string word;
        if (position >= 0 && at < labels.size()) {
            word = one_line(labels[at].text);
        } else if (trace.inputs().names != nullptr) {
            word = trace.inputs().names->name(axis, position);
        }
        if (!word.empty()) words += (words.empty() ? " (" : ", ") + word;
    };
    if (cell.kind == CellKind::kNode) {
        const Shape& shape = graph.node(cell.id).shape;
        for (int i = 0; i < shape.rank(); ++i) {
            add_word(shape.axis(i), cell.index[static_cast<std::size_t>(i)]);
        }
    } else if (cell.kind == CellKind::kInput) {
        const int sequence = graph.inputs()[static_cast<std::size_t>(cell.id)].sequence;
        add_word({"T", 0, sequence}, cell.index[0]);
    }
    return text + (words.empty() ? "" : words + ")");
}

// The terms of a sum by what they add. Of a function all in their order where they fit, else the
// cell's own term first and then the largest.
std::vector<const Term*> order_terms(const Explanation& explanation, int most) {
    std::vector<const Term*> terms;
    for (const Term& term : explanation.terms) terms.push_back(&term);
    const bool is_sum = explanation.how == How::kSum;
    if (!is_sum && terms.size() <= static_cast<std::size_t>(most)) return terms;
    const std::vector<int>& own = explanation.cell.index;
    const auto size = [&](const Term* term) {
        if (is_sum) return std::abs(term->contribution.value_or(0));
        const std::vector<int>& index = term->cell.index;
        const bool is_own = !own.empty() && !index.empty() && index.back() == own.back();
        return is_own ? std::numeric_limits<double>::infinity()
                      : static_cast<double>(term->cell.value);
    };
    std::stable_sort(terms.begin(), terms.end(),
                     [&](const Term* a, const Term* b) { return size(a) > size(b); });
    return terms;
}

// Steps of single terms ("exp[3]") are cut at `most`.
void print_steps(const Explanation& explanation, int most) {
    if (explanation.steps.empty()) return;
    fmt::print("steps\n");
    int left_out = 0;
    int of_terms = 0;
    for (const Step& step : explanation.steps) {
        if (step.name.back() == ']' && ++of_terms > most) {
            ++left_out;
            continue;
        }
        fmt::print("  {:<28} {}\n", step.name, format_value(step.value));
    }
    if (left_out > 0) fmt::print("  ({} more steps; --most N shows more)\n", left_out);
}

void print_terms(const Trace& trace, const Explanation& explanation, int most) {
    const std::vector<const Term*> terms = order_terms(explanation, most);
    const std::size_t shown = std::min(terms.size(), static_cast<std::size_t>(most));
    for (std::size_t i = 0; i < shown; ++i) {
        const Term& term = *terms[i];
        std::string line =
            fmt::format("  {:>12}  ", term.contribution ? format_value(*term.contribution) : "");
        line += fmt::format("{} = {}", cell_text(trace, term.cell),
                            format_value(static_cast<double>(term.cell.value)));
        if (term.times && term.times->cell) {
            line += fmt::format("  times  {} = {}", cell_text(trace, *term.times->cell),
                                format_value(static_cast<double>(term.times->cell->value)));
        } else if (term.times) {
            line +=
                fmt::format("  times  {} = {}", term.times->name, format_value(term.times->value));
        }
        if (term.chosen_by) {
            line += fmt::format("  chosen by  {} = {:.0f}", cell_text(trace, *term.chosen_by),
                                static_cast<double>(term.chosen_by->value));
        }
        fmt::print("{}\n", line);
    }
    if (shown < terms.size()) {
        fmt::print("  ({} more terms; --most N shows more)\n", terms.size() - shown);
    }
}

void print_explanation(const Trace& trace, const Explanation& explanation, int most) {
    fmt::print("{} = {}\n", cell_text(trace, explanation.cell),
               format_value(static_cast<double>(explanation.cell.value)));
    fmt::print("  {}\n  {}\n", explanation.formula, explanation.numbers);
    print_steps(explanation, most);
    if (explanation.terms.empty()) return;
    fmt::print("terms{}\n", explanation.how == How::kSum ? ", largest first" : "");
    print_terms(trace, explanation, most);
    if (explanation.how != How::kSum) return;
    double sum = 0;
    for (const Term& term : explanation.terms) sum += term.contribution.value_or(0);
    fmt::print("  {:>12}  sum\n", format_value(sum));
}

void run_explain(const Options& options) {
    const ModelRun run = run_named_model(options.input);
    const Cell cell = parse_cell(*run.trace, options.cell);
    const Explanation explanation = cell.kind == CellKind::kInput
                                        ? explain_input(*run.trace, cell.id, cell.index)
                                        : explain(*run.trace, cell.id, cell.index);
    if (options.json) {
        print_json(explanation_json(explanation));
    } else {
        print_explanation(*run.trace, explanation, options.most);
    }
}

}  // namespace

void add_explain_command(CLI::App& app, int& /*status*/) {
    CLI::App* command =
        app.add_subcommand("explain", "One cell: formula, numbers, terms, and their sum");
    auto options = std::make_shared<Options>();
    command->add_option("CELL", options->cell, "NODE[i,j,k], such as blocks.0.attn.z[1,3,5]")
        ->required();
    add_input_options(*command, options->input);
    command->add_option("--most", options->most, "Terms to print (text only)")
        ->capture_default_str()
        ->check(CLI::Range(1, 1 << 20));
    add_json_option(*command, options->json);
    command->footer(
        "Example:\n  heed explain 'blocks.0.attn.pattern[2,7,1]' -m words --text \"Bark is very "
        "cute and he is a dog\"\n");
    command->callback([options] { run_explain(*options); });
}

}  // namespace heed::app
