#include "app/document/document.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/base/error.h"

namespace heed::app {

namespace {

// Steps back that are remembered.
constexpr std::size_t kMostSteps = 200;
// Where in the sentence the first word that is asked about stands.
constexpr double kFirstQueryShare = 0.6;

// What is shown before anybody has chosen: a word in the second half of the sentence, and the word
// that it looks at most in the first head.
Selection choose_first(const Trace& trace) {
    const Graph& graph = trace.graph();
    Selection selection = default_selection(graph);
    const AttentionSite* site = find_site(graph, selection.layer);
    if (site == nullptr) return selection;
    const MatrixExtents extents = matrix_extents(graph.node(*site->pattern).shape);
    selection.query = static_cast<int>(std::lround(kFirstQueryShare * (extents.rows - 1)));
    const Box row_box{0, 1, selection.query, selection.query + 1, 0, extents.cols};
    if (const std::optional<Tile> tile = trace.read(*site->pattern, row_box)) {
        const float* row = tile->row(0, selection.query);
        selection.key = static_cast<int>(std::max_element(row, row + extents.cols) - row);
    }
    return ask_pattern(graph, std::move(selection));
}

}  // namespace

Document::Document(std::function<void()> wake) : worker_(std::move(wake)) {}

void Document::open_model(std::string name_or_path) {
    model_name_ = std::move(name_or_path);
    ask();
}

void Document::set_text(std::string text) {
    if (text == text_) return;
    text_ = std::move(text);
    if (!model_name_.empty()) ask();
}

void Document::set_pair(std::optional<std::string> pair) {
    if (pair == pair_) return;
    pair_ = std::move(pair);
    if (!model_name_.empty()) ask();
}

void Document::ask() {
    RunRequest request;
    request.model = model_name_;
    request.input.text = text_;
    request.input.pair = pair_;
    asked_ = worker_.ask(std::move(request));
}

bool Document::update() {
    std::optional<RunOutcome> outcome = worker_.take_outcome();
    if (!outcome || outcome->number != asked_) return false;
    shown_ = outcome->number;
    show(std::move(*outcome));
    return true;
}

void Document::show(RunOutcome outcome) {
    error_.clear();
    if (outcome.failure != nullptr) {
        try {
            std::rethrow_exception(outcome.failure);
        } catch (const Error& error) {
            error_ = error.what();
        }
    }
    // A model that cannot be opened leaves the one that is shown in its place.
    if (outcome.model == nullptr) {
        model_name_ = shown_model_name_;
        return;
    }
    const bool is_other_model = outcome.model != model_;
    if (outcome.trace == nullptr && !is_other_model) return;
    model_ = std::move(outcome.model);
    shown_model_name_ = outcome.requested_model;
    notes_ = std::move(outcome.notes);
    trace_ = std::move(outcome.trace);
    ++trace_number_;
    asked_before_.clear();
    if (trace_ == nullptr) return;
    selection_ = selection_.node.empty() ? choose_first(*trace_)
                                         : clamp_selection(trace_->graph(), std::move(selection_));
}

void Document::select(Selection selection) {
    if (trace_ == nullptr) return;
    Selection clamped = clamp_selection(trace_->graph(), std::move(selection));
    if (clamped == selection_) return;
    if (clamped.node != selection_.node || clamped.cell != selection_.cell) {
        asked_before_.push_back(selection_);
        if (asked_before_.size() > kMostSteps) asked_before_.erase(asked_before_.begin());
    }
    selection_ = std::move(clamped);
}

void Document::go_back() {
    if (asked_before_.empty()) return;
    selection_ = std::move(asked_before_.back());
    asked_before_.pop_back();
}

}  // namespace heed::app
