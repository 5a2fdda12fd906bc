#include "app/document/file_keeper.h"

#include <utility>

#include "app/document/settings.h"
#include "core/base/error.h"

namespace heed::app {

FileKeeper::FileKeeper() : thread_([this] { work(); }) {}

FileKeeper::~FileKeeper() {
    {
        const std::lock_guard lock(mutex_);
        ends_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void FileKeeper::keep(const std::filesystem::path& path, std::string text) {
    {
        const std::lock_guard lock(mutex_);
        waiting_.insert_or_assign(path, std::move(text));
    }
    changed_.notify_all();
}

void FileKeeper::finish() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return waiting_.empty() && !is_writing_; });
}

std::string FileKeeper::take_problem() {
    const std::lock_guard lock(mutex_);
    return std::exchange(problem_, {});
}

void FileKeeper::work() {
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [this] { return ends_ || !waiting_.empty(); });
        if (waiting_.empty()) return;
        const auto file = waiting_.extract(waiting_.begin());
        is_writing_ = true;
        lock.unlock();
        std::string problem;
        try {
            save_kept_file(file.key(), file.mapped());
        } catch (const Error& error) {
            problem = error.what();
        }
        lock.lock();
        is_writing_ = false;
        if (!problem.empty()) problem_ = std::move(problem);
        changed_.notify_all();
    }
}

}  // namespace heed::app
