#include "core/run/arena.h"

#include <sys/mman.h>

#include <algorithm>
#include <mutex>
#include <new>
#include <vector>

namespace heed {
namespace {

constexpr std::size_t kKeptPieces = 3;
constexpr std::size_t kPage = std::size_t{1} << 21;

struct Piece {
    float* data = nullptr;
    std::size_t bytes = 0;
};

Piece map_piece(std::size_t count) {
    const std::size_t bytes = (count * sizeof(float) + kPage - 1) / kPage * kPage;
    void* data = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (data == MAP_FAILED) throw std::bad_alloc();
    ::madvise(data, bytes, MADV_HUGEPAGE);
    return {static_cast<float*>(data), bytes};
}

void unmap_piece(const Piece& piece) {
    ::munmap(piece.data, piece.bytes);
}

}  // namespace

struct ArenaPool::State {
    std::mutex mutex;
    std::vector<Piece> free;
};

ArenaPool::ArenaPool() : state_(std::make_unique<State>()) {}

ArenaPool::~ArenaPool() {
    for (const Piece& piece : state_->free) unmap_piece(piece);
}

std::shared_ptr<ArenaPool> ArenaPool::create() {
    return std::shared_ptr<ArenaPool>(new ArenaPool);
}

std::shared_ptr<float[]> ArenaPool::take(std::size_t count) {
    Piece piece;
    {
        const std::lock_guard lock(state_->mutex);
        const std::size_t bytes = count * sizeof(float);
        // A free piece fits if it is large enough and not wastefully large.
        const auto fits = [bytes](const Piece& p) {
            return p.bytes >= bytes && p.bytes <= 2 * bytes + kPage;
        };
        const auto found = std::find_if(state_->free.begin(), state_->free.end(), fits);
        if (found != state_->free.end()) {
            piece = *found;
            state_->free.erase(found);
        }
    }
    if (piece.data == nullptr) piece = map_piece(std::max<std::size_t>(count, 1));
    return std::shared_ptr<float[]>(piece.data, [pool = shared_from_this(), bytes = piece.bytes](
                                                    float* data) { pool->give_back(data, bytes); });
}

void ArenaPool::give_back(float* data, std::size_t bytes) {
    Piece dropped = {data, bytes};
    {
        const std::lock_guard lock(state_->mutex);
        state_->free.push_back(dropped);
        if (state_->free.size() <= kKeptPieces) return;
        dropped = state_->free.front();
        state_->free.erase(state_->free.begin());
    }
    unmap_piece(dropped);
}

}  // namespace heed
