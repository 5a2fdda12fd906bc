#include "core/format/image.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "core/base/error.h"
#include "core/format/png.h"
#include "core/format/safetensors.h"
#include "tests/support/oracle.h"
#include "tests/support/refusal.h"
#include "tests/support/temp_dir.h"

using namespace heed;
using heed::test::find_flaw;
using heed::test::message_of;
using heed::test::read_file;
using heed::test::TempDir;

namespace {

const std::filesystem::path kData = heed::test::source_dir() / "tests/data/image";

Image decode(std::string_view bytes) {
    return decode_image(std::as_bytes(std::span(bytes)), "x");
}

std::string be32(std::uint32_t value) {
    std::string out;
    for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift);
    return out;
}

// A PNG's signature and header, with a checksum of 0 that libpng is not asked to look at first.
std::string png_of_size(std::uint32_t width, std::uint32_t height) {
    std::string png = read_file(kData / "wide.png");
    png.replace(16, 8, be32(width) + be32(height));
    // The checksum of the changed header, by the polynomial of PNG's appendix.
    std::uint32_t sum = 0xffffffffu;
    for (std::size_t i = 12; i < 29; ++i) {
        sum ^= static_cast<std::uint8_t>(png[i]);
        for (int bit = 0; bit < 8; ++bit) sum = (sum >> 1) ^ (sum & 1 ? 0xedb88320u : 0u);
    }
    return png.replace(29, 4, be32(~sum));
}

}  // namespace

TEST_SUITE_BEGIN("core/image");

TEST_CASE("every kind of PNG and JPEG becomes the bytes that Pillow makes of it") {
    const SafetensorsFile expected(kData / "expected.safetensors");
    int files = 0;
    for (const SafetensorsEntry& entry : expected.entries()) {
        if (!entry.name.starts_with("decode/")) continue;
        CAPTURE(entry.name);
        const Image image = load_image(kData / entry.name.substr(7));
        REQUIRE_EQ(image.height, entry.extents[0]);
        REQUIRE_EQ(image.width, entry.extents[1]);
        CHECK_EQ(image.channels, 3);
        REQUIRE_EQ(image.pixels.size(), entry.bytes.size());
        CHECK_EQ(std::memcmp(image.pixels.data(), entry.bytes.data(), entry.bytes.size()), 0);
        CHECK(is_image_file(kData / entry.name.substr(7)));
        ++files;
    }
    CHECK_EQ(files, 39);
}

TEST_CASE("a picture that heed writes is read back") {
    const std::vector<std::uint8_t> rgba = {1, 2, 3, 255, 4, 5, 6, 0};
    const Image image = decode(encode_png(2, 1, rgba));
    CHECK_EQ(image.width, 2);
    CHECK(image.pixels == std::vector<std::uint8_t>{1, 2, 3, 4, 5, 6});
}

TEST_CASE("grey is the luma of Pillow, and grey stays what it is") {
    const SafetensorsFile expected(kData / "expected.safetensors");
    const Image grey = convert_to_grey(load_image(kData / "wide.png"));
    const SafetensorsEntry& want = *expected.find("grey/wide.png");
    REQUIRE_EQ(grey.pixels.size(), want.bytes.size());
    CHECK_EQ(std::memcmp(grey.pixels.data(), want.bytes.data(), want.bytes.size()), 0);
    CHECK(convert_to_grey(grey).pixels == grey.pixels);
    for (int level = 0; level < 256; ++level) {
        Image even(1, 1, 3);
        std::fill(even.pixels.begin(), even.pixels.end(), static_cast<std::uint8_t>(level));
        CHECK_EQ(convert_to_grey(even).pixels[0], level);
    }
}

