#include "app/document/history.h"

#include <utility>

#include "core/base/check.h"

namespace heed::app {

namespace {

constexpr std::size_t kMostSteps = 500;
constexpr double kBurst_s = 1;  // longer pauses begin another step

}  // namespace

void History::settle(PersonState state) {
    present_ = std::move(state);
    // A step that would change nothing, for example back from a model that could not be opened.
    while (!undo_.empty() && undo_.back().state == present_) undo_.pop_back();
    while (!redo_.empty() && redo_.back().state == present_) redo_.pop_back();
}

void History::note(PersonState state, std::string name, double now_s) {
    if (state == present_) return;
    const bool is_burst =
        !undo_.empty() && redo_.empty() && undo_.back().name == name && now_s - noted_s_ < kBurst_s;
    redo_.clear();
    if (!is_burst) undo_.push_back({std::move(present_), std::move(name)});
    if (undo_.size() > kMostSteps) undo_.erase(undo_.begin());
    present_ = std::move(state);
    noted_s_ = now_s;
    // A burst that ends where it began was nothing.
    if (undo_.back().state == present_) undo_.pop_back();
}

const PersonState& History::undo() {
    HEED_CHECK(can_undo());
    Step step = std::move(undo_.back());
    undo_.pop_back();
    redo_.push_back({std::exchange(present_, std::move(step.state)), std::move(step.name)});
    noted_s_ = -1e9;
    return present_;
}

const PersonState& History::redo() {
    HEED_CHECK(can_redo());
    Step step = std::move(redo_.back());
    redo_.pop_back();
    undo_.push_back({std::exchange(present_, std::move(step.state)), std::move(step.name)});
    noted_s_ = -1e9;
    return present_;
}

}  // namespace heed::app
