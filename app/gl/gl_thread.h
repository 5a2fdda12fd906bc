// A thread with an OpenGL context of its own: all that touches the context is work given to it.
#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <thread>

#include "app/gl/context.h"

namespace heed::app {

class GlThread {
  public:
    using Work = std::function<void()>;

    // Starts the thread and makes the context there. Throws what `make_context` throws.
    explicit GlThread(ContextMaker make_context);
    // Does what is still waiting, then deletes the context on its thread. From the thread itself
    // (its work let go of the last thing that kept it) that is done afterwards.
    ~GlThread();
    GlThread(const GlThread&) = delete;
    GlThread& operator=(const GlThread&) = delete;

    // Done in the order given, after this returns. Must not throw.
    void post(Work work);
    // Done by the thread while the caller waits; hands back its result or its exception. From the
    // thread itself it is done at once.
    template <class F>
    auto call(F work) -> decltype(work()) {
        if (is_current()) return work();
        std::packaged_task<decltype(work())()> task(std::move(work));
        auto result = task.get_future();
        post([&task] { task(); });
        return result.get();
    }
    // Called between pieces of work, on the thread, as long as it returns true.
    void set_idle(std::function<bool()> idle);

    bool is_current() const { return std::this_thread::get_id() == thread_.get_id(); }
    // Whether it would begin at once with what is given to it now.
    bool is_free() const;
    GlContext& context() { return *shared_->context; }

  private:
    // What the thread uses; it lives as long as the thread does.
    struct Shared {
        std::mutex mutex;
        std::condition_variable changed;
        std::deque<Work> waiting;
        std::function<bool()> idle;
        bool is_working = false;
        bool ends = false;
        std::unique_ptr<GlContext> context;  // used by the thread alone
    };

    static void serve(Shared& shared);

    std::shared_ptr<Shared> shared_;
    std::thread thread_;
};

}  // namespace heed::app
