// A trace whose values lie elsewhere and take their time: what a graphics card is like, without
// one.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "core/run/trace.h"

namespace heed::test {

// The values of another trace. Each tile is on its way the first two times it is read; whoever asks
// whether something is pending brings it nearer, too.
class SlowValues : public TileProvider {
  public:
    explicit SlowValues(std::shared_ptr<const Trace> from);

    std::optional<Tile> read(const Trace& trace, NodeId node, const Box& box) const override;
    Tile wait(const Trace& trace, NodeId node, const Box& box) const override;
    bool holds(NodeId node) const override { return !from_->is_recomputed(node); }
    bool is_pending() const override;
    void set_wake(std::function<void()> wake) const override { wake_ = std::move(wake); }

    // From now on every tile is on its way again.
    void forget() const;
    // How often the thread that made it has waited instead of reading.
    int waits_here() const;
    // How often a read found nothing.
    int misses() const;
    bool has_wake() const { return wake_ != nullptr; }

  private:
    static constexpr int kSteps = 2;  // until a tile is there

    std::shared_ptr<const Trace> from_;
    std::thread::id maker_ = std::this_thread::get_id();
    mutable std::function<void()> wake_;
    mutable std::mutex mutex_;
    mutable std::map<std::vector<int>, int> steps_;  // of the node and box, so far
    mutable int waits_here_ = 0;
    mutable int misses_ = 0;
};

// `from` with nothing on the host.
struct SlowTrace {
    std::shared_ptr<const SlowValues> values;
    std::shared_ptr<const Trace> trace;
};
SlowTrace make_slow_trace(const std::shared_ptr<const Trace>& from);

}  // namespace heed::test
