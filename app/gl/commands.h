// What a pass on the graphics card is made of: dispatches of compute programs over ranges of
// buffers, as data. It knows no OpenGL, so that a pass can be counted and tested without any.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/graph/node.h"

namespace heed::app {

// Memory that commands read and write, in words of 4 bytes.
enum class BufferKind {
    kNode,      // values of a node
    kWeight,    // a tensor of the model, as its file has it
    kConstant,  // tables that the plan makes once: cosines of rotary positions, slopes
    kInput,     // ids and numbers of a run
    kScratch,   // values that are not kept
    kStatus,    // what a pass tells of itself: kStatusWords counters
};
// Words of the status buffer: rows whose sum is 0, and cells that are not numbers.
constexpr int kStatusZeroSums = 0;
constexpr int kStatusNotANumber = 1;
constexpr int kStatusWords = 4;

struct BufferRef {
    BufferKind kind = BufferKind::kNode;
    int id = 0;  // NodeId, WeightId or number of a scratch
    auto operator<=>(const BufferRef&) const = default;
};

// Words [first, first + count) of a buffer at a binding point of a program.
struct Binding {
    int slot = 0;
    BufferRef buffer;
    std::int64_t first = 0;
    std::int64_t count = 0;
    bool is_written = false;
};

// A file of shaders/ and the macros it is compiled with.
struct ProgramKey {
    std::string file;
    std::vector<std::pair<std::string, std::string>> defines;
    auto operator<=>(const ProgramKey&) const = default;
};

struct PassCommand {
    int program = 0;  // of CommandList::programs
    std::vector<Binding> bindings;
    std::size_t params_begin = 0;  // of CommandList::params
    std::size_t params_size = 0;
    std::int64_t groups = 0;   // of the program's local size
    bool has_barrier = false;  // what was written before is read now
    NodeId node = -1;          // what it computes; of several the last
    double flops = 0;          // of products: two for each multiplication
    double bytes = 0;          // of all ranges it binds
};

struct CommandList {
    std::vector<ProgramKey> programs;
    std::vector<std::byte> params;  // uniform blocks of the commands, each aligned
    std::vector<PassCommand> commands;
    std::vector<std::uint32_t> constants;
    std::vector<std::int64_t> scratch_words;  // of each scratch
};

}  // namespace heed::app
