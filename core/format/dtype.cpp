#include "core/format/dtype.h"

#include <array>
#include <bit>
#include <cstring>

#include "core/base/check.h"

namespace heed {
namespace {

static_assert(std::endian::native == std::endian::little, "files are little-endian");

enum class DtypeUse { kFloat, kInteger, kNone };

struct DtypeRow {
    Dtype dtype;
    std::string_view name;
    int bits;
    DtypeUse use;
};

constexpr std::array kDtypes = {
    DtypeRow{Dtype::kF64, "F64", 64, DtypeUse::kFloat},
    DtypeRow{Dtype::kF32, "F32", 32, DtypeUse::kFloat},
    DtypeRow{Dtype::kF16, "F16", 16, DtypeUse::kFloat},
    DtypeRow{Dtype::kBF16, "BF16", 16, DtypeUse::kFloat},
    DtypeRow{Dtype::kI64, "I64", 64, DtypeUse::kInteger},
    DtypeRow{Dtype::kI32, "I32", 32, DtypeUse::kInteger},
    DtypeRow{Dtype::kI16, "I16", 16, DtypeUse::kInteger},
    DtypeRow{Dtype::kI8, "I8", 8, DtypeUse::kInteger},
    DtypeRow{Dtype::kU64, "U64", 64, DtypeUse::kNone},
    DtypeRow{Dtype::kU32, "U32", 32, DtypeUse::kInteger},
    DtypeRow{Dtype::kU16, "U16", 16, DtypeUse::kInteger},
    DtypeRow{Dtype::kU8, "U8", 8, DtypeUse::kInteger},
    DtypeRow{Dtype::kBool, "BOOL", 8, DtypeUse::kInteger},
    DtypeRow{Dtype::kC64, "C64", 64, DtypeUse::kNone},
    DtypeRow{Dtype::kF8E4M3, "F8_E4M3", 8, DtypeUse::kNone},
    DtypeRow{Dtype::kF8E5M2, "F8_E5M2", 8, DtypeUse::kNone},
    DtypeRow{Dtype::kF8E8M0, "F8_E8M0", 8, DtypeUse::kNone},
    DtypeRow{Dtype::kF6E2M3, "F6_E2M3", 6, DtypeUse::kNone},
    DtypeRow{Dtype::kF6E3M2, "F6_E3M2", 6, DtypeUse::kNone},
    DtypeRow{Dtype::kF4, "F4", 4, DtypeUse::kNone},
};

const DtypeRow& row_of(Dtype dtype) {
    for (const DtypeRow& row : kDtypes) {
        if (row.dtype == dtype) return row;
    }
    report_bug(__FILE__, __LINE__, "a number type that does not exist");
}

// Exact, without a branch and without touching a float32 subnormal, so that the loop around it is
// vectorised and runs at the speed of memory.
float half_to_float(std::uint16_t half) {
    constexpr std::uint32_t kBias = 112u << 23;  // exponent bias 127 against 15
    const std::uint32_t magnitude = half & 0x7FFFu;
    const std::uint32_t mantissa = half & 0x03FFu;
    const std::uint32_t normal = (magnitude << 13) + kBias;
    // mantissa * 2^-24 = (1 + mantissa / 1024) * 2^-14 - 2^-14
    const float above = std::bit_cast<float>((113u << 23) | (mantissa << 13));
    const std::uint32_t subnormal = std::bit_cast<std::uint32_t>(above - 0x1p-14f);
    const std::uint32_t quiet = mantissa != 0 ? 0x00400000u : 0u;
    const std::uint32_t special = 0x7F800000u | (mantissa << 13) | quiet;
    std::uint32_t bits = magnitude < 0x0400u ? subnormal : normal;
    bits = magnitude >= 0x7C00u ? special : bits;
    return std::bit_cast<float>(bits | (static_cast<std::uint32_t>(half & 0x8000u) << 16));
}

float brain_to_float(std::uint16_t brain) {
    return std::bit_cast<float>(static_cast<std::uint32_t>(brain) << 16);
}

// to[i] = convert(number i of `from`), the numbers being of type From and of any alignment.
template <class From, class To, class Convert>
void convert_each(std::span<const std::byte> from, std::span<To> to, Convert convert) {
    const std::byte* source = from.data();
    To* target = to.data();
    const std::size_t count = to.size();
    for (std::size_t i = 0; i < count; ++i) {
        From value;
        std::memcpy(&value, source + i * sizeof(From), sizeof(From));
        target[i] = convert(value);
    }
}

template <class From>
void widen_each(std::span<const std::byte> from, std::span<std::int64_t> to) {
    convert_each<From>(from, to, [](From value) { return static_cast<std::int64_t>(value); });
}

void check_sizes(Dtype dtype, std::span<const std::byte> from, std::size_t count) {
    HEED_CHECK_EQ(from.size(), count * static_cast<std::size_t>(dtype_bits(dtype)) / 8);
}

}  // namespace

std::string_view dtype_name(Dtype dtype) {
    return row_of(dtype).name;
}

std::optional<Dtype> find_dtype(std::string_view name) {
    for (const DtypeRow& row : kDtypes) {
        if (row.name == name) return row.dtype;
    }
    return std::nullopt;
}

int dtype_bits(Dtype dtype) {
    return row_of(dtype).bits;
}

bool is_float_dtype(Dtype dtype) {
    return row_of(dtype).use == DtypeUse::kFloat;
}

bool is_integer_dtype(Dtype dtype) {
    return row_of(dtype).use == DtypeUse::kInteger;
}

void convert_to_float(Dtype dtype, std::span<const std::byte> from, std::span<float> to) {
    HEED_CHECK(is_float_dtype(dtype));
    check_sizes(dtype, from, to.size());
    if (to.empty()) return;
    if (dtype == Dtype::kF32) {
        std::memcpy(to.data(), from.data(), from.size());
    } else if (dtype == Dtype::kF16) {
        convert_each<std::uint16_t>(from, to, half_to_float);
    } else if (dtype == Dtype::kBF16) {
        convert_each<std::uint16_t>(from, to, brain_to_float);
    } else {
        convert_each<double>(from, to, [](double value) { return static_cast<float>(value); });
    }
}

void convert_to_int64(Dtype dtype, std::span<const std::byte> from, std::span<std::int64_t> to) {
    HEED_CHECK(is_integer_dtype(dtype));
    check_sizes(dtype, from, to.size());
    switch (dtype) {
        case Dtype::kI64:
            return widen_each<std::int64_t>(from, to);
        case Dtype::kI32:
            return widen_each<std::int32_t>(from, to);
        case Dtype::kI16:
            return widen_each<std::int16_t>(from, to);
        case Dtype::kI8:
            return widen_each<std::int8_t>(from, to);
        case Dtype::kU32:
            return widen_each<std::uint32_t>(from, to);
        case Dtype::kU16:
            return widen_each<std::uint16_t>(from, to);
        case Dtype::kU8:
            return widen_each<std::uint8_t>(from, to);
        case Dtype::kBool:
            return convert_each<std::uint8_t>(
                from, to, [](std::uint8_t value) { return std::int64_t{value != 0}; });
        default:
            report_bug(__FILE__, __LINE__, "an integer type without a conversion");
    }
}

}  // namespace heed
