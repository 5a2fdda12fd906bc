#include "app/gl/mip_levels.h"

#include <algorithm>

#include "core/base/check.h"

namespace heed::app {

namespace {

// Up to three neighbours and how much of each belongs to one texel of the next level; the weights
// of all texels of a side have the same sum.
struct Part {
    int first = 0;
    int count = 0;
    std::uint32_t weights[3] = {};
};

std::vector<Part> divide(int length) {
    if (length == 1) return {{0, 1, {1}}};
    const int half = length / 2;
    std::vector<Part> parts;
    for (int i = 0; i < half; ++i) {
        if (length % 2 == 0) {
            parts.push_back({2 * i, 2, {1, 1}});
            continue;
        }
        const auto before = static_cast<std::uint32_t>(half - i);
        const auto after = static_cast<std::uint32_t>(i + 1);
        parts.push_back({2 * i, 3, {before, static_cast<std::uint32_t>(half), after}});
    }
    return parts;
}

std::uint64_t weigh_all(const std::vector<Part>& parts) {
    std::uint64_t sum = 0;
    for (const std::uint32_t weight : parts.front().weights) sum += weight;
    return sum;
}

// Four texels, two channels at a time: each has eight bits free above it.
std::uint32_t mean_of_four(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
    constexpr std::uint32_t kEven = 0x00FF00FF;
    constexpr std::uint32_t kHalf = 0x00020002;
    const std::uint32_t even = (a & kEven) + (b & kEven) + (c & kEven) + (d & kEven) + kHalf;
    const std::uint32_t odd = ((a >> 8U) & kEven) + ((b >> 8U) & kEven) + ((c >> 8U) & kEven) +
                              ((d >> 8U) & kEven) + kHalf;
    return ((even >> 2U) & kEven) | (((odd >> 2U) & kEven) << 8U);
}

std::uint32_t weighted_mean(const Part& column, const Part& row, std::uint64_t all, int width,
                            std::span<const std::uint32_t> texels) {
    std::uint64_t sums[4] = {};
    for (int y = 0; y < row.count; ++y) {
        const auto line = static_cast<std::size_t>(row.first + y) * static_cast<std::size_t>(width);
        for (int x = 0; x < column.count; ++x) {
            const std::uint32_t texel = texels[line + static_cast<std::size_t>(column.first + x)];
            const std::uint64_t weight = std::uint64_t{row.weights[y]} * column.weights[x];
            for (unsigned channel = 0; channel < 4; ++channel) {
                sums[channel] += weight * ((texel >> (8 * channel)) & 0xFFU);
            }
        }
    }
    std::uint32_t mean = 0;
    for (unsigned channel = 0; channel < 4; ++channel) {
        mean |= static_cast<std::uint32_t>((sums[channel] + all / 2) / all) << (8 * channel);
    }
    return mean;
}

}  // namespace

int count_mip_levels(int width, int height) {
    int levels = 1;
    for (int side = std::max(width, height); side > 1; side /= 2) ++levels;
    return levels;
}

MipLevel make_next_level(int width, int height, std::span<const std::uint32_t> texels) {
    HEED_CHECK_EQ(texels.size(),
                  static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
    MipLevel level{std::max(1, width / 2), std::max(1, height / 2), {}};
    level.texels.reserve(static_cast<std::size_t>(level.width) *
                         static_cast<std::size_t>(level.height));
    if (width % 2 == 0 && height % 2 == 0) {
        for (int y = 0; y < level.height; ++y) {
            const std::uint32_t* upper =
                texels.data() + 2 * static_cast<std::size_t>(y) * static_cast<std::size_t>(width);
            const std::uint32_t* lower = upper + width;
            for (int x = 0; x < width; x += 2) {
                level.texels.push_back(
                    mean_of_four(upper[x], upper[x + 1], lower[x], lower[x + 1]));
            }
        }
        return level;
    }
    const std::vector<Part> columns = divide(width);
    const std::vector<Part> rows = divide(height);
    const std::uint64_t all = weigh_all(columns) * weigh_all(rows);
    for (const Part& row : rows) {
        for (const Part& column : columns) {
            level.texels.push_back(weighted_mean(column, row, all, width, texels));
        }
    }
    return level;
}

}  // namespace heed::app
