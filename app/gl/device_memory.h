// Buffers on the device: taken, given back by whoever drops the last pointer, used again. And the
// ways between them and the host's memory. Used on the device's thread; a buffer may be dropped on
// any.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "app/gl/handle.h"

namespace heed::app {

struct DeviceBuffer {
    GLuint name = 0;
    std::int64_t words = 0;
};

// Numbers of a piece of a buffer on their way to the host.
class Download {
  public:
    // Starts the copy. Nothing waits for it.
    Download(const DeviceBuffer& from, std::int64_t first, std::int64_t words);
    ~Download();
    Download(const Download&) = delete;
    Download& operator=(const Download&) = delete;

    bool is_there() const;
    // Waits for the copy; out takes `words` numbers.
    void finish(float* out) const;

  private:
    BufferHandle copy_;
    GLsync fence_ = nullptr;
    std::int64_t words_ = 0;
};

class DeviceMemory {
  public:
    explicit DeviceMemory(std::optional<int> failing_allocation);
    ~DeviceMemory();
    DeviceMemory(const DeviceMemory&) = delete;
    DeviceMemory& operator=(const DeviceMemory&) = delete;

    // At least `words`, not initialised. Throws GlFailure where the device has no more memory.
    std::shared_ptr<const DeviceBuffer> take(std::int64_t words);
    // Copies to [first, first + bytes / 4) through a ring of staging buffers; nothing waits for it
    // but the ring.
    void upload(const DeviceBuffer& to, std::int64_t first, std::span<const std::byte> bytes);
    // Deletes what nobody uses.
    void trim();

    std::int64_t bytes_uploaded() const { return bytes_uploaded_; }
    std::int64_t bytes_allocated() const { return bytes_allocated_; }

  private:
    struct Returned {
        std::mutex mutex;
        std::vector<DeviceBuffer> buffers;
    };
    struct Stage {
        BufferHandle buffer;
        GLsync fence = nullptr;
    };
    void collect();
    DeviceBuffer allocate(std::int64_t words);

    std::optional<int> failing_allocation_;
    int allocations_ = 0;
    std::int64_t bytes_uploaded_ = 0;
    std::int64_t bytes_allocated_ = 0;
    std::shared_ptr<Returned> returned_ = std::make_shared<Returned>();
    std::multimap<std::int64_t, GLuint> free_;
    std::array<Stage, 3> ring_;
    std::size_t next_stage_ = 0;
};

}  // namespace heed::app
