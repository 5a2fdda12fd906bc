#include "core/format/image_resize.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "core/base/check.h"

namespace heed {
namespace {

constexpr int kFractionBits = 32 - 8 - 2;

double sinc(double x) {
    if (x == 0.0) return 1.0;
    x *= std::numbers::pi;
    return std::sin(x) / x;
}

// How far the filter reaches from its centre, in pixels of the larger picture.
double reach_of(Resample resample) {
    switch (resample) {
        case Resample::kBox:
            return 0.5;
        case Resample::kBicubic:
            return 2.0;
        case Resample::kLanczos:
            return 3.0;
        default:
            return 1.0;
    }
}

double weigh_bicubic(double x) {
    constexpr double a = -0.5;
    x = std::abs(x);
    if (x < 1.0) return ((a + 2.0) * x - (a + 3.0)) * x * x + 1;
    if (x < 2.0) return (((x - 5) * x + 8) * x - 4) * a;
    return 0.0;
}

double weigh_hamming(double x) {
    x = std::abs(x);
    if (x == 0.0) return 1.0;
    if (x >= 1.0) return 0.0;
    x *= std::numbers::pi;
    // Pillow's two constants are float32.
    constexpr double kMean = static_cast<double>(0.54f);
    constexpr double kSwing = static_cast<double>(0.46f);
    return std::sin(x) / x * (kMean + kSwing * std::cos(x));
}

double weigh(Resample resample, double x) {
    switch (resample) {
        case Resample::kBox:
            return x > -0.5 && x <= 0.5 ? 1.0 : 0.0;
        case Resample::kHamming:
            return weigh_hamming(x);
        case Resample::kBicubic:
            return weigh_bicubic(x);
        case Resample::kLanczos:
            return -3.0 <= x && x < 3.0 ? sinc(x) * sinc(x / 3) : 0.0;
        default:
            return std::abs(x) < 1.0 ? 1.0 - std::abs(x) : 0.0;
    }
}

// What one output pixel takes along one side: `weights` for the inputs from `first` on.
struct Taps {
    int first = 0;
    std::vector<int> weights;  // in 2^-kFractionBits
};

std::vector<Taps> compute_taps(int in, int out, Resample resample) {
    const double scale = static_cast<double>(in) / out;
    const double widening = std::max(scale, 1.0);
    const double reach = reach_of(resample) * widening;
    const double step = 1.0 / widening;
    std::vector<Taps> all(static_cast<std::size_t>(out));
    std::vector<double> weights;
    for (int i = 0; i < out; ++i) {
        const double centre = (i + 0.5) * scale;
        Taps& taps = all[static_cast<std::size_t>(i)];
        taps.first = std::max(static_cast<int>(centre - reach + 0.5), 0);
        const int end = std::min(static_cast<int>(centre + reach + 0.5), in);
        weights.clear();
        double sum = 0;
        for (int x = 0; x < end - taps.first; ++x) {
            weights.push_back(weigh(resample, (x + taps.first - centre + 0.5) * step));
            sum += weights.back();
        }
        for (double weight : weights) {
            if (sum != 0.0) weight /= sum;
            const double fixed = weight * (1 << kFractionBits);
            taps.weights.push_back(static_cast<int>(weight < 0 ? fixed - 0.5 : fixed + 0.5));
        }
    }
    return all;
}

std::uint8_t narrow(int sum) {
    return static_cast<std::uint8_t>(std::clamp(sum >> kFractionBits, 0, 255));
}

constexpr int kHalf = 1 << (kFractionBits - 1);

Image resize_rows(const Image& image, int width, Resample resample) {
    const std::vector<Taps> all = compute_taps(image.width, width, resample);
    Image out(width, image.height, image.channels);
    const auto channels = static_cast<std::size_t>(image.channels);
    for (int y = 0; y < image.height; ++y) {
        const std::uint8_t* from = image.row(y).data();
        std::uint8_t* to = out.row(y).data();
        for (const Taps& taps : all) {
            for (std::size_t c = 0; c < channels; ++c) {
                const std::uint8_t* pixel = from + static_cast<std::size_t>(taps.first) * channels;
                int sum = kHalf;
                for (const int weight : taps.weights) {
                    sum += pixel[c] * weight;
                    pixel += channels;
                }
                *to++ = narrow(sum);
            }
        }
    }
    return out;
}

Image resize_columns(const Image& image, int height, Resample resample) {
    const std::vector<Taps> all = compute_taps(image.height, height, resample);
    Image out(image.width, height, image.channels);
    std::vector<int> sums(image.row_bytes());
    for (int y = 0; y < height; ++y) {
        const Taps& taps = all[static_cast<std::size_t>(y)];
        std::fill(sums.begin(), sums.end(), kHalf);
        int from_y = taps.first;
        for (const int weight : taps.weights) {
            const std::uint8_t* from = image.row(from_y++).data();
            for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += from[i] * weight;
        }
        std::uint8_t* to = out.row(y).data();
        for (std::size_t i = 0; i < sums.size(); ++i) to[i] = narrow(sums[i]);
    }
    return out;
}

// Which pass comes first shows in the roundings between them. Pillow 13 begins with the height
// where much of it goes (its pull request 9549); the versions before always begin with the width.
bool is_height_first(const Image& image, int width, int height) {
    const int gone = image.height - height;
    return gone > 0 && gone > 2 * (image.width - width);
}

// The input pixel under the middle of each output pixel, or -1 past the end. The position is summed
// up, not multiplied: Pillow's roundings are those of the sum.
std::vector<int> nearest_positions(int in, int out) {
    const double scale = static_cast<double>(in) / out;
    double at = scale * 0.5;
    std::vector<int> positions;
    for (int i = 0; i < out; ++i, at += scale) {
        const int position = static_cast<int>(at);
        positions.push_back(position < in ? position : -1);
    }
    return positions;
}

Image pick_nearest(const Image& image, int width, int height) {
    const std::vector<int> columns = nearest_positions(image.width, width);
    const std::vector<int> rows = nearest_positions(image.height, height);
    Image out(width, height, image.channels);
    const auto channels = static_cast<std::size_t>(image.channels);
    for (int y = 0; y < height; ++y) {
        const int from_y = rows[static_cast<std::size_t>(y)];
        if (from_y < 0) continue;
        const std::uint8_t* from = image.row(from_y).data();
        std::uint8_t* to = out.row(y).data();
        for (const int x : columns) {
            if (x >= 0) std::copy_n(from + static_cast<std::size_t>(x) * channels, channels, to);
            to += channels;
        }
    }
    return out;
}

}  // namespace

Image resize_image(const Image& image, int width, int height, Resample resample) {
    HEED_CHECK_LE(1, width);
    HEED_CHECK_LE(1, height);
    HEED_CHECK_LE(width, kMaxResizedSide);
    HEED_CHECK_LE(height, kMaxResizedSide);
    HEED_CHECK(!image.pixels.empty());
    if (image.width == width && image.height == height) return image;
    if (resample == Resample::kNearest) return pick_nearest(image, width, height);
    if (image.width == width) return resize_columns(image, height, resample);
    if (image.height == height) return resize_rows(image, width, resample);
    if (is_height_first(image, width, height)) {
        return resize_rows(resize_columns(image, height, resample), width, resample);
    }
    return resize_columns(resize_rows(image, width, resample), height, resample);
}

}  // namespace heed
