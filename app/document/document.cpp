#include "app/document/document.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numeric>
#include <utility>

#include "app/document/sketch.h"
#include "core/analysis/atlas_file.h"
#include "core/base/error.h"

namespace heed::app {

namespace {

// Steps back that are remembered.
constexpr std::size_t kMostSteps = 200;
// Longer sentences begin at the first head: looking through all of them would take too long.
constexpr int kLongestSearch = 128;

// A weight that a word gives to another, earlier one, not its neighbour.
struct FarLook {
    float weight = -1;
    std::string site;
    int layer = 0;
    int head = 0;
    int query = 0;
    int key = 0;
};

bool is_word(std::span<const TokenLabel> labels, int position) {
    const auto at = static_cast<std::size_t>(position);
    return at >= labels.size() || !labels[at].is_special;
}

void search_site(const Trace& trace, const AttentionSite& site, std::span<const int> heads,
                 FarLook& best) {
    const std::optional<Tile> tile =
        trace.read(*site.pattern, whole_box(trace.graph().node(*site.pattern).shape));
    if (!tile) return;
    const auto queries = trace.labels(site.query_sequence);
    const auto keys = trace.labels(site.key_sequence);
    for (const int head : heads) {
        for (int query = 0; query < tile->box().row_end; ++query) {
            if (!is_word(queries, query)) continue;
            const float* row = tile->row(head, query);
            for (int key = 0; key < std::min(query - 1, tile->box().col_end); ++key) {
                if (row[key] <= best.weight || !is_word(keys, key)) continue;
                best = {row[key], site_word(site), site.layer, head, query, key};
            }
        }
    }
}

// The heads of a site that the atlas calls by what they connect ("pronoun to noun").
std::vector<int> list_connecting_heads(const Atlas& atlas, const std::string& site) {
    std::vector<int> heads;
    for (const AtlasHead& head : atlas.heads) {
        if (head.site != site) continue;
        const std::vector<HeadLabel> labels = list_head_labels(atlas, head);
        const bool is_connecting =
            std::any_of(labels.begin(), labels.end(), [&](const HeadLabel& label) {
                return std::any_of(atlas.kinds.begin(), atlas.kinds.end(),
                                   [&](const AtlasKind& kind) { return kind.name == label.text; });
            });
        if (is_connecting) heads.push_back(head.head);
    }
    return heads;
}

// What is shown before anybody has chosen: the largest weight that a word gives to an earlier one
// that is not its neighbour, in a head that the atlas calls by what it connects, where one of them
// gives as much as a name of a head needs; else in any head. There is something to see there.
Selection choose_first(const Trace& trace, const Atlas* atlas) {
    const Graph& graph = trace.graph();
    Selection selection = default_selection(graph);
    FarLook best, connecting;
    for (const AttentionSite& site : graph.attentions()) {
        if (!site.pattern || site.query_sequence != site.key_sequence) continue;
        const Shape& shape = graph.node(*site.pattern).shape;
        if (shape.extent(-1) > kLongestSearch) return selection;
        std::vector<int> heads(static_cast<std::size_t>(whole_box(shape).outer_end));
        std::iota(heads.begin(), heads.end(), 0);
        search_site(trace, site, heads, best);
        if (atlas == nullptr) continue;
        search_site(trace, site, list_connecting_heads(*atlas, site.name), connecting);
    }
    if (static_cast<double>(connecting.weight) >= kLeastForLabel) best = connecting;
    if (best.weight < 0) return selection;
    selection.site = best.site;
    selection.layer = best.layer;
    selection.head = best.head;
    selection.query = best.query;
    selection.key = best.key;
    return ask_pattern(graph, clamp_selection(graph, std::move(selection)));
}

}  // namespace

Document::Document(std::function<void()> wake, std::unique_ptr<Backend> backend)
    : worker_(std::move(wake), std::move(backend)) {}

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
    if (wanted_.node.empty() && !is_busy()) wanted_ = choose_first(*trace_, atlas_.get());
    selection_ = clamp_selection(trace_->graph(), wanted_);
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
    outcome.model = std::move(model);
    outcome.trace = std::move(trace);
    outcome.other_trace = std::move(other_trace);
    inputs_.model = outcome.requested_model;
    show(std::move(outcome));
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
    if (wanted_.node.empty()) wanted_ = choose_first(*trace_, atlas_.get());
    selection_ = clamp_selection(trace_->graph(), wanted_);
}

void Document::find_atlas() {
    atlas_ = nullptr;
    if (model_ == nullptr || trace_ == nullptr) return;
    const std::filesystem::path path = std::filesystem::path(model_->summary().path) / "atlas.json";
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(path, ignored)) return;
    try {
        Atlas atlas = read_atlas(path);
        check_atlas(atlas, trace_->graph(), path);
        atlas_ = std::make_shared<const Atlas>(std::move(atlas));
    } catch (const Error& error) {
        notes_.push_back(std::string("What is known of the heads is left out: ") + error.what());
    }
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
}

void Document::go_back() {
    if (asked_before_.empty()) return;
    selection_ = std::move(asked_before_.back());
    wanted_ = selection_;
    asked_before_.pop_back();
}

}  // namespace heed::app
