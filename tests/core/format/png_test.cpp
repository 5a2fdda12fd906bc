#include "core/format/png.h"

#include <doctest/doctest.h>
#include <png.h>

#include <random>
#include <vector>

#include "core/base/check.h"
#include "core/base/error.h"
#include "tests/support/refusal.h"
#include "tests/support/temp_dir.h"

using namespace heed;
using heed::test::find_flaw;
using heed::test::message_of;
using heed::test::TempDir;

namespace {

std::vector<std::uint8_t> read_png(const std::filesystem::path& path, int& width, int& height) {
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    REQUIRE_NE(png_image_begin_read_from_file(&image, path.c_str()), 0);
    image.format = PNG_FORMAT_RGBA;
    width = static_cast<int>(image.width);
    height = static_cast<int>(image.height);
    std::vector<std::uint8_t> pixels(PNG_IMAGE_SIZE(image));
    REQUIRE_NE(png_image_finish_read(&image, nullptr, pixels.data(), 0, nullptr), 0);
    return pixels;
}

std::vector<std::uint8_t> make_noise(int width, int height) {
    std::mt19937 random(7);
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(width * height) * 4);
    for (std::uint8_t& value : pixels) value = static_cast<std::uint8_t>(random());
    return pixels;
}

}  // namespace

TEST_SUITE_BEGIN("core/png");

TEST_CASE("pixels come back as they were, top row first, alpha too") {
    const TempDir folder;
    for (const auto& size : {std::pair(1, 1), std::pair(3, 2), std::pair(257, 64)}) {
        const int width = size.first;
        const int height = size.second;
        CAPTURE(width);
        const std::vector<std::uint8_t> pixels = make_noise(width, height);
        write_png(folder / "x.png", width, height, pixels);
        int got_width = 0;
        int got_height = 0;
        CHECK(read_png(folder / "x.png", got_width, got_height) == pixels);
        CHECK_EQ(got_width, width);
        CHECK_EQ(got_height, height);
    }
}

TEST_CASE("sizes that disagree are bugs") {
    const TempDir folder;
    const std::vector<std::uint8_t> pixels(16);
    CHECK_THROWS_AS(write_png(folder / "x.png", 2, 3, pixels), Bug);
    CHECK_THROWS_AS(write_png(folder / "x.png", 0, 2, {}), Bug);
    CHECK_THROWS_AS(write_png(folder / "x.png", 1 << 16, 1, pixels), Bug);
}

TEST_CASE("a place where no file can be is an error of one line") {
    const TempDir folder;
    const std::vector<std::uint8_t> pixels(16);
    CHECK_EQ(find_flaw(message_of([&] { write_png(folder / "no" / "x.png", 2, 2, pixels); }),
                       {"no/x.png", "expected a file that can be written", "found"}),
             "");
}

TEST_SUITE_END();
