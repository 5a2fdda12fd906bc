// Heatmaps that the graphics card paints, beside a naive twin.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "app/gl/context.h"
#include "app/gl/heatmap_painter.h"

using namespace heed::app;

namespace {

constexpr float kMinusInfinity = -std::numeric_limits<float>::infinity();
constexpr int kOuters = 3;
constexpr int kRows = 23;
constexpr int kCols = 37;
constexpr std::int64_t kFirst = 11;  // words before the first matrix

// Numbers in (-2, 2); some are -inf, `least` is 0 for weights.
std::vector<float> make_numbers(float least) {
    std::mt19937 random(7);
    std::uniform_real_distribution<float> any(least, 2);
    std::vector<float> numbers(static_cast<std::size_t>(kFirst) + kOuters * kRows * kCols + 5, 9);
    for (std::size_t i = kFirst; i < numbers.size() - 5; ++i) {
        numbers[i] = random() % 9 == 0 ? kMinusInfinity : any(random);
    }
    return numbers;
}

std::shared_ptr<const DeviceBuffer> put(const std::vector<float>& numbers) {
    GLuint name = 0;
    glGenBuffers(1, &name);
    glBindBuffer(GL_COPY_WRITE_BUFFER, name);
    glBufferData(GL_COPY_WRITE_BUFFER, static_cast<GLsizeiptr>(numbers.size() * 4), numbers.data(),
                 GL_STATIC_DRAW);
    return {new DeviceBuffer{name, static_cast<std::int64_t>(numbers.size())},
            [](const DeviceBuffer* buffer) {
                delete_buffer(buffer->name);
                delete buffer;
            }};
}

std::vector<std::uint32_t> read(const Texture& texture) {
    std::vector<std::uint32_t> texels(static_cast<std::size_t>(texture.width()) *
                                      static_cast<std::size_t>(texture.height()));
    glBindTexture(GL_TEXTURE_2D, texture.name());
    glGetTexImage(GL_TEXTURE_2D, 0, GL_RGBA, GL_UNSIGNED_BYTE, texels.data());
    return texels;
}

// First of the cells [begin, begin + count) that the `i`th of `parts` stands for.
int edge(int i, int parts, int begin, int count) {
    return begin + i * count / parts;
}

float pool_naively(const std::vector<float>& numbers, const HeatmapPart& part,
                   HeatmapPooling pooling, int outer, int x, int y) {
    const int rows = part.row_end - part.row_begin;
    const int cols = part.col_end - part.col_begin;
    const int top = edge(y, part.height, part.row_begin, rows);
    const int bottom = edge(y + 1, part.height, part.row_begin, rows);
    const int left = edge(x, part.width, part.col_begin, cols);
    const int right = edge(x + 1, part.width, part.col_begin, cols);
    const bool is_mean = pooling == HeatmapPooling::kMean;
    const int down = is_mean ? std::max(1, (bottom - top) / kHeatmapSamples) : 1;
    const int along = is_mean ? std::max(1, (right - left) / kHeatmapSamples) : 1;
    double sum = 0;
    std::vector<float> seen;
    for (int r = top; r < bottom; r += down) {
        for (int c = left; c < right; c += along) {
            if (part.is_causal && c > r) continue;
            const std::int64_t at = part.first + (std::int64_t{outer} * kRows + r) * kCols + c;
            const float value = numbers[static_cast<std::size_t>(at)];
            if (!std::isfinite(value)) continue;
            seen.push_back(value);
            sum += static_cast<double>(value);
        }
    }
    if (seen.empty()) return kMinusInfinity;
    if (is_mean) {
        return static_cast<float>(sum / static_cast<double>(seen.size()));
    }
    float best = seen.front();
    for (const float value : seen) {
        const bool is_more =
            pooling == HeatmapPooling::kLargest ? value > best : std::abs(value) > std::abs(best);
        if (is_more) best = value;
    }
    return best;
}

// 201 colours whose red is their number.
struct Steps {
    std::vector<float> edges;
    std::vector<std::uint32_t> colours;
};
Steps make_steps() {
    Steps steps;
    for (std::uint32_t i = 0; i <= 200; ++i) {
        steps.colours.push_back(0xFF000000U | i);
        if (i < 200) steps.edges.push_back(-1 + (static_cast<float>(i) + 0.5F) / 100);
    }
    return steps;
}

struct Case {
    HeatmapPooling pooling = HeatmapPooling::kLargest;
    float least = -2;  // of the numbers
    bool is_causal = false;
    bool is_part = false;  // of the cells
    int width = 13;
    int height = 8;
};

void check_case(const Case& wanted) {
    const std::vector<float> numbers = make_numbers(wanted.least);
    HeatmapPart part;
    part.buffer = put(numbers);
    part.first = kFirst;
    part.outers = kOuters;
    part.rows = kRows;
    part.cols = kCols;
    part.row_begin = wanted.is_part ? 4 : 0;
    part.row_end = wanted.is_part ? 19 : kRows;
    part.col_begin = wanted.is_part ? 2 : 0;
    part.col_end = wanted.is_part ? 35 : kCols;
    part.is_causal = wanted.is_causal;
    part.x = 3;
    part.y = 2;
    part.step = wanted.width + 1;
    part.width = wanted.width;
    part.height = wanted.height;
    const Texture texture(part.x + kOuters * part.step, part.y + part.height);
    const Steps steps = make_steps();
    constexpr std::uint32_t kBlocked = 0xFF112233U;
    HeatmapPainter painter;
    REQUIRE(painter.paint({&part, 1}, wanted.pooling,
                          {steps.edges, steps.colours, kBlocked, 0.25F, 7}, texture));
    painter.end_frame();

    std::vector<float> want(
        static_cast<std::size_t>(texture.width()) * static_cast<std::size_t>(texture.height()),
        kMinusInfinity);
    float high = 0;
    for (int outer = 0; outer < kOuters; ++outer) {
        for (int y = 0; y < part.height; ++y) {
            for (int x = 0; x < part.width; ++x) {
                const float value = pool_naively(numbers, part, wanted.pooling, outer, x, y);
                const int at = (part.y + y) * texture.width() + part.x + outer * part.step + x;
                want[static_cast<std::size_t>(at)] = value;
                if (std::isfinite(value)) high = std::max(high, std::abs(value));
            }
        }
    }
    REQUIRE(high > 0.25F);
    const std::vector<std::uint32_t> got = read(texture);
    int wrong = 0;
    for (std::size_t i = 0; i < want.size(); ++i) {
        std::size_t step = 0;
        while (step < 200 && steps.edges[step] <= want[i] / high) ++step;
        const bool is_blocked = std::isinf(want[i]);
        const auto far = std::abs(static_cast<int>(got[i] & 0xFFU) - static_cast<int>(step));
        // A mean is summed in another order; all others are the same bytes.
        const int allowed = wanted.pooling == HeatmapPooling::kMean ? 1 : 0;
        const bool is_right =
            is_blocked ? got[i] == kBlocked : (got[i] >> 8U) == 0xFF0000U && far <= allowed;
        wrong += is_right ? 0 : 1;
    }
    CHECK_EQ(wrong, 0);
}

}  // namespace

