// The number types of GGUF files: their names, how many numbers share a block of how many bytes,
// and how blocks become float32. It knows no file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace heed {

// One row of the table of types; numbers lie in blocks that hold their scale.
struct GgufType {
    std::uint32_t id = 0;  // as files have it
    std::string_view name;
    std::uint32_t block_numbers = 0;
    std::uint32_t block_bytes = 0;
    // Writes the block_numbers numbers of one block; nullptr for a type that heed does not read.
    void (*read_block)(const std::byte* block, float* numbers) = nullptr;
};

// The row of an id; nullptr for one that is not known.
const GgufType* find_gguf_type(std::uint32_t id);
// The names of the types that heed reads: "F32, F16, Q4_0, ...".
std::string readable_gguf_types();

// Whole blocks, of any alignment, to float32. The type must be one that is read and the sizes agree
// (Bug).
void dequantise(const GgufType& type, std::span<const std::byte> from, std::span<float> to);

}  // namespace heed
