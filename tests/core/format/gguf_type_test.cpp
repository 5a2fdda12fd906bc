#include "core/format/gguf_type.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <random>
#include <vector>

#include "core/format/gguf.h"
#include "core/format/safetensors.h"
#include "tests/support/close.h"
#include "tests/support/oracle.h"

using namespace heed;
using heed::test::find_difference;
using heed::test::kExact;

namespace {

using Block = std::vector<unsigned>;  // its bytes

double half(const Block& block, std::size_t at) {
    const unsigned bits = block[at] | block[at + 1] << 8;
    const double sign = bits >> 15 ? -1 : 1;
    const int exponent = static_cast<int>(bits >> 10 & 31);
    const double mantissa = bits & 1023;
    return exponent == 0 ? sign * std::ldexp(mantissa, -24)
                         : sign * std::ldexp(1024 + mantissa, exponent - 25);
}

double as_signed(unsigned byte) {
    return byte < 128 ? byte : static_cast<double>(byte) - 256;
}

// Bits [first, first + count) of the block, lowest first, read one by one.
unsigned bits(const Block& block, std::size_t first, unsigned count) {
    unsigned number = 0;
    for (unsigned i = 0; i < count; ++i) {
        const std::size_t bit = first + i;
        number |= (block[bit / 8] >> (bit % 8) & 1u) << i;
    }
    return number;
}

// Number `i` of a block, straight from the layouts of the format.
double naive(std::string_view type, const Block& block, std::size_t i) {
    const double d = half(block, 0);
    // Small blocks: the low nibbles are numbers 0 to 15, the high ones 16 to 31.
    const auto nibble = [&](std::size_t at) {
        return bits(block, (at + i % 16) * 8 + i / 16 * 4, 4);
    };
    const auto fifth = [&](std::size_t at) { return 16 * bits(block, at * 8 + i, 1); };
    if (type == "Q4_0") return d * (nibble(2) - 8.0);
    if (type == "Q4_1") return d * nibble(4) + half(block, 2);
    if (type == "Q5_0") return d * (nibble(6) + fifth(2) - 16.0);
    if (type == "Q5_1") return d * (nibble(8) + fifth(4)) + half(block, 2);
    if (type == "Q8_0") return d * as_signed(block[2 + i]);
    if (type == "Q6_K") {
        const std::size_t run = i % 128 / 32;
        const std::size_t low = i / 128 * 64 + run % 2 * 32 + i % 32;
        const std::size_t high = 128 + i / 128 * 32 + i % 32;
        const double q =
            bits(block, low * 8 + run / 2 * 4, 4) + 16 * bits(block, high * 8 + run * 2, 2);
        return half(block, 208) * as_signed(block[192 + i / 16]) * (q - 32);
    }
    // Q4_K, Q5_K: part scales of six bits, those of parts 4 to 7 in pieces.
    const std::size_t part = i / 32;
    unsigned scale = 0;
    unsigned least = 0;
    if (part < 4) {
        scale = bits(block, (4 + part) * 8, 6);
        least = bits(block, (8 + part) * 8, 6);
    } else {
        scale = bits(block, (8 + part) * 8, 4) + 16 * bits(block, part * 8 + 6, 2);
        least = bits(block, (8 + part) * 8 + 4, 4) + 16 * bits(block, (4 + part) * 8 + 6, 2);
    }
    const bool has_fifth = type == "Q5_K";
    const std::size_t low = (has_fifth ? 48 : 16) + part / 2 * 32 + i % 32;
    double q = bits(block, low * 8 + part % 2 * 4, 4);
    if (has_fifth) q += 16 * bits(block, (16 + i % 32) * 8 + part, 1);
    return d * scale * q - half(block, 2) * least;
}

const GgufType& type_called(std::string_view name) {
    for (std::uint32_t id = 0; id < 64; ++id) {
        const GgufType* type = find_gguf_type(id);
        if (type != nullptr && type->name == name) return *type;
    }
    FAIL("no type " << name);
    std::abort();
}

TEST_SUITE_BEGIN("core/format/gguf_type");

TEST_CASE("every block agrees with its layout read bit by bit") {
    std::mt19937 random(7);
    for (const std::string_view name :
         {"Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q4_K", "Q5_K", "Q6_K"}) {
        CAPTURE(name);
        const GgufType& type = type_called(name);
        for (int round = 0; round < 20; ++round) {
            Block block(type.block_bytes);
            for (unsigned& byte : block) byte = random() & 255;
            // Halves are kept from infinity: exponents below 16.
            for (const std::size_t at : {std::size_t{1}, std::size_t{3}, std::size_t{209}}) {
                if (at < block.size()) block[at] &= 0xBF;
            }
            std::vector<std::byte> bytes;
            for (const unsigned byte : block) bytes.push_back(static_cast<std::byte>(byte));
            std::vector<float> got(type.block_numbers);
            dequantise(type, bytes, got);
            for (std::size_t i = 0; i < got.size(); ++i) {
                CAPTURE(i);
                // All products and sums but the last are exact in float32.
                REQUIRE(got[i] == static_cast<float>(naive(name, block, i)));
            }
        }
    }
}

TEST_CASE("every type agrees with what llama.cpp's own package reads, bit for bit") {
    const auto folder = test::source_dir() / "tests/data/gguf";
    const GgufFile file(folder / "types.gguf");
    const SafetensorsFile expected(folder / "types.safetensors");
    CHECK(expected.entries().size() == 11);
    for (const SafetensorsEntry& want : expected.entries()) {
        CAPTURE(want.name);
        const GgufEntry* entry = file.find(want.name);
        REQUIRE(entry != nullptr);
        CHECK(entry->type->name == want.name);
        CHECK(entry->extents == want.extents);
        const Tensor got = read_tensor(*entry);
        CHECK(find_difference(got.values(), read_tensor(want).values(), kExact) == "");
    }
}

TEST_CASE("the types that are read are listed, and no other is") {
    CHECK(readable_gguf_types() ==
          "F32, F16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q4_K, Q5_K, Q6_K, BF16");
    CHECK(find_gguf_type(4) == nullptr);
    CHECK(find_gguf_type(0xFFFFFFFF) == nullptr);
    const bool reads_q2_k = find_gguf_type(10)->read_block != nullptr;
    CHECK_FALSE(reads_q2_k);
}

TEST_SUITE_END();

}  // namespace
