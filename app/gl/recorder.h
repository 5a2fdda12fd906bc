// Writes command lists: which ranges a dispatch reads and writes, what its uniforms are, and where
// a barrier has to stand. It knows no OpenGL.
#pragma once

#include <cstring>
#include <exception>
#include <map>
#include <set>
#include <span>

#include "app/gl/commands.h"
#include "app/gl/product_variants.h"

namespace heed::app {

// What one dispatch may do on a device.
struct RecorderLimits {
    std::int64_t binding_words = std::int64_t{1} << 22;  // of one binding (the least of OpenGL 4.3)
    int alignment_words = 64;                            // of where a binding begins
    int params_alignment = 256;                          // bytes
    double work = 1e12;  // of one dispatch, in multiplications and cells; keeps it short
    ProductTable products = default_product_table();
};

// A dispatch that would pass the limits. Whoever asked for it cuts the work and asks again.
class TooLarge : public std::exception {
  public:
    const char* what() const noexcept override { return "a dispatch beyond the device's limits"; }
};

class Recorder {
  public:
    explicit Recorder(const RecorderLimits& limits) : limits_(limits) {}
    const RecorderLimits& limits() const { return limits_; }

    // Words that the plan uploads once; returns where they begin. Equal tables are kept once.
    std::int64_t add_constants(std::span<const std::uint32_t> words);
    std::int64_t add_constants(std::span<const float> numbers);
    // Memory for `words` that are not kept, under a number of its own; give it back when all that
    // reads it is recorded.
    BufferRef take_scratch(std::int64_t words);
    void give_back(BufferRef scratch);

    // Where the list stands, to take it back to when a piece turns out too large.
    struct Mark {
        std::size_t commands = 0;
    };
    Mark mark() const { return {list_.commands.size()}; }
    void take_back(Mark mark);

    const CommandList& list() const { return list_; }
    CommandList take_list() { return std::move(list_); }

  private:
    friend class Dispatch;
    int find_program(ProgramKey key);
    void append(PassCommand command, std::span<const std::byte> params);
    bool needs_barrier(const PassCommand& command) const;

    RecorderLimits limits_;
    CommandList list_;
    std::map<ProgramKey, int> programs_;
    std::map<std::vector<std::uint32_t>, std::int64_t> constants_;
    std::vector<int> free_scratch_;
    // Since the last barrier.
    std::set<BufferRef> written_;
    std::set<BufferRef> read_scratch_;
};

// One dispatch while it is put together.
class Dispatch {
  public:
    Dispatch(Recorder& recorder, ProgramKey program, NodeId node)
        : recorder_(recorder), program_(std::move(program)) {
        command_.node = node;
    }

    // Binds words [first, first + count) of a buffer; returns where `first` lies in the array that
    // the shader sees (bindings begin at aligned places). Throws TooLarge.
    int read(int slot, BufferRef buffer, std::int64_t first, std::int64_t count) {
        return bind(slot, buffer, first, count, false);
    }
    int write(int slot, BufferRef buffer, std::int64_t first, std::int64_t count) {
        return bind(slot, buffer, first, count, true);
    }
    void count_flops(double flops) { command_.flops = flops; }

    // Ends it. `params` is laid out like the shader's uniform block Params (std140: ints and floats
    // one after the other, the size a multiple of 16 bytes); `work` is its multiplications or
    // cells. Throws TooLarge.
    template <class Params>
    void run(const Params& params, std::int64_t groups, double work) {
        static_assert(sizeof(Params) % 16 == 0, "pad the parameters to 16 bytes");
        std::byte bytes[sizeof(Params)];
        std::memcpy(bytes, &params, sizeof params);
        finish(bytes, groups, work);
    }

  private:
    int bind(int slot, BufferRef buffer, std::int64_t first, std::int64_t count, bool is_written);
    void finish(std::span<const std::byte> params, std::int64_t groups, double work);

    Recorder& recorder_;
    ProgramKey program_;
    PassCommand command_;
};

}  // namespace heed::app
