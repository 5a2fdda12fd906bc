// The jobs of the views, done one after the other on one thread.
#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "app/ui/jobs.h"

namespace heed::app {

class JobThread : public JobStore {
  public:
    // `wake` is called from the thread whenever a job is done.
    explicit JobThread(std::function<void()> wake);
    // Cancels what is running and waits for it.
    ~JobThread() override;
    JobThread(const JobThread&) = delete;
    JobThread& operator=(const JobThread&) = delete;

    // A Bug thrown by the work is thrown here.
    JobState ask(std::string_view id, std::uint64_t version, const Work& work) override;
    // Once a frame, after all views have drawn: forgets what was not asked for.
    void end_frame();
    // Whether something that was asked for in the last frames is not there yet.
    bool is_busy() const;
    // How far the work is that is under way: total 0 where it does not know, or where there is
    // none.
    struct Progress {
        int done = 0;
        int total = 0;
    };
    Progress progress() const;
    // Cancels all that is running or waiting; what was asked for stays unanswered, with a problem
    // that says so, until another version is asked for or until retry_cancelled().
    void cancel_all();
    // What was cancelled starts anew when it is asked for.
    void retry_cancelled();

  private:
    struct Entry {
        std::uint64_t version = 0;
        Work work;
        CancelToken cancel;
        bool is_done = false;
        bool was_cancelled = false;
        bool starts_anew = false;
        int last_frame = 0;
        std::shared_ptr<const void> value;
        std::string problem;
        std::exception_ptr bug;
    };

    void work();
    void run_one(std::unique_lock<std::mutex>& lock, const std::string& id);

    std::function<void()> wake_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    bool ends_ = false;
    int frame_ = 0;
    std::map<std::string, Entry, std::less<>> entries_;
    std::deque<std::string> waiting_;
    std::optional<CancelToken> running_;
    std::thread thread_;  // last: it uses all of the above
};

}  // namespace heed::app
