#include "tests/core/ops/explanation_walk.h"

#include <cmath>
#include <limits>

#include "tests/core/ops/graph_run.h"
#include "tests/core/ops/twin.h"

namespace heed::test {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

double term_value(const Explanation& explanation, std::size_t i) {
    return static_cast<double>(explanation.terms.at(i).cell.value);
}

// A cell that a term names must hold what the term says.
std::string find_cell_flaw(const CellReader& truth, const Cell& cell, NodeId reader_of_it) {
    const Graph& graph = truth.graph();
    if (cell.kind == CellKind::kNode) {
        if (cell.id >= reader_of_it) return cell.name + " does not stand earlier";
        if (graph.node(cell.id).name != cell.name) return cell.name + " is not node of that id";
        if (truth.node_value(cell.id, cell.index) != cell.value)
            return cell.name + " holds another value";
        return "";
    }
    if (cell.kind == CellKind::kInput) {
        if (graph.inputs().at(static_cast<std::size_t>(cell.id)).name != cell.name)
            return "no such input";
        const float held = truth.input_value(cell.id, cell.index);
        return held == cell.value ? "" : cell.name + " holds another value";
    }
    const WeightStore& store = truth.weights();
    if (store.name(cell.id) != cell.name) return cell.name + " is not the tensor of that id";
    const std::size_t flat = flat_index(store.extents(cell.id), cell.index);
    return store.values(cell.id)[flat] == cell.value ? "" : cell.name + " holds another value";
}

std::string find_sum_flaw(const Explanation& explanation) {
    double sum = 0, magnitude = 0;
    for (const Term& term : explanation.terms) {
        if (!term.contribution) return "a term of a sum without its contribution";
        double factor = 1;
        if (term.times) {
            factor =
                term.times->cell ? static_cast<double>(term.times->cell->value) : term.times->value;
        }
        const double product = static_cast<double>(term.cell.value) * factor;
        if (product != *term.contribution) return "a contribution is not value times factor";
        sum += product;
        magnitude += std::abs(product);
    }
    const double value = static_cast<double>(explanation.cell.value);
    if (is_within_rounding(sum, value, magnitude)) return "";
    return "terms add up to " + std::to_string(sum) + ", the value is " + std::to_string(value);
}

double layer_norm_of_terms(const Explanation& explanation, const Node& node) {
    const auto width = static_cast<std::size_t>(node.shape.extent(-1));
    const auto own = static_cast<std::size_t>(explanation.cell.index.back());
    double mean = 0, square = 0;
    for (std::size_t d = 0; d < width; ++d) mean += term_value(explanation, d);
    mean /= static_cast<double>(width);
    for (std::size_t d = 0; d < width; ++d) {
        square += std::pow(term_value(explanation, d) - mean, 2);
    }
    const double variance = square / static_cast<double>(width);
    double value = (term_value(explanation, own) - mean) /
                   std::sqrt(variance + static_cast<double>(node.attributes.epsilon));
    if (node.operands.size() > 1) value *= term_value(explanation, width);
    if (node.operands.size() > 2) value += term_value(explanation, width + 1);
    return value;
}

double rms_norm_of_terms(const Explanation& explanation, const Node& node) {
    const auto width = static_cast<std::size_t>(node.shape.extent(-1));
    double square = 0;
    for (std::size_t d = 0; d < width; ++d) square += std::pow(term_value(explanation, d), 2);
    const double value =
        term_value(explanation, static_cast<std::size_t>(explanation.cell.index.back())) /
        std::sqrt(square / static_cast<double>(width) +
                  static_cast<double>(node.attributes.epsilon));
    if (node.operands.size() == 1) return value;
    return value *
           (term_value(explanation, width) + static_cast<double>(node.attributes.weight_offset));
}

double share_of_terms(const Explanation& explanation, bool is_softmax) {
    double largest = -kInfinity, sum = 0;
    for (std::size_t s = 0; s < explanation.terms.size(); ++s) {
        largest = std::max(largest, term_value(explanation, s));
    }
    const auto share = [&](double score) {
        if (score == -kInfinity) return 0.0;
        return is_softmax ? std::exp(score - largest) : score;
    };
    for (std::size_t s = 0; s < explanation.terms.size(); ++s) {
        sum += share(term_value(explanation, s));
    }
    const auto own = static_cast<std::size_t>(explanation.cell.index.back());
    return share(term_value(explanation, own)) / sum;
}

// Whether an input says which row of a table the terms are from.
bool is_chosen(Op op) {
    return op == Op::kGather || op == Op::kPickRow || op == Op::kClusterEmbed;
}

// What the terms give by the op's formula.
double value_of_terms(const CellReader& truth, const Explanation& explanation, const Node& node) {
    switch (node.op) {
        case Op::kLayerNorm:
            return layer_norm_of_terms(explanation, node);
        case Op::kSoftmax:
            return share_of_terms(explanation, true);
        case Op::kNormaliseSum:
            return share_of_terms(explanation, false);
        case Op::kActivation:
            return activate_twin(node.attributes.activation, term_value(explanation, 0));
        case Op::kMask:
            return -kInfinity;
        case Op::kRmsNorm:
            return rms_norm_of_terms(explanation, node);
        case Op::kGate:
            return activate_twin(node.attributes.activation, term_value(explanation, 0)) *
                   term_value(explanation, 1);
        case Op::kSoftCap:
            return static_cast<double>(node.attributes.cap) *
                   std::tanh(term_value(explanation, 0) / static_cast<double>(node.attributes.cap));
        case Op::kAlibi:
            return term_value(explanation, 0) + linear_bias_twin(node.attributes,
                                                                 explanation.cell.index[0],
                                                                 explanation.cell.index[2]);
        case Op::kLogSoftmax:
            return std::log(share_of_terms(explanation, true));
        case Op::kZeros:
        case Op::kDistanceDots:
            return explanation.terms.empty() ? 0.0 : std::numeric_limits<double>::quiet_NaN();
        case Op::kSinusoid:
            return compute_twin(truth, node, explanation.cell.index).value;
        default:
            return std::numeric_limits<double>::quiet_NaN();  // no function: never equal
    }
}

std::string find_function_flaw(const CellReader& truth, const Explanation& explanation,
                               const Node& node) {
    const double value = static_cast<double>(explanation.cell.value);
    const double magnitude = compute_twin(truth, node, explanation.cell.index).magnitude;
    const double follows = value_of_terms(truth, explanation, node);
    if (!is_within_rounding(follows, value, magnitude)) {
        return "the terms give " + std::to_string(follows) + ", the value is " +
               std::to_string(value);
    }
    if (explanation.steps.empty()) return "no steps";
    const double last = explanation.steps.back().value;
    if (!is_within_rounding(last, value, magnitude)) {
        return "the last step is " + std::to_string(last) + ", the value " + std::to_string(value);
    }
    return "";
}

}  // namespace

