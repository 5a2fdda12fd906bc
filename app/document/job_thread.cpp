#include "app/document/job_thread.h"

#include <utility>

#include "core/base/error.h"

namespace heed::app {

namespace {

constexpr int kFramesKept = 30;

}  // namespace

JobThread::JobThread(std::function<void()> wake)
    : wake_(std::move(wake)), thread_([this] { work(); }) {}

JobThread::~JobThread() {
    {
        const std::lock_guard lock(mutex_);
        ends_ = true;
        for (auto& [id, entry] : entries_) entry.cancel.cancel();
    }
    changed_.notify_one();
    thread_.join();
}

JobState JobThread::ask(std::string_view id, std::uint64_t version, const Work& work) {
    const std::lock_guard lock(mutex_);
    auto at = entries_.find(id);
    const bool is_new = at == entries_.end();
    if (is_new) at = entries_.emplace(std::string(id), Entry{}).first;
    Entry& entry = at->second;
    entry.last_frame = frame_;
    if (entry.bug != nullptr) std::rethrow_exception(entry.bug);
    if (is_new || entry.version != version || entry.starts_anew) {
        entry.cancel.cancel();
        entry.cancel = CancelToken();
        entry.version = version;
        entry.work = work;
        entry.is_done = false;
        entry.was_cancelled = false;
        entry.starts_anew = false;
        entry.problem.clear();
        waiting_.push_back(at->first);
        changed_.notify_one();
    }
    return {entry.value, entry.is_done && entry.problem.empty(), entry.problem};
}

void JobThread::end_frame() {
    const std::lock_guard lock(mutex_);
    ++frame_;
    for (auto at = entries_.begin(); at != entries_.end();) {
        if (frame_ - at->second.last_frame <= kFramesKept) {
            ++at;
            continue;
        }
        at->second.cancel.cancel();
        at = entries_.erase(at);
    }
}

bool JobThread::is_busy() const {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, entry] : entries_) {
        if (!entry.is_done && frame_ - entry.last_frame <= 1) return true;
    }
    return false;
}

JobThread::Progress JobThread::progress() const {
    const std::lock_guard lock(mutex_);
    if (!running_) return {};
    return {running_->done(), running_->total()};
}

void JobThread::cancel_all() {
    const std::lock_guard lock(mutex_);
    waiting_.clear();
    for (auto& [id, entry] : entries_) {
        if (entry.is_done) continue;
        entry.cancel.cancel();
        entry.is_done = true;
        entry.was_cancelled = true;
        entry.problem = "cancelled";
        entry.work = nullptr;
    }
}

void JobThread::retry_cancelled() {
    const std::lock_guard lock(mutex_);
    for (auto& [id, entry] : entries_) entry.starts_anew = entry.was_cancelled;
}

void JobThread::work() {
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [this] { return ends_ || !waiting_.empty(); });
        if (ends_) return;
        const std::string id = std::move(waiting_.front());
        waiting_.pop_front();
        run_one(lock, id);
    }
}

void JobThread::run_one(std::unique_lock<std::mutex>& lock, const std::string& id) {
    const auto at = entries_.find(id);
    if (at == entries_.end() || at->second.is_done) return;
    const std::uint64_t version = at->second.version;
    const CancelToken cancel = at->second.cancel;
    Work work = std::move(at->second.work);
    Entry outcome;
    running_ = cancel;
    lock.unlock();
    // Whatever goes wrong here is told, or thrown again, on the main thread.
    try {
        outcome.value = work(cancel);
    } catch (const Error& error) {
        outcome.problem = error.what();
    } catch (const std::exception&) {
        if (!cancel.is_cancelled()) outcome.bug = std::current_exception();
    }
    // What the work held may be large: nobody waits while it goes.
    work = nullptr;
    lock.lock();
    running_.reset();
    const auto now = entries_.find(id);
    const bool is_wanted = now != entries_.end() && now->second.version == version &&
                           !now->second.is_done && !cancel.is_cancelled();
    if (!is_wanted) return;
    Entry& entry = now->second;
    entry.is_done = true;
    entry.problem = std::move(outcome.problem);
    entry.bug = outcome.bug;
    if (outcome.value != nullptr) entry.value = std::move(outcome.value);
    lock.unlock();
    wake_();
    lock.lock();
}

}  // namespace heed::app
