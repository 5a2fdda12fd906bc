// A pool of threads that runs numbered pieces of work. What a piece computes must not depend on
// which thread runs it, or on how many there are: results then have the same bits for any thread
// count.
#pragma once

#include <functional>
#include <memory>

namespace heed {

class ThreadPool {
  public:
    // `threads` >= 1, the calling thread included.
    explicit ThreadPool(int threads);
    ~ThreadPool();
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;

    int threads() const;
    // Calls work(piece) once for each piece in [0, pieces), on any thread, and returns when all are
    // done. The first exception that a piece throws is thrown here; pieces not yet begun are left
    // out. Not to be called from within a piece, or from two threads at once.
    void run(int pieces, const std::function<void(int piece)>& work);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

// Cores that this process may use.
int hardware_threads();

}  // namespace heed
