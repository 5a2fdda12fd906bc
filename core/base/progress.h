// Long work says how far it is and stops when it is told to.
#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include "core/base/error.h"

namespace heed {

// A shared flag: one side asks, the other polls at least every 100 ms.
class CancelToken {
  public:
    void cancel() { *flag_ = true; }
    bool is_cancelled() const { return *flag_; }
    // Throws Cancelled once cancel() was called.
    void check() const {
        if (is_cancelled()) throw Cancelled();
    }

  private:
    std::shared_ptr<std::atomic<bool>> flag_ = std::make_shared<std::atomic<bool>>(false);
};

// What a run tells of itself. `report(done, total)` is called from the running thread.
struct Progress {
    CancelToken cancel;
    std::function<void(int done, int total)> report;
};

}  // namespace heed
