#include "app/document/document.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <utility>

#include "app/document/first_selection.h"
#include "app/document/sketch.h"
#include "core/analysis/atlas_file.h"
#include "core/base/error.h"
#include "core/run/at_hand.h"

namespace heed::app {

namespace {

// Steps back that are remembered.
constexpr std::size_t kMostSteps = 200;

}  // namespace

Document::Document(std::function<void()> wake, std::unique_ptr<Backend> backend)
    : wake_(wake), worker_(std::move(wake), std::move(backend)) {}

void Document::open_model(std::string name_or_path) {
    // Ids mean nothing to another model; what they read like does.
    if (name_or_path != inputs_.model) {
        inputs_.ids.clear();
        inputs_.target_ids.clear();
    }
    inputs_.model = std::move(name_or_path);
    ask();
}

void Document::set_text(std::string text) {
    DocumentInputs inputs = inputs_;
    inputs.text = std::move(text);
    inputs.ids.clear();
    change(std::move(inputs));
}

void Document::set_pair(std::optional<std::string> pair) {
    DocumentInputs inputs = inputs_;
    inputs.pair = std::move(pair);
    change(std::move(inputs));
}

void Document::set_other(std::optional<std::string> other) {
    DocumentInputs inputs = inputs_;
    inputs.other = std::move(other);
    change(std::move(inputs));
}

void Document::set_target(std::optional<std::string> target) {
    DocumentInputs inputs = inputs_;
    inputs.target = std::move(target);
    inputs.target_ids.clear();
    change(std::move(inputs));
}

void Document::set_target_ids(std::vector<int> ids, std::string text) {
    DocumentInputs inputs = inputs_;
    inputs.target = std::move(text);
    inputs.target_ids = std::move(ids);
    change(std::move(inputs));
}

void Document::set_memory(std::optional<std::string> memory) {
    DocumentInputs inputs = inputs_;
    inputs.memory = std::move(memory);
    change(std::move(inputs));
}

void Document::set_ids(std::vector<int> ids, std::string text) {
    DocumentInputs inputs = inputs_;
    inputs.text = std::move(text);
    inputs.ids = std::move(ids);
    inputs.pair = std::nullopt;
    change(std::move(inputs));
}

void Document::set_image(std::string path) {
    DocumentInputs inputs = inputs_;
    inputs.image = std::move(path);
    inputs.sketch = std::nullopt;
    change(std::move(inputs));
}

void Document::set_sketch(std::string sketch) {
    DocumentInputs inputs = inputs_;
    inputs.sketch = write_sketch(parse_sketch(sketch));
    change(std::move(inputs));
}

void Document::clear_picture() {
    DocumentInputs inputs = inputs_;
    inputs.image = std::nullopt;
    inputs.sketch = std::nullopt;
    change(std::move(inputs));
}

bool Document::is_about_picture() const {
    return model_ != nullptr &&
           looks_at_picture(model_->summary(), inputs_.image || inputs_.sketch);
}

void Document::change(DocumentInputs inputs) {
    if (inputs == inputs_ && !is_unanswered_) return;
    inputs_ = std::move(inputs);
    if (!inputs_.model.empty()) ask();
}

void Document::restore(DocumentInputs inputs, Selection wanted) {
    wanted_ = std::move(wanted);
    change(std::move(inputs));
    if (trace_ == nullptr) return;
    is_choosing_ = false;
    if (wanted_.node.empty() && !is_busy()) choose_now();
    selection_ = clamp_selection(trace_->graph(), wanted_);
}

// Where nobody has chosen yet. What is looked for in values that are not there yet is looked for
// again in update().
void Document::choose_now() {
    const auto first = if_at_hand([this] { return choose_first(*trace_, atlas_.get()); });
    is_choosing_ = !first;
    wanted_ = first ? *first : Selection{};
}

void Document::run_again() {
    if (!inputs_.model.empty()) ask();
}

void Document::ask() {
    RunRequest request;
    request.model = inputs_.model;
    if (inputs_.ids.empty()) {
        request.input.text = inputs_.text;
        request.input.pair = inputs_.pair;
    }
    request.input.ids = inputs_.ids;
    if (inputs_.target_ids.empty()) request.input.target = inputs_.target;
    request.input.target_ids = inputs_.target_ids;
    request.input.memory = inputs_.memory;
    request.other = inputs_.other;
    request.image = inputs_.image;
    request.sketch = inputs_.sketch;
    request.chooses_first = wanted_.node.empty();
    is_unanswered_ = false;
    asked_at_ = std::chrono::steady_clock::now();
    asked_ = worker_.ask(std::move(request));
}

void Document::cancel() {
    if (!is_busy()) return;
    worker_.cancel();
    shown_ = asked_;
    is_unanswered_ = true;
    if (!shown_model_name_.empty()) inputs_.model = shown_model_name_;
    error_.clear();
    notes_ = {"Cancelled: what is shown was there before."};
}

void Document::dismiss_messages() {
    error_.clear();
    notes_.clear();
}

void Document::adopt(std::shared_ptr<const Model> model, std::shared_ptr<const Trace> trace,
                     std::shared_ptr<const Trace> other_trace) {
    RunOutcome outcome;
    outcome.requested_model = model == nullptr ? "" : model->summary().name;
    inputs_.text = trace == nullptr ? "" : trace->inputs().text;
    if (trace != nullptr && wanted_.node.empty()) {
        outcome.first = choose_first(*trace, find_model_atlas(model.get(), *trace).atlas.get());
    }
    outcome.model = std::move(model);
    outcome.trace = std::move(trace);
    outcome.other_trace = std::move(other_trace);
    inputs_.model = outcome.requested_model;
    show(std::move(outcome));
}

bool Document::is_pending() const {
    const auto waits = [](const auto& trace) { return trace != nullptr && trace->is_pending(); };
    return waits(trace_) || waits(other_trace_);
}

bool Document::update() {
    std::optional<RunOutcome> outcome = worker_.take_outcome();
    if (!outcome || outcome->number != asked_) {
        if (!is_choosing_) return false;
        choose_now();
        if (is_choosing_) return false;
        selection_ = clamp_selection(trace_->graph(), wanted_);
        return true;
    }
    shown_ = outcome->number;
    show(std::move(*outcome));
    return true;
}

void Document::show(RunOutcome outcome) {
    error_.clear();
    if (outcome.failure != nullptr) {
        is_unanswered_ = true;
        try {
            std::rethrow_exception(outcome.failure);
        } catch (const Error& error) {
            error_ = error.what();
        }
        // Models without marks of their own make no token of an empty sentence: no fault.
        if (inputs_.text.empty() && outcome.model != nullptr && outcome.model == model_) {
            error_.clear();
            notes_ = {"Type a sentence: what is shown was there before."};
        }
    }
    // A model that cannot be opened leaves the one that is shown in its place.
    const bool is_trace_file = outcome.model == nullptr && outcome.trace != nullptr;
    if (outcome.model == nullptr && !is_trace_file) {
        inputs_.model = shown_model_name_;
        return;
    }
    const bool is_other_model = outcome.model != model_;
    if (outcome.trace == nullptr && !is_other_model) return;
    if (is_trace_file) {
        inputs_.text = outcome.trace->inputs().text;
        outcome.notes = {"A recorded trace: it can be looked at, not computed again."};
    }
    model_ = std::move(outcome.model);
    shown_model_name_ = outcome.requested_model;
    notes_ = std::move(outcome.notes);
    trace_ = std::move(outcome.trace);
    other_trace_ = std::move(outcome.other_trace);
    ++trace_number_;
    asked_before_.clear();
    if (is_other_model) find_atlas();
    if (trace_ == nullptr) return;
    for (const auto& shown : {trace_, other_trace_}) {
        if (shown != nullptr && shown->provider() != nullptr) shown->provider()->set_wake(wake_);
    }
    is_choosing_ = false;
    if (wanted_.node.empty() && outcome.first) wanted_ = *outcome.first;
    if (wanted_.node.empty()) choose_now();
    selection_ = clamp_selection(trace_->graph(), wanted_);
}

void Document::find_atlas() {
    atlas_ = nullptr;
    if (trace_ == nullptr) return;
    FoundAtlas found = find_model_atlas(model_.get(), *trace_);
    atlas_ = std::move(found.atlas);
    if (!found.note.empty()) notes_.push_back(std::move(found.note));
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
    wanted_ = selection_;
    is_choosing_ = false;
}

void Document::go_back() {
    if (asked_before_.empty()) return;
    selection_ = std::move(asked_before_.back());
    wanted_ = selection_;
    asked_before_.pop_back();
}

}  // namespace heed::app
