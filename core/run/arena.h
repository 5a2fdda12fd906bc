// Memory for the values of traces. One piece a run, given back when the last trace that uses it is
// gone and taken again for the next run: fresh pages cost more than the sums written to them.
#pragma once

#include <cstddef>
#include <memory>

namespace heed {

class ArenaPool : public std::enable_shared_from_this<ArenaPool> {
  public:
    static std::shared_ptr<ArenaPool> create();
    ~ArenaPool();
    ArenaPool(const ArenaPool&) = delete;
    ArenaPool& operator=(const ArenaPool&) = delete;

    // At least `count` floats, 64-byte aligned, not initialised. Safe from several threads.
    std::shared_ptr<float[]> take(std::size_t count);

  private:
    ArenaPool();
    void give_back(float* data, std::size_t bytes);
    struct State;
    std::unique_ptr<State> state_;
};

// A place for node after node in one piece of memory.
class ArenaCursor {
  public:
    explicit ArenaCursor(std::shared_ptr<float[]> memory) : memory_(std::move(memory)) {}
    // Room for `count` floats at a 64-byte boundary.
    std::shared_ptr<float[]> next(std::size_t count) {
        std::shared_ptr<float[]> place(memory_, memory_.get() + used_);
        used_ += padded(count);
        return place;
    }
    static std::size_t padded(std::size_t count) { return (count + 15) / 16 * 16; }

  private:
    std::shared_ptr<float[]> memory_;
    std::size_t used_ = 0;
};

}  // namespace heed
