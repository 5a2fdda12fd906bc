#include "core/format/image.h"

#include <array>
#include <fstream>
#include <string>
#include <utility>

#include "core/base/check.h"
#include "core/base/error.h"
#include "core/format/image_codecs.h"
#include "core/format/mapped_file.h"

namespace heed {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kPngStart = "\x89PNG\r\n\x1a\n"sv;
constexpr std::string_view kJpegStart = "\xff\xd8\xff"sv;
constexpr std::string_view kExpected = "a PNG or JPEG picture";

// What begins otherwise, in words; empty where it is not known.
std::string_view recognise_other_picture(std::string_view head) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kKinds = {{
        {"GIF8"sv, "a GIF picture"sv},
        {"BM"sv, "a BMP picture"sv},
        {"II*\0"sv, "a TIFF picture"sv},
        {"MM\0*"sv, "a TIFF picture"sv},
        {"<svg"sv, "an SVG drawing"sv},
        {"\xff\x0a"sv, "a JPEG XL picture"sv},
        {"%PDF"sv, "a PDF document"sv},
    }};
    for (const auto& [start, name] : kKinds) {
        if (head.starts_with(start)) return name;
    }
    if (head.starts_with("RIFF"sv) && head.substr(0, 12).ends_with("WEBP"sv)) {
        return "a WebP picture";
    }
    if (head.substr(0, 8).ends_with("ftyp"sv)) return "a HEIF, AVIF or MP4 file";
    return {};
}

}  // namespace

Image::Image(int image_width, int image_height, int image_channels)
    : width(image_width), height(image_height), channels(image_channels) {
    HEED_CHECK_LE(0, width);
    HEED_CHECK_LE(0, height);
    HEED_CHECK(channels == 1 || channels == 3);
    pixels.resize(row_bytes() * static_cast<std::size_t>(height));
}

std::size_t Image::row_bytes() const {
    return static_cast<std::size_t>(width) * static_cast<std::size_t>(channels);
}

std::span<std::uint8_t> Image::row(int y) {
    return std::span(pixels).subspan(static_cast<std::size_t>(y) * row_bytes(), row_bytes());
}

std::span<const std::uint8_t> Image::row(int y) const {
    return std::span(pixels).subspan(static_cast<std::size_t>(y) * row_bytes(), row_bytes());
}

void check_image_size(std::string_view where, std::uint64_t width, std::uint64_t height) {
    constexpr std::uint64_t kMax = kMaxImagePixels;
    if (width > 0 && height > 0 && width <= kMax && height <= kMax / width) return;
    throw Error(where, "size", "1 to " + std::to_string(kMax) + " pixels",
                std::to_string(width) + " x " + std::to_string(height));
}

Image decode_image(std::span<const std::byte> bytes, std::string_view where) {
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (text.starts_with(kPngStart)) return decode_png(bytes, where);
    if (text.starts_with(kJpegStart)) return decode_jpeg(bytes, where);
    std::string found(recognise_other_picture(text));
    if (found.empty()) found = recognise_wrong_content(text.substr(0, 512));
    throw Error(where, "", kExpected, found.empty() ? "something else" : found);
}

Image load_image(const std::filesystem::path& path) {
    const MappedFile file(path);
    return decode_image(file.bytes(), path.string());
}

bool is_image_file(const std::filesystem::path& path) {
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(path, ignored)) return false;
    std::ifstream in(path, std::ios::binary);
    std::string head(kPngStart.size(), '\0');
    in.read(head.data(), static_cast<std::streamsize>(head.size()));
    head.resize(static_cast<std::size_t>(in.gcount()));
    return head == kPngStart || head.starts_with(kJpegStart);
}

Image convert_to_grey(const Image& image) {
    if (image.channels == 1) return image;
    Image grey(image.width, image.height, 1);
    const std::uint8_t* from = image.pixels.data();
    for (std::uint8_t& pixel : grey.pixels) {
        pixel = static_cast<std::uint8_t>(
            (from[0] * 19595u + from[1] * 38470u + from[2] * 7471u + 0x8000u) >> 16);
        from += 3;
    }
    return grey;
}

}  // namespace heed
