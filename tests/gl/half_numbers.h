// Numbers of 16 bits and the words that hold them.
#pragma once

#include <bit>
#include <cstdint>
#include <vector>

#include "app/gl/op_recorders.h"

namespace heed::test {

// The nearest number of `type` below in size: its bits cut off. Numbers too small for float16 as a
// normal number become 0; none may be too large.
inline float round_to(app::WeightType type, float number) {
    const auto bits = std::bit_cast<std::uint32_t>(number);
    if (type == app::WeightType::kBf16) return std::bit_cast<float>(bits & 0xFFFF0000U);
    if (type == app::WeightType::kF32) return number;
    const std::uint32_t exponent = (bits >> 23U) & 0xFFU;
    return exponent < 113 ? 0.0F : std::bit_cast<float>(bits & 0xFFFFE000U);
}

inline std::uint32_t half_bits(app::WeightType type, float rounded) {
    const auto bits = std::bit_cast<std::uint32_t>(rounded);
    if (type == app::WeightType::kBf16) return bits >> 16U;
    if ((bits << 1U) == 0) return bits >> 16U;
    if (((bits >> 23U) & 0xFFU) == 0xFFU) return 0x7E00U;  // not a number
    // The exponent counts from 15 instead of 127.
    return ((bits >> 16U) & 0x8000U) | (((bits >> 13U) & 0x3FFFFU) - (112U << 10U));
}

// The words of a file that has these numbers, each of `type` already.
inline std::vector<std::uint32_t> pack_words(app::WeightType type,
                                             const std::vector<float>& numbers) {
    std::vector<std::uint32_t> words;
    if (type == app::WeightType::kF32) {
        for (const float number : numbers) words.push_back(std::bit_cast<std::uint32_t>(number));
        return words;
    }
    for (std::size_t i = 0; i < numbers.size(); i += 2) {
        std::uint32_t word = half_bits(type, numbers[i]);
        if (i + 1 < numbers.size()) word |= half_bits(type, numbers[i + 1]) << 16U;
        words.push_back(word);
    }
    return words;
}

}  // namespace heed::test