TEST_SUITE_BEGIN("gl/heatmaps");

TEST_CASE("cells are pooled and coloured as a naive twin does") {
    const auto context = make_offscreen_context(true);
    REQUIRE(HeatmapPainter::is_possible());
    for (const HeatmapPooling pooling :
         {HeatmapPooling::kLargest, HeatmapPooling::kMagnitude, HeatmapPooling::kMean}) {
        CAPTURE(static_cast<int>(pooling));
        for (const bool is_causal : {false, true}) {
            for (const bool is_part : {false, true}) {
                CAPTURE(is_causal);
                CAPTURE(is_part);
                check_case({pooling, -2, is_causal, is_part, 13, 8});
                check_case({pooling, 0, is_causal, is_part, 1, 1});
                // As many texels as cells: each is its own.
                check_case(
                    {pooling, -2, is_causal, is_part, is_part ? 33 : kCols, is_part ? 15 : kRows});
            }
        }
    }
    CHECK(context->take_errors().empty());
}

TEST_CASE("a high end that is given holds where no number is beyond it") {
    const auto context = make_offscreen_context(true);
    const std::vector<float> numbers{0, 0.5F, 1, 0.25F};
    HeatmapPart part;
    part.buffer = put(numbers);
    part.rows = part.row_end = part.height = 2;
    part.cols = part.col_end = part.width = part.step = 2;
    const Texture texture(2, 2);
    const Steps steps = make_steps();
    HeatmapPainter painter;
    REQUIRE(painter.paint({&part, 1}, HeatmapPooling::kLargest,
                          {steps.edges, steps.colours, 0, 1, 2}, texture));
    CHECK(read(texture) ==
          std::vector<std::uint32_t>{0xFF000064U, 0xFF00007DU, 0xFF000096U, 0xFF000070U + 1U});
    CHECK(context->take_errors().empty());
}
