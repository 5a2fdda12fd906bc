#include "core/format/image_resize.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>
#include <string>

#include "core/base/check.h"
#include "core/format/safetensors.h"
#include "tests/support/oracle.h"

using namespace heed;

namespace {

const std::filesystem::path kData = heed::test::source_dir() / "tests/data/image";

Image make_noise(int width, int height, int channels) {
    Image image(width, height, channels);
    std::mt19937 random(5);
    for (std::uint8_t& pixel : image.pixels) pixel = static_cast<std::uint8_t>(random());
    return image;
}

// The weight of input `from` in output `to` along one side, from the definition of the filter.
double weight(Resample resample, int from, int to, int in, int out) {
    const double scale = static_cast<double>(in) / out;
    const double x = (from + 0.5 - (to + 0.5) * scale) / std::max(scale, 1.0);
    const double distance = std::abs(x);
    const auto sinc = [](double y) { return y == 0 ? 1 : std::sin(M_PI * y) / (M_PI * y); };
    switch (resample) {
        case Resample::kBox:
            return x > -0.5 && x <= 0.5 ? 1 : 0;
        case Resample::kBilinear:
            return std::max(0.0, 1 - distance);
        case Resample::kHamming:
            return distance < 1 ? sinc(x) * (0.54 + 0.46 * std::cos(M_PI * x)) : 0;
        case Resample::kLanczos:
            return distance < 3 ? sinc(x) * sinc(x / 3) : 0;
        default:
            break;
    }
    if (distance < 1) return 1.5 * std::pow(distance, 3) - 2.5 * distance * distance + 1;
    if (distance >= 2) return 0;
    return -0.5 * (std::pow(distance, 3) - 5 * distance * distance + 8 * distance - 4);
}

// One output value as one double sum over all inputs.
double resize_naively(const Image& image, int width, int height, Resample resample, int x, int y,
                      int channel) {
    double sum = 0;
    double weights = 0;
    for (int from_y = 0; from_y < image.height; ++from_y) {
        for (int from_x = 0; from_x < image.width; ++from_x) {
            const double w = weight(resample, from_x, x, image.width, width) *
                             weight(resample, from_y, y, image.height, height);
            const std::size_t at = static_cast<std::size_t>(from_x * image.channels + channel);
            sum += w * image.row(from_y)[at];
            weights += w;
        }
    }
    return std::clamp(sum / weights, 0.0, 255.0);
}

}  // namespace

TEST_SUITE_BEGIN("core/image_resize");

TEST_CASE("all six filters give Pillow's bytes, larger, smaller and in both orders of the passes") {
    const SafetensorsFile expected(kData / "expected.safetensors");
    const Image wide = load_image(kData / "wide.png");
    int checked = 0;
    for (const SafetensorsEntry& entry : expected.entries()) {
        if (!entry.name.starts_with("resize/wide.png/")) continue;
        CAPTURE(entry.name);
        const auto resample = static_cast<Resample>(entry.name.back() - '0');
        const auto height = static_cast<int>(entry.extents[0]);
        const auto width = static_cast<int>(entry.extents[1]);
        const Image got = resize_image(wide, width, height, resample);
        REQUIRE_EQ(got.pixels.size(), entry.bytes.size());
        CHECK_EQ(std::memcmp(got.pixels.data(), entry.bytes.data(), entry.bytes.size()), 0);
        ++checked;
    }
    CHECK_EQ(checked, 48);
}

TEST_CASE("a filter is the sum that its definition says, but for the rounding of two passes") {
    Image image = make_noise(9, 7, 3);
    // Of middle brightness, so that nothing is clipped between the passes.
    for (std::uint8_t& pixel : image.pixels) pixel = static_cast<std::uint8_t>(64 + pixel / 2);
    for (const auto& size :
         {std::pair(5, 4), std::pair(16, 13), std::pair(4, 12), std::pair(18, 3)}) {
        const int width = size.first;
        const int height = size.second;
        for (const Resample resample : {Resample::kLanczos, Resample::kBilinear, Resample::kBicubic,
                                        Resample::kBox, Resample::kHamming}) {
            CAPTURE(width);
            CAPTURE(static_cast<int>(resample));
            const Image got = resize_image(image, width, height, resample);
            double worst = 0;
            for (int y = 0; y < height; ++y) {
                for (int x = 0; x < 3 * width; ++x) {
                    const double want =
                        resize_naively(image, width, height, resample, x / 3, y, x % 3);
                    worst =
                        std::max(worst, std::abs(want - got.row(y)[static_cast<std::size_t>(x)]));
                }
            }
            // Half a level in each pass, the first weighed by the second: weights of up to 2 in sum
            // of magnitudes.
            CHECK_LE(worst, 1.5);
        }
    }
}

TEST_CASE("nearest takes the pixel under the middle") {
    const Image image = make_noise(6, 4, 1);
    const Image half = resize_image(image, 3, 2, Resample::kNearest);
    for (int y = 0; y < 2; ++y) {
        for (std::size_t x = 0; x < 3; ++x) {
            CHECK_EQ(half.row(y)[x], image.row(2 * y + 1)[2 * x + 1]);
        }
    }
}

TEST_CASE("an even picture stays even, the same size stays the same, one pixel fills all") {
    for (int filter = 0; filter < 6; ++filter) {
        CAPTURE(filter);
        const auto resample = static_cast<Resample>(filter);
        Image even(7, 5, 3);
        std::fill(even.pixels.begin(), even.pixels.end(), std::uint8_t{93});
        const Image resized = resize_image(even, 12, 3, resample);
        CHECK(std::all_of(resized.pixels.begin(), resized.pixels.end(),
                          [](std::uint8_t pixel) { return pixel == 93; }));
        const Image noise = make_noise(7, 5, 3);
        CHECK(resize_image(noise, 7, 5, resample).pixels == noise.pixels);
        const Image dot = resize_image(make_noise(1, 1, 1), 4, 6, resample);
        CHECK_EQ(std::count(dot.pixels.begin(), dot.pixels.end(), make_noise(1, 1, 1).pixels[0]),
                 24);
    }
}

TEST_CASE("no side, no picture and a side past all bounds are bugs") {
    const Image image = make_noise(2, 2, 3);
    CHECK_THROWS_AS(resize_image(image, 0, 1, Resample::kBox), Bug);
    CHECK_THROWS_AS(resize_image(image, 1, kMaxResizedSide + 1, Resample::kBox), Bug);
    CHECK_THROWS_AS(resize_image(Image(), 1, 1, Resample::kBox), Bug);
}

TEST_SUITE_END();
