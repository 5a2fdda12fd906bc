// The number types of tensor files: their names, their sizes, and how they become float32 or int64.
// It knows no file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace heed {

// What the safetensors format knows. Only some can be converted; the others are recognised, so that
// a file holding them can be checked, and refused when they are asked for.
enum class Dtype {
    kF64,
    kF32,
    kF16,
    kBF16,
    kI64,
    kI32,
    kI16,
    kI8,
    kU64,
    kU32,
    kU16,
    kU8,
    kBool,
    kC64,
    kF8E4M3,
    kF8E5M2,
    kF8E8M0,
    kF6E2M3,
    kF6E3M2,
    kF4,
};

// "F32", "BF16", ... as files spell it.
std::string_view dtype_name(Dtype dtype);
std::optional<Dtype> find_dtype(std::string_view name);
// Bits of one number: 4 to 64.
int dtype_bits(Dtype dtype);

// F64, F32, F16 and BF16.
bool is_float_dtype(Dtype dtype);
// I64, I32, I16, I8, U32, U16, U8 and BOOL.
bool is_integer_dtype(Dtype dtype);

// Little-endian numbers of any alignment to float32. F64 is rounded; every F16 and BF16 value is
// kept exactly, a NaN stays a NaN. Sizes must agree and the type be a float (Bug).
void convert_to_float(Dtype dtype, std::span<const std::byte> from, std::span<float> to);

// Little-endian numbers of any alignment to int64; BOOL gives 0 or 1. Sizes must agree and the type
// be an integer (Bug).
void convert_to_int64(Dtype dtype, std::span<const std::byte> from, std::span<std::int64_t> to);

}  // namespace heed