std::string find_flaw(const CellReader& truth, const Explanation& explanation) {
    const Node& node = truth.graph().node(explanation.cell.id);
    if (explanation.formula.empty() || explanation.numbers.empty()) return "no formula or numbers";
    if (explanation.cell.name != node.name) return "the cell has another name";
    if (!std::isfinite(explanation.cell.value) &&
        !(node.op == Op::kMask && explanation.cell.value < 0)) {
        return "a value that is not finite";
    }
    for (const Term& term : explanation.terms) {
        std::string flaw = find_cell_flaw(truth, term.cell, explanation.cell.id);
        if (flaw.empty() && term.times && term.times->cell) {
            flaw = find_cell_flaw(truth, *term.times->cell, explanation.cell.id);
        }
        if (flaw.empty() && term.chosen_by) {
            flaw = find_cell_flaw(truth, *term.chosen_by, explanation.cell.id);
        }
        if (!flaw.empty()) return flaw;
        if (is_chosen(node.op) != term.chosen_by.has_value()) return "chosen by what?";
    }
    if (explanation.how == How::kInput) return explanation.terms.empty() ? "" : "given, with terms";
    if (explanation.how == How::kSum) return find_sum_flaw(explanation);
    return find_function_flaw(truth, explanation, node);
}

Walk walk_explanations(const CellReader& truth, const Explainer& explain) {
    Walk walk;
    for (NodeId id = 0; id < truth.graph().size(); ++id) {
        const Node& node = truth.graph().node(id);
        for_each_cell(node.shape, [&](const std::vector<int>& index) {
            if (!walk.flaw.empty()) return;
            const Explanation explanation = explain(id, index);
            ++walk.cells;
            if (explanation.how == How::kInput) ++walk.given;
            std::string flaw;
            if (explanation.cell.id != id || explanation.cell.index != index) flaw = "another cell";
            if (flaw.empty() && explanation.cell.value != truth.node_value(id, index)) {
                flaw = "another value";
            }
            if (flaw.empty()) flaw = find_flaw(truth, explanation);
            if (!flaw.empty()) walk.flaw = node.name + to_string(index) + ": " + flaw;
        });
    }
    return walk;
}

}  // namespace heed::test
