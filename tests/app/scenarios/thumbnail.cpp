#include "tests/app/scenarios/thumbnail.h"

#include <png.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "core/base/error.h"
#include "core/format/png.h"

namespace heed::app::test {

namespace {

constexpr int kBlock = 10;
constexpr int kSmooth = 2;  // cells to each side

double luma(const Image& image, int x, int y) {
    const auto at = 4 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(image.width) +
                         static_cast<std::size_t>(x));
    return 0.2126 * image.rgba[at] + 0.7152 * image.rgba[at + 1] + 0.0722 * image.rgba[at + 2];
}

std::size_t place(int x, int y) {
    return static_cast<std::size_t>(y) * kThumbnailWidth + static_cast<std::size_t>(x);
}

std::vector<double> smooth(const Thumbnail& picture) {
    std::vector<double> result(picture.size());
    for (int y = 0; y < kThumbnailHeight; ++y) {
        for (int x = 0; x < kThumbnailWidth; ++x) {
            double sum = 0;
            int count = 0;
            for (int v = std::max(0, y - kSmooth); v <= std::min(kThumbnailHeight - 1, y + kSmooth);
                 ++v) {
                for (int u = std::max(0, x - kSmooth);
                     u <= std::min(kThumbnailWidth - 1, x + kSmooth); ++u) {
                    sum += picture[place(u, v)];
                    ++count;
                }
            }
            result[place(x, y)] = sum / count;
        }
    }
    return result;
}

}  // namespace

Thumbnail make_thumbnail(const Image& image) {
    Thumbnail result{};
    for (int y = 0; y < kThumbnailHeight; ++y) {
        const int top = y * image.height / kThumbnailHeight;
        const int bottom = (y + 1) * image.height / kThumbnailHeight;
        for (int x = 0; x < kThumbnailWidth; ++x) {
            const int left = x * image.width / kThumbnailWidth;
            const int right = (x + 1) * image.width / kThumbnailWidth;
            double sum = 0;
            for (int v = top; v < bottom; ++v) {
                for (int u = left; u < right; ++u) sum += luma(image, u, v);
            }
            const double mean = sum / ((bottom - top) * (right - left));
            result[place(x, y)] = static_cast<std::uint8_t>(std::lround(mean));
        }
    }
    return result;
}

Thumbnail load_thumbnail(const std::filesystem::path& path) {
    png_image header{};
    header.version = PNG_IMAGE_VERSION;
    if (png_image_begin_read_from_file(&header, path.c_str()) == 0) {
        throw Error(path.string(), "", "a PNG file", header.message);
    }
    header.format = PNG_FORMAT_GRAY;
    if (header.width != kThumbnailWidth || header.height != kThumbnailHeight) {
        png_image_free(&header);
        throw Error(path.string(), "size", "160 x 100", "another");
    }
    Thumbnail result{};
    if (png_image_finish_read(&header, nullptr, result.data(), 0, nullptr) == 0) {
        throw Error(path.string(), "", "a whole PNG file", header.message);
    }
    return result;
}

void save_thumbnail(const Thumbnail& thumbnail, const std::filesystem::path& path) {
    std::vector<std::uint8_t> rgba;
    rgba.reserve(4 * thumbnail.size());
    for (const std::uint8_t grey : thumbnail) {
        for (const std::uint8_t channel : {grey, grey, grey, std::uint8_t{255}}) {
            rgba.push_back(channel);
        }
    }
    write_png(path, kThumbnailWidth, kThumbnailHeight, rgba);
}

ThumbnailDifference compare_thumbnails(const Thumbnail& a, const Thumbnail& b) {
    const std::vector<double> left = smooth(a);
    const std::vector<double> right = smooth(b);
    ThumbnailDifference difference;
    for (int top = 0; top < kThumbnailHeight; top += kBlock) {
        for (int side = 0; side < kThumbnailWidth; side += kBlock) {
            double sum = 0;
            for (int y = top; y < top + kBlock; ++y) {
                for (int x = side; x < side + kBlock; ++x) {
                    sum += std::abs(left[place(x, y)] - right[place(x, y)]);
                }
            }
            difference.mean += sum / static_cast<double>(a.size());
            difference.block = std::max(difference.block, sum / (kBlock * kBlock));
        }
    }
    return difference;
}

}  // namespace heed::app::test
