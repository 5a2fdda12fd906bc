#include "core/model/image_processor.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "core/base/check.h"
#include "core/base/error.h"

namespace heed {
namespace {

struct Size {
    int height = 0;
    int width = 0;
};

std::string to_string(const Size& size) {
    return std::to_string(size.height) + " x " + std::to_string(size.width);
}

// `shortest` for the shorter edge, the longer one in proportion, rounded down.
Size keep_proportions(const Image& image, int shortest) {
    const double long_edge = std::max(image.height, image.width);
    const double short_edge = std::min(image.height, image.width);
    const double longest = std::min(shortest * long_edge / short_edge, 1e9);
    const Size upright{static_cast<int>(longest), shortest};
    return image.width <= image.height ? upright : Size{upright.width, upright.height};
}

// As keep_proportions, with the longer edge at most `longest`. (transformers rounds the shorter
// edge half to even and computes the longer one from the unrounded value.)
Size keep_within_edges(const Image& image, int shortest, int longest) {
    const double long_edge = std::max(image.height, image.width);
    const double short_edge = std::min(image.height, image.width);
    double exact = shortest;
    int rounded = shortest;
    if (long_edge / short_edge * shortest > longest) {
        exact = longest * short_edge / long_edge;
        rounded = static_cast<int>(std::nearbyint(exact));
    }
    if (std::min(image.height, image.width) == rounded) return {image.height, image.width};
    if (image.width < image.height) {
        return {static_cast<int>(exact * image.height / image.width), rounded};
    }
    return {rounded, static_cast<int>(exact * image.width / image.height)};
}

Size fit_into_box(const Image& image, int max_height, int max_width) {
    const double scale = std::min(static_cast<double>(max_height) / image.height,
                                  static_cast<double>(max_width) / image.width);
    return {static_cast<int>(image.height * scale), static_cast<int>(image.width * scale)};
}

Size resized_size(const ImageTarget& target, const Image& image) {
    switch (target.kind) {
        case ImageTarget::Kind::kShortestEdge:
            return keep_proportions(image, target.shortest);
        case ImageTarget::Kind::kEdges:
            return keep_within_edges(image, target.shortest, target.longest);
        case ImageTarget::Kind::kBox:
            return fit_into_box(image, target.height, target.width);
        default:
            return {target.height, target.width};
    }
}

Image resize(const ImageProcessor& processor, const Image& image, std::string_view where) {
    const Size size = resized_size(processor.size, image);
    const bool is_usable = size.height >= 1 && size.width >= 1 && size.height <= kMaxResizedSide &&
                           size.width <= kMaxResizedSide &&
                           static_cast<std::int64_t>(size.height) * size.width <= kMaxImagePixels;
    if (!is_usable) {
        throw Error(where, "size", "a picture that is not as long and thin",
                    to_string({image.height, image.width}) + ", which becomes " + to_string(size));
    }
    return resize_image(image, size.width, size.height, processor.resample);
}

int floor_half(int value) {
    return (value - (value < 0 ? 1 : 0)) / 2;
}

// The middle of the picture; where the picture is smaller, black around it. An odd pixel more is on
// the side that transformers gives it.
Image crop_centre(const Image& image, int height, int width) {
    Image out(width, height, image.channels);
    const int top = floor_half(image.height - height);
    const int left = floor_half(image.width - width);
    const auto channels = static_cast<std::size_t>(image.channels);
    const int first = std::max(0, -left);
    const int end = std::min(width, image.width - left);
    for (int y = std::max(0, -top); y < std::min(height, image.height - top); ++y) {
        const auto from =
            image.row(y + top).subspan(static_cast<std::size_t>(first + left) * channels,
                                       static_cast<std::size_t>(end - first) * channels);
        std::copy(from.begin(), from.end(),
                  out.row(y).begin() + static_cast<std::ptrdiff_t>(first) * image.channels);
    }
    return out;
}

// The number for channel `channel`: a list of one, or of equal numbers, is for all channels.
float of_channel(const ImageProcessor& processor, const std::vector<float>& values, int channel,
                 int channels, std::string_view key) {
    const bool is_same = std::all_of(values.begin(), values.end(),
                                     [&](float value) { return value == values.front(); });
    if (is_same) return values.front();
    if (static_cast<int>(values.size()) != channels) {
        throw Error(processor.where, key,
                    std::to_string(channels) + " numbers: the model's channels",
                    std::to_string(values.size()));
    }
    return values[static_cast<std::size_t>(channel)];
}

struct Normalising {
    float mean = 0;
    float deviation = 1;
};

Normalising normalising_of(const ImageProcessor& processor, int channel, int channels) {
    if (!processor.do_normalize) return {};
    return {of_channel(processor, processor.mean, channel, channels, "image_mean"),
            of_channel(processor, processor.deviation, channel, channels, "image_std")};
}

// [H, W, C] bytes -> [C, H, W]: the product with the factor is rounded to float32, then the mean is
// taken away and divided by the deviation in float32, as numpy does.
Tensor compute_pixel_values(const ImageProcessor& processor, const Image& image) {
    Tensor values({image.channels, image.height, image.width});
    float* out = values.data();
    const auto stride = static_cast<std::size_t>(image.channels);
    for (int channel = 0; channel < image.channels; ++channel) {
        const Normalising normalising = normalising_of(processor, channel, image.channels);
        for (std::size_t i = static_cast<std::size_t>(channel); i < image.pixels.size();
             i += stride) {
            const double pixel = image.pixels[i];
            const auto scaled =
                static_cast<float>(processor.do_rescale ? pixel * processor.rescale_factor : pixel);
            *out++ = processor.do_normalize ? (scaled - normalising.mean) / normalising.deviation
                                            : scaled;
        }
    }
    return values;
}

}  // namespace

PreparedPicture prepare_picture(const ImageProcessor& processor, const Image& image,
                                std::string_view where, const ImageShape& shape) {
    HEED_CHECK(shape.channels == 1 || shape.channels == 3);
    PreparedPicture prepared;
    prepared.shown = shape.channels == 1 ? convert_to_grey(image) : image;
    if (processor.do_resize) prepared.shown = resize(processor, prepared.shown, where);
    if (processor.do_center_crop) {
        prepared.shown = crop_centre(prepared.shown, processor.crop_height, processor.crop_width);
    }
    const Size got{prepared.shown.height, prepared.shown.width};
    const Size want{shape.height, shape.width};
    if (got.height != want.height || got.width != want.width) {
        throw Error(where, "pixels after preprocessing", "the model's " + to_string(want),
                    to_string(got));
    }
    prepared.pixel_values = compute_pixel_values(processor, prepared.shown);
    return prepared;
}

Image picture_of_pixels(const ImageProcessor& processor, const Tensor& pixel_values) {
    HEED_CHECK_EQ(pixel_values.rank(), 3);
    Image image(pixel_values.extent(2), pixel_values.extent(1), pixel_values.extent(0));
    const float* values = pixel_values.data();
    const auto stride = static_cast<std::size_t>(image.channels);
    for (int channel = 0; channel < image.channels; ++channel) {
        const Normalising normalising = normalising_of(processor, channel, image.channels);
        for (std::size_t i = static_cast<std::size_t>(channel); i < image.pixels.size();
             i += stride) {
            double value =
                static_cast<double>(*values++) * static_cast<double>(normalising.deviation) +
                static_cast<double>(normalising.mean);
            if (processor.do_rescale) value /= processor.rescale_factor;
            // A value that is no number is shown black.
            if (!(value > 0)) value = 0;
            image.pixels[i] = static_cast<std::uint8_t>(std::lround(std::min(value, 255.0)));
        }
    }
    return image;
}

}  // namespace heed
