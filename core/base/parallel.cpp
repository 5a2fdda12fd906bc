#include "core/base/parallel.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "core/base/check.h"

namespace heed {

namespace {

// How long a thread that waits stays awake. Nodes follow each other within microseconds: a thread
// that slept would be woken too late, and often on the core of the one that wakes it.
constexpr std::chrono::microseconds kAwake{300};

// True as soon as `is_met()`, false after kAwake.
template <class Condition>
bool wait_awake(Condition is_met) {
    constexpr int kLooks = 64;  // between two looks at the clock
    const auto end = std::chrono::steady_clock::now() + kAwake;
    while (true) {
        for (int look = 0; look < kLooks; ++look) {
            if (is_met()) return true;
#if defined(__x86_64__) || defined(__i386__)
            __builtin_ia32_pause();
#endif
        }
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::yield();
    }
}

}  // namespace

struct ThreadPool::State {
    std::mutex mutex;
    std::condition_variable wake;
    std::condition_variable idle;
    std::vector<std::thread> workers;
    const std::function<void(int)>* work = nullptr;
    std::atomic<int> next{0};
    int pieces = 0;
    std::atomic<int> busy{0};
    // Counts the calls of run(); what is read after a new number was seen was written before it.
    std::atomic<std::uint64_t> round{0};
    std::atomic<bool> is_stopping{false};
    std::exception_ptr failure;

    // Takes pieces until none are left; keeps the first failure.
    void take_pieces() {
        while (true) {
            const int piece = next.fetch_add(1);
            if (piece >= pieces) return;
            try {
                (*work)(piece);
            } catch (...) {  // handed to the caller of run()
                const std::lock_guard lock(mutex);
                if (!failure) failure = std::current_exception();
                next = pieces;
            }
        }
    }

    void serve() {
        std::uint64_t seen = 0;
        while (true) {
            const auto is_called = [&] { return is_stopping || round != seen; };
            if (!wait_awake(is_called)) {
                std::unique_lock lock(mutex);
                wake.wait(lock, is_called);
            }
            if (is_stopping) return;
            seen = round;
            take_pieces();
            if (--busy > 0) continue;
            const std::lock_guard lock(mutex);
            idle.notify_one();
        }
    }
};

ThreadPool::ThreadPool(int threads) : state_(std::make_unique<State>()) {
    HEED_CHECK_LE(1, threads);
    for (int i = 1; i < threads; ++i) {
        state_->workers.emplace_back([this] { state_->serve(); });
    }
}

ThreadPool::~ThreadPool() {
    {
        const std::lock_guard lock(state_->mutex);
        state_->is_stopping = true;
    }
    state_->wake.notify_all();
    for (std::thread& worker : state_->workers) worker.join();
}

int ThreadPool::threads() const {
    return static_cast<int>(state_->workers.size()) + 1;
}

void ThreadPool::run(int pieces, const std::function<void(int piece)>& work) {
    if (pieces <= 0) return;
    if (pieces == 1 || state_->workers.empty()) {
        for (int piece = 0; piece < pieces; ++piece) work(piece);
        return;
    }
    {
        const std::lock_guard lock(state_->mutex);
        state_->work = &work;
        state_->pieces = pieces;
        state_->next = 0;
        state_->busy = static_cast<int>(state_->workers.size());
        state_->failure = nullptr;
        ++state_->round;
    }
    state_->wake.notify_all();
    state_->take_pieces();
    const auto is_done = [this] { return state_->busy == 0; };
    if (!wait_awake(is_done)) {
        std::unique_lock lock(state_->mutex);
        state_->idle.wait(lock, is_done);
    }
    if (state_->failure) std::rethrow_exception(state_->failure);
}

int hardware_threads() {
    cpu_set_t set;
    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof set, &set) == 0) return std::max(1, CPU_COUNT(&set));
    return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

}  // namespace heed
