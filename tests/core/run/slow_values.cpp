#include "tests/core/run/slow_values.h"

namespace heed::test {

SlowValues::SlowValues(std::shared_ptr<const Trace> from) : from_(std::move(from)) {}

std::optional<Tile> SlowValues::read(const Trace&, NodeId node, const Box& box) const {
    {
        const std::lock_guard lock(mutex_);
        int& steps = steps_[{node, box.outer_begin, box.outer_end, box.row_begin, box.row_end,
                             box.col_begin, box.col_end}];
        if (steps < kSteps) {
            ++steps;
            ++misses_;
            return std::nullopt;
        }
    }
    return from_->read(node, box);
}

Tile SlowValues::wait(const Trace&, NodeId node, const Box& box) const {
    {
        const std::lock_guard lock(mutex_);
        if (std::this_thread::get_id() == maker_) ++waits_here_;
    }
    return from_->wait(node, box);
}

bool SlowValues::is_pending() const {
    const std::lock_guard lock(mutex_);
    bool is_pending = false;
    for (auto& [tile, steps] : steps_) {
        if (steps >= kSteps) continue;
        ++steps;
        is_pending = true;
    }
    return is_pending;
}

void SlowValues::forget() const {
    const std::lock_guard lock(mutex_);
    steps_.clear();
}

int SlowValues::waits_here() const {
    const std::lock_guard lock(mutex_);
    return waits_here_;
}

int SlowValues::misses() const {
    const std::lock_guard lock(mutex_);
    return misses_;
}

SlowTrace make_slow_trace(const std::shared_ptr<const Trace>& from) {
    SlowTrace slow;
    slow.values = std::make_shared<const SlowValues>(from);
    Trace::Parts parts;
    parts.graph = from->graph_pointer();
    parts.weights = from->weights_pointer();
    parts.inputs = from->inputs();
    parts.values.resize(static_cast<std::size_t>(from->graph().size()));
    parts.patches = from->patches();
    parts.provider = slow.values;
    parts.facts = from->facts();
    slow.trace = std::make_shared<const Trace>(std::move(parts));
    return slow;
}

}  // namespace heed::test
