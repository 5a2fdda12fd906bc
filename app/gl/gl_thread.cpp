#include "app/gl/gl_thread.h"

#include <chrono>
#include <vector>

namespace heed::app {

namespace {

// Threads that let go of themselves. They are waited for at the program's end: a driver must not be
// unloaded under a thread that still deletes its context.
class Leaving {
  public:
    ~Leaving() {
        for (std::thread& thread : threads_) thread.join();
    }
    void add(std::thread thread) {
        const std::lock_guard lock(mutex_);
        threads_.push_back(std::move(thread));
    }

  private:
    std::mutex mutex_;
    std::vector<std::thread> threads_;
};

// Made at its first use, after the driver: what was made last ends first.
Leaving& leaving() {
    static Leaving threads;
    return threads;
}

}  // namespace

GlThread::GlThread(ContextMaker make_context) : shared_(std::make_shared<Shared>()) {
    std::promise<void> started;
    thread_ = std::thread([shared = shared_, &started, make = std::move(make_context)] {
        try {
            shared->context = make();
        } catch (...) {
            started.set_exception(std::current_exception());
            return;
        }
        started.set_value();
        serve(*shared);
        shared->context.reset();
    });
    try {
        started.get_future().get();
    } catch (...) {
        thread_.join();
        throw;
    }
}

GlThread::~GlThread() {
    {
        const std::lock_guard lock(shared_->mutex);
        shared_->ends = true;
    }
    shared_->changed.notify_all();
    if (is_current()) {
        leaving().add(std::move(thread_));
    } else {
        thread_.join();
    }
}

void GlThread::post(Work work) {
    {
        const std::lock_guard lock(shared_->mutex);
        shared_->waiting.push_back(std::move(work));
    }
    shared_->changed.notify_all();
}

void GlThread::set_idle(std::function<bool()> idle) {
    const std::lock_guard lock(shared_->mutex);
    shared_->idle = std::move(idle);
}

bool GlThread::is_free() const {
    const std::lock_guard lock(shared_->mutex);
    return shared_->waiting.empty() && !shared_->is_working;
}

void GlThread::serve(Shared& shared) {
    constexpr auto kPause = std::chrono::microseconds(200);
    bool is_busy = false;
    while (true) {
        Work work;
        {
            std::unique_lock lock(shared.mutex);
            shared.is_working = false;
            const auto has_news = [&shared] { return !shared.waiting.empty() || shared.ends; };
            if (is_busy) {
                shared.changed.wait_for(lock, kPause, has_news);
            } else {
                shared.changed.wait(lock, has_news);
            }
            if (shared.waiting.empty() && shared.ends) return;
            if (!shared.waiting.empty()) {
                work = std::move(shared.waiting.front());
                shared.waiting.pop_front();
                shared.is_working = true;
            }
        }
        if (work) work();
        is_busy = shared.idle && shared.idle();
    }
}

}  // namespace heed::app
