// Long work says how far it is and stops when it is told to.
#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include "core/base/error.h"

namespace heed {

// What two sides share: one asks for the end, the other polls at least every 100 ms and may tell
// how far it is.
class CancelToken {
  public:
    void cancel() { shared_->is_cancelled = true; }
    bool is_cancelled() const { return shared_->is_cancelled; }
    // Throws Cancelled once cancel() was called.
    void check() const {
        if (is_cancelled()) throw Cancelled();
    }

    // Steps that are done, of all; total 0 where the work does not know.
    void report(int done, int total) const {
        shared_->done = done;
        shared_->total = total;
    }
    int done() const { return shared_->done; }
    int total() const { return shared_->total; }

  private:
    struct Shared {
        std::atomic<bool> is_cancelled{false};
        std::atomic<int> done{0};
        std::atomic<int> total{0};
    };
    std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
};

// What a run tells of itself. `report(done, total)` is called from the running thread.
struct Progress {
    CancelToken cancel;
    std::function<void(int done, int total)> report;
};

}  // namespace heed
