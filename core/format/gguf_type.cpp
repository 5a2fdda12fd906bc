#include "core/format/gguf_type.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "core/base/check.h"
#include "core/format/dtype.h"

namespace heed {
namespace {

constexpr int kSmallBlock = 32;
constexpr int kLargeBlock = 256;

int byte_at(const std::byte* bytes, int i) {
    return std::to_integer<int>(bytes[i]);
}

int low_nibble(const std::byte* bytes, int i) {
    return byte_at(bytes, i) & 15;
}

int high_nibble(const std::byte* bytes, int i) {
    return byte_at(bytes, i) >> 4;
}

int signed_byte(const std::byte* bytes, int i) {
    return static_cast<std::int8_t>(byte_at(bytes, i));
}

float read_half(const std::byte* bytes) {
    float value = 0;
    convert_to_float(Dtype::kF16, {bytes, 2}, {&value, 1});
    return value;
}

// Bit `i` of a little-endian word.
int bit_at(const std::byte* bytes, int i) {
    return (byte_at(bytes, i / 8) >> (i % 8)) & 1;
}

float times(float scale, int number) {
    return scale * static_cast<float>(number);
}

// Block: scale (half), 16 bytes; number i < 16 in the low nibble of byte i, i + 16 in the high one.
// x = d (q - 8)
void read_q4_0(const std::byte* block, float* x) {
    const float d = read_half(block);
    for (int i = 0; i < kSmallBlock / 2; ++i) {
        x[i] = times(d, low_nibble(block + 2, i) - 8);
        x[i + kSmallBlock / 2] = times(d, high_nibble(block + 2, i) - 8);
    }
}

// As Q4_0 with a least value: x = d q + m
void read_q4_1(const std::byte* block, float* x) {
    const float d = read_half(block);
    const float m = read_half(block + 2);
    for (int i = 0; i < kSmallBlock / 2; ++i) {
        x[i] = times(d, low_nibble(block + 4, i)) + m;
        x[i + kSmallBlock / 2] = times(d, high_nibble(block + 4, i)) + m;
    }
}

// Scale, 32 fifth bits, nibbles as in Q4_0: x = d (q - 16)
void read_q5_0(const std::byte* block, float* x) {
    const float d = read_half(block);
    const std::byte* high = block + 2;
    const std::byte* low = block + 6;
    for (int i = 0; i < kSmallBlock / 2; ++i) {
        const int j = i + kSmallBlock / 2;
        x[i] = times(d, (low_nibble(low, i) | bit_at(high, i) << 4) - 16);
        x[j] = times(d, (high_nibble(low, i) | bit_at(high, j) << 4) - 16);
    }
}

// As Q5_0 with a least value: x = d q + m
void read_q5_1(const std::byte* block, float* x) {
    const float d = read_half(block);
    const float m = read_half(block + 2);
    const std::byte* high = block + 4;
    const std::byte* low = block + 8;
    for (int i = 0; i < kSmallBlock / 2; ++i) {
        const int j = i + kSmallBlock / 2;
        x[i] = times(d, low_nibble(low, i) | bit_at(high, i) << 4) + m;
        x[j] = times(d, high_nibble(low, i) | bit_at(high, j) << 4) + m;
    }
}

// Scale, 32 signed bytes: x = d q
void read_q8_0(const std::byte* block, float* x) {
    const float d = read_half(block);
    for (int i = 0; i < kSmallBlock; ++i) x[i] = times(d, signed_byte(block + 2, i));
}

// The scale and the least value of part `i` of 8, six bits each, in the 12 bytes of Q4_K and Q5_K.
struct PartScale {
    int scale = 0;
    int least = 0;
};
PartScale part_scale(const std::byte* packed, int i) {
    if (i < 4) return {byte_at(packed, i) & 63, byte_at(packed, i + 4) & 63};
    return {low_nibble(packed, i + 4) | (byte_at(packed, i - 4) >> 6) << 4,
            high_nibble(packed, i + 4) | (byte_at(packed, i) >> 6) << 4};
}

// 8 parts of 32 numbers: two halves (d, m), 12 bytes of part scales, (with `high`: 32 bytes whose
// bit `part` is the fifth bit,) 128 bytes of nibbles; two parts share 32 bytes.
// x = d scale q - m least
void read_k_parts(const std::byte* block, const std::byte* high, const std::byte* low, float* x) {
    constexpr int kParts = 8;
    constexpr int kPart = kLargeBlock / kParts;
    const float d = read_half(block);
    const float m = read_half(block + 2);
    for (int part = 0; part < kParts; ++part) {
        const PartScale scales = part_scale(block + 4, part);
        const float part_d = times(d, scales.scale);
        const float part_m = times(m, scales.least);
        const std::byte* nibbles = low + part / 2 * kPart;
        for (int i = 0; i < kPart; ++i) {
            int q = part % 2 == 0 ? low_nibble(nibbles, i) : high_nibble(nibbles, i);
            if (high != nullptr) q |= ((byte_at(high, i) >> part) & 1) << 4;
            x[part * kPart + i] = times(part_d, q) - part_m;
        }
    }
}

void read_q4_k(const std::byte* block, float* x) {
    read_k_parts(block, nullptr, block + 16, x);
}

void read_q5_k(const std::byte* block, float* x) {
    read_k_parts(block, block + 16, block + 48, x);
}

// 128 bytes of low nibbles, 64 bytes of upper pairs of bits, 16 signed part scales, a half; two
// halves of 128 numbers, in each four runs of 32. x = d scale (q - 32)
void read_q6_k(const std::byte* block, float* x) {
    constexpr int kRun = 32;
    const std::byte* scales = block + 192;
    const float d = read_half(block + 208);
    for (int half = 0; half < 2; ++half) {
        const std::byte* low = block + half * 64;
        const std::byte* high = block + 128 + half * kRun;
        for (int run = 0; run < 4; ++run) {
            const std::byte* nibbles = low + run % 2 * kRun;
            for (int i = 0; i < kRun; ++i) {
                const int four = run < 2 ? low_nibble(nibbles, i) : high_nibble(nibbles, i);
                const int two = (byte_at(high, i) >> (2 * run)) & 3;
                const int scale = signed_byte(scales, half * 8 + run * 2 + i / 16);
                x[half * 128 + run * kRun + i] = times(times(d, scale), (four | two << 4) - 32);
            }
        }
    }
}

void read_plain(Dtype dtype, const std::byte* number, std::size_t bytes, float* x) {
    convert_to_float(dtype, {number, bytes}, {x, 1});
}
void read_f32(const std::byte* number, float* x) {
    read_plain(Dtype::kF32, number, 4, x);
}
void read_f16(const std::byte* number, float* x) {
    read_plain(Dtype::kF16, number, 2, x);
}
void read_bf16(const std::byte* number, float* x) {
    read_plain(Dtype::kBF16, number, 2, x);
}

// Ids, names and block sizes of ggml's types.
constexpr std::array kTypes = {
    GgufType{0, "F32", 1, 4, read_f32},        GgufType{1, "F16", 1, 2, read_f16},
    GgufType{2, "Q4_0", 32, 18, read_q4_0},    GgufType{3, "Q4_1", 32, 20, read_q4_1},
    GgufType{6, "Q5_0", 32, 22, read_q5_0},    GgufType{7, "Q5_1", 32, 24, read_q5_1},
    GgufType{8, "Q8_0", 32, 34, read_q8_0},    GgufType{9, "Q8_1", 32, 40, nullptr},
    GgufType{10, "Q2_K", 256, 84, nullptr},    GgufType{11, "Q3_K", 256, 110, nullptr},
    GgufType{12, "Q4_K", 256, 144, read_q4_k}, GgufType{13, "Q5_K", 256, 176, read_q5_k},
    GgufType{14, "Q6_K", 256, 210, read_q6_k}, GgufType{15, "Q8_K", 256, 292, nullptr},
    GgufType{16, "IQ2_XXS", 256, 66, nullptr}, GgufType{17, "IQ2_XS", 256, 74, nullptr},
    GgufType{18, "IQ3_XXS", 256, 98, nullptr}, GgufType{19, "IQ1_S", 256, 50, nullptr},
    GgufType{20, "IQ4_NL", 32, 18, nullptr},   GgufType{21, "IQ3_S", 256, 110, nullptr},
    GgufType{22, "IQ2_S", 256, 82, nullptr},   GgufType{23, "IQ4_XS", 256, 136, nullptr},
    GgufType{24, "I8", 1, 1, nullptr},         GgufType{25, "I16", 1, 2, nullptr},
    GgufType{26, "I32", 1, 4, nullptr},        GgufType{27, "I64", 1, 8, nullptr},
    GgufType{28, "F64", 1, 8, nullptr},        GgufType{29, "IQ1_M", 256, 56, nullptr},
    GgufType{30, "BF16", 1, 2, read_bf16},     GgufType{34, "TQ1_0", 256, 54, nullptr},
    GgufType{35, "TQ2_0", 256, 66, nullptr},   GgufType{39, "MXFP4", 32, 17, nullptr},
    GgufType{40, "NVFP4", 64, 36, nullptr},    GgufType{41, "Q1_0", 128, 18, nullptr},
};

}  // namespace

const GgufType* find_gguf_type(std::uint32_t id) {
    const auto* found = std::find_if(kTypes.begin(), kTypes.end(),
                                     [id](const GgufType& type) { return type.id == id; });
    return found == kTypes.end() ? nullptr : found;
}

std::string readable_gguf_types() {
    std::string names;
    for (const GgufType& type : kTypes) {
        if (type.read_block == nullptr) continue;
        names += (names.empty() ? "" : ", ") + std::string(type.name);
    }
    return names;
}

void dequantise(const GgufType& type, std::span<const std::byte> from, std::span<float> to) {
    HEED_CHECK(type.read_block != nullptr);
    HEED_CHECK_EQ(to.size() % type.block_numbers, std::size_t{0});
    const std::size_t blocks = to.size() / type.block_numbers;
    HEED_CHECK_EQ(from.size(), blocks * type.block_bytes);

    // Types of the other formats convert in one vectorised loop.
    if (const auto dtype = find_dtype(type.name); dtype && is_float_dtype(*dtype)) {
        return convert_to_float(*dtype, from, to);
    }
    for (std::size_t block = 0; block < blocks; ++block) {
        type.read_block(from.data() + block * type.block_bytes,
                        to.data() + block * type.block_numbers);
    }
}

}  // namespace heed
