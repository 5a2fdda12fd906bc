#include "app/gl/device_memory.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "app/gl/faults.h"
#include "core/base/check.h"

namespace heed::app {

namespace {

constexpr std::int64_t kStageBytes = std::int64_t{4} << 20;
constexpr std::int64_t kGrain = 16384;         // words: sizes are whole numbers of it
constexpr GLuint64 kForever = 10'000'000'000;  // nanoseconds

void wait_for(GLsync fence) {
    const GLenum result = glClientWaitSync(fence, GL_SYNC_FLUSH_COMMANDS_BIT, kForever);
    if (result == GL_TIMEOUT_EXPIRED || result == GL_WAIT_FAILED) {
        throw GlFailure("the graphics card", "a fence", "work that ends", "none after 10 s");
    }
}

}  // namespace

Download::Download(const DeviceBuffer& from, std::int64_t first, std::int64_t words)
    : copy_(make_buffer()), words_(words) {
    HEED_CHECK_LE(first + words, from.words);
    glBindBuffer(GL_COPY_WRITE_BUFFER, copy_.name());
    glBufferData(GL_COPY_WRITE_BUFFER, words * 4, nullptr, GL_STREAM_READ);
    glBindBuffer(GL_COPY_READ_BUFFER, from.name);
    glMemoryBarrier(GL_BUFFER_UPDATE_BARRIER_BIT);
    glCopyBufferSubData(GL_COPY_READ_BUFFER, GL_COPY_WRITE_BUFFER, first * 4, 0, words * 4);
    fence_ = glFenceSync(GL_SYNC_GPU_COMMANDS_COMPLETE, 0);
    glFlush();
}

Download::~Download() {
    if (fence_ != nullptr) glDeleteSync(fence_);
}

bool Download::is_there() const {
    const GLenum result = glClientWaitSync(fence_, 0, 0);
    return result == GL_ALREADY_SIGNALED || result == GL_CONDITION_SATISFIED;
}

void Download::finish(float* out) const {
    wait_for(fence_);
    glBindBuffer(GL_COPY_WRITE_BUFFER, copy_.name());
    const void* bytes = glMapBufferRange(GL_COPY_WRITE_BUFFER, 0, words_ * 4, GL_MAP_READ_BIT);
    if (bytes == nullptr) {
        throw GlFailure("the graphics card", "a copy to memory", "a mapped buffer", "none");
    }
    std::memcpy(out, bytes, static_cast<std::size_t>(words_) * 4);
    glUnmapBuffer(GL_COPY_WRITE_BUFFER);
}

DeviceMemory::DeviceMemory(std::optional<int> failing_allocation)
    : failing_allocation_(failing_allocation) {}

DeviceMemory::~DeviceMemory() {
    for (Stage& stage : ring_) {
        if (stage.fence != nullptr) glDeleteSync(stage.fence);
    }
    trim();
}

std::shared_ptr<const DeviceBuffer> DeviceMemory::take(std::int64_t words) {
    HEED_CHECK_LT(0, words);
    collect();
    const std::int64_t wanted = (words + kGrain - 1) / kGrain * kGrain;
    DeviceBuffer buffer;
    const auto fitting = free_.lower_bound(wanted);
    if (fitting != free_.end() && fitting->first <= 2 * wanted) {
        buffer = {fitting->second, fitting->first};
        free_.erase(fitting);
    } else {
        buffer = allocate(wanted);
    }
    return {new DeviceBuffer(buffer), [returned = returned_](const DeviceBuffer* gone) {
                {
                    const std::lock_guard lock(returned->mutex);
                    returned->buffers.push_back(*gone);
                }
                delete gone;
            }};
}

void DeviceMemory::collect() {
    const std::lock_guard lock(returned_->mutex);
    for (const DeviceBuffer& buffer : returned_->buffers) free_.emplace(buffer.words, buffer.name);
    returned_->buffers.clear();
}

void DeviceMemory::trim() {
    collect();
    for (const auto& [words, name] : free_) {
        delete_buffer(name);
        bytes_allocated_ -= words * 4;
    }
    free_.clear();
}

DeviceBuffer DeviceMemory::allocate(std::int64_t words) {
    const bool fails = failing_allocation_ == allocations_++;
    for (const bool is_second : {false, true}) {
        if (is_second) trim();
        BufferHandle handle = make_buffer();
        glBindBuffer(GL_COPY_WRITE_BUFFER, handle.name());
        while (glGetError() != GL_NO_ERROR) {
        }
        if (!fails) glBufferData(GL_COPY_WRITE_BUFFER, words * 4, nullptr, GL_DYNAMIC_COPY);
        if (fails || glGetError() != GL_NO_ERROR) continue;
        bytes_allocated_ += words * 4;
        const DeviceBuffer buffer{handle.name(), words};
        handle.release();
        return buffer;
    }
    throw GlFailure(
        "the graphics card", "memory",
        fmt::format("{:.1f} MB more", static_cast<double>(words) * 4e-6),
        fmt::format("{:.1f} MB in use and no more", static_cast<double>(bytes_allocated_) * 1e-6));
}

void DeviceMemory::upload(const DeviceBuffer& to, std::int64_t first,
                          std::span<const std::byte> bytes) {
    HEED_CHECK_LE(first * 4 + static_cast<std::int64_t>(bytes.size()), to.words * 4);
    bytes_uploaded_ += static_cast<std::int64_t>(bytes.size());
    std::int64_t at = first * 4;
    while (!bytes.empty()) {
        const auto part = bytes.first(std::min(bytes.size(), std::size_t{kStageBytes}));
        Stage& stage = ring_.at(next_stage_);
        next_stage_ = (next_stage_ + 1) % ring_.size();
        if (stage.buffer.name() == 0) {
            stage.buffer = make_buffer();
            glBindBuffer(GL_COPY_READ_BUFFER, stage.buffer.name());
            glBufferData(GL_COPY_READ_BUFFER, kStageBytes, nullptr, GL_STREAM_DRAW);
        }
        if (stage.fence != nullptr) {
            wait_for(stage.fence);
            glDeleteSync(stage.fence);
            stage.fence = nullptr;
        }
        glBindBuffer(GL_COPY_READ_BUFFER, stage.buffer.name());
        const auto size = static_cast<GLsizeiptr>(part.size());
        void* place = glMapBufferRange(
            GL_COPY_READ_BUFFER, 0, size,
            GL_MAP_WRITE_BIT | GL_MAP_INVALIDATE_RANGE_BIT | GL_MAP_UNSYNCHRONIZED_BIT);
        if (place == nullptr) {
            throw GlFailure("the graphics card", "staging memory", "a mapped buffer", "none");
        }
        std::memcpy(place, part.data(), part.size());
        glUnmapBuffer(GL_COPY_READ_BUFFER);
        glBindBuffer(GL_COPY_WRITE_BUFFER, to.name);
        glCopyBufferSubData(GL_COPY_READ_BUFFER, GL_COPY_WRITE_BUFFER, 0, at, size);
        stage.fence = glFenceSync(GL_SYNC_GPU_COMMANDS_COMPLETE, 0);
        at += size;
        bytes = bytes.subspan(part.size());
    }
}

}  // namespace heed::app