TEST_CASE("the kind is told by the content, not by the name") {
    const TempDir folder;
    const std::string jpeg = read_file(kData / "jpeg-grey.jpg");
    CHECK_EQ(load_image(folder.write("x.png", jpeg)).channels, 3);
    CHECK(is_image_file(folder / "x.png"));
    CHECK_FALSE(is_image_file(folder.write("y.png", "{}")));
    CHECK_FALSE(is_image_file(folder.path()));
    CHECK_FALSE(is_image_file(folder / "absent.png"));
    CHECK_FALSE(is_image_file(folder.write("empty.png", "")));
    const auto flaw = [](std::string_view bytes, std::string_view found) {
        return find_flaw(message_of([&] { decode(bytes); }), {"PNG or JPEG", found});
    };
    CHECK_EQ(flaw("GIF89a\1\0\1\0", "a GIF picture"), "");
    CHECK_EQ(flaw(std::string_view("RIFF\x10\0\0\0WEBPVP8 ", 16), "a WebP picture"), "");
    CHECK_EQ(flaw(std::string_view("\0\0\0\x20"
                                   "ftypavif",
                                   12),
                  "AVIF"),
             "");
    CHECK_EQ(flaw("<!DOCTYPE html><html>", "a web page"), "");
    CHECK_EQ(flaw("", "an empty file"), "");
    CHECK_EQ(flaw("hello", "something else"), "");
}

TEST_CASE("a file that is cut off anywhere is refused in one line") {
    for (const char* name :
         {"wide.png", "png-6-8-interlaced.png", "png-3-4.png", "jpeg-420.jpg",
          "jpeg-422-restarts.jpg", "jpeg-444-progressive.jpg", "jpeg-cmyk.jpg"}) {
        const std::string whole = read_file(kData / name);
        const bool is_png = whole[1] == 'P';
        // A PNG has its pixels before its last chunk, of 12 bytes, and their checksum.
        const std::size_t end = is_png ? whole.size() - 24 : whole.size();
        for (std::size_t size = 8; size < end; ++size) {
            CAPTURE(name);
            CAPTURE(size);
            const std::string message = message_of([&] { decode(whole.substr(0, size)); });
            CHECK_EQ(find_flaw(message, {"a whole", "cut off"}), "");
        }
    }
}

TEST_CASE("a size that nothing can hold is refused by its numbers") {
    const std::string message = message_of([&] { decode(png_of_size(100'000, 100'000)); });
    CHECK_EQ(find_flaw(message, {"size", "178956970 pixels", "100000 x 100000"}), "");
    CHECK_EQ(find_flaw(message_of([&] { decode(png_of_size(0x7fffffff, 0x7fffffff)); }),
                       {"2147483647 x 2147483647"}),
             "");
    // Allowed, but not in this file.
    CHECK_EQ(find_flaw(message_of([&] { decode(png_of_size(13'000, 13'000)); }), {"cut off"}), "");
    CHECK_EQ(find_flaw(message_of([&] { decode(png_of_size(0, 5)); }), {"IHDR"}), "");

    std::string jpeg = read_file(kData / "jpeg-grey.jpg");
    const std::size_t frame = jpeg.find("\xff\xc0");
    REQUIRE_NE(frame, std::string::npos);
    jpeg.replace(frame + 5, 4, "\xff\xdc\xff\xdc");
    CHECK_EQ(find_flaw(message_of([&] { decode(jpeg); }), {"size", "65500 x 65500"}), "");
}

TEST_CASE("what the libraries find wrong is said in their words") {
    std::string png = read_file(kData / "wide.png");
    png[png.find("IDAT") + 20] ^= 0x55;
    CHECK_EQ(find_flaw(message_of([&] { decode(png); }), {"a whole PNG picture"}), "");
    std::string jpeg = read_file(kData / "jpeg-420.jpg");
    jpeg[jpeg.find("\xff\xc0") + 4] = 12;
    CHECK_EQ(find_flaw(message_of([&] { decode(jpeg); }), {"a whole JPEG picture", "precision"}),
             "");
}

TEST_SUITE_END();
