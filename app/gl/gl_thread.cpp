#include "app/gl/gl_thread.h"

#include <chrono>

namespace heed::app {

GlThread::GlThread(ContextMaker make_context)
    : thread_([this, make = std::move(make_context)] { loop(make); }) {
    try {
        started_.get_future().get();
    } catch (...) {
        thread_.join();
        throw;
    }
}

GlThread::~GlThread() {
    {
        const std::lock_guard lock(mutex_);
        ends_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void GlThread::post(Work work) {
    {
        const std::lock_guard lock(mutex_);
        waiting_.push_back(std::move(work));
    }
    changed_.notify_all();
}

void GlThread::set_idle(std::function<bool()> idle) {
    const std::lock_guard lock(mutex_);
    idle_ = std::move(idle);
}

void GlThread::loop(const ContextMaker& make_context) {
    try {
        context_ = make_context();
    } catch (...) {
        started_.set_exception(std::current_exception());
        return;
    }
    started_.set_value();
    serve();
    context_.reset();
}

void GlThread::serve() {
    constexpr auto kPause = std::chrono::microseconds(200);
    bool is_busy = false;
    while (true) {
        Work work;
        {
            std::unique_lock lock(mutex_);
            const auto has_news = [this] { return !waiting_.empty() || ends_; };
            if (is_busy) {
                changed_.wait_for(lock, kPause, has_news);
            } else {
                changed_.wait(lock, has_news);
            }
            if (waiting_.empty() && ends_) return;
            if (!waiting_.empty()) {
                work = std::move(waiting_.front());
                waiting_.pop_front();
            }
        }
        if (work) work();
        is_busy = idle_ && idle_();
    }
}

}  // namespace heed::app
