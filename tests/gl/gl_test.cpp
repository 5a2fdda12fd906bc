#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "app/gl/context.h"
#include "app/gl/mip_levels.h"
#include "app/gl/render_target.h"
#include "app/gl/texture.h"
#include "core/base/check.h"

using namespace heed::app;

TEST_SUITE_BEGIN("gl");

TEST_CASE("a context without a window has OpenGL 3.3 or later") {
    const auto context = make_offscreen_context(true);
    CHECK(context->version().major >= 3);
    CHECK(context->renderer() != "");
    CHECK(context->take_errors().empty());
}

TEST_CASE("an error of the driver is heard once") {
    const auto context = make_offscreen_context(true);
    glEnable(0xFFFF);
    CHECK(context->take_errors().size() == 1);
    CHECK(context->take_errors().empty());
}

TEST_CASE("what is read has its top row first") {
    const auto context = make_offscreen_context(true);
    const RenderTarget target(4, 3);
    target.bind();
    clear_target(0, 0, 0);
    // OpenGL counts rows from below: row 2 is the top one.
    glEnable(GL_SCISSOR_TEST);
    glScissor(1, 2, 1, 1);
    glClearColor(1, 0, 0, 1);
    glClear(GL_COLOR_BUFFER_BIT);
    const Image image = target.read();
    REQUIRE(image.rgba.size() == 4 * 3 * 4);
    for (std::size_t i = 0; i < 12; ++i) {
        CAPTURE(i);
        CHECK(image.rgba[i * 4] == (i == 1 ? 255 : 0));
    }
    CHECK(context->take_errors().empty());
}

TEST_CASE("a cleared rectangle is counted from the top") {
    const auto context = make_offscreen_context(true);
    const RenderTarget target(4, 3);
    target.bind();
    clear_target(0, 0, 0);
    clear_rect({1, 0, 2, 1}, 3, 0, 1, 0);
    const Image image = target.read();
    for (std::size_t i = 0; i < 12; ++i) {
        CAPTURE(i);
        CHECK(image.rgba[i * 4 + 1] == (i == 1 || i == 2 ? 255 : 0));
    }
}

TEST_CASE("a texture takes exactly its texels") {
    const auto context = make_offscreen_context(true);
    Texture texture(3, 2);
    texture.upload(std::vector<std::uint32_t>(6, 0xFF0000FFU));
    CHECK_THROWS_AS(texture.upload(std::vector<std::uint32_t>(5)), heed::Bug);
    CHECK_THROWS_AS(Texture(0, 2), heed::Bug);
    CHECK_THROWS_AS(Texture(max_texture_side() + 1, 1), heed::Bug);
    CHECK(context->take_errors().empty());
}

TEST_CASE("a texture has all its levels") {
    const auto context = make_offscreen_context(true);
    Texture texture(5, 2);
    texture.upload(std::vector<std::uint32_t>(10, 0xFF204060U));
    for (const GLint level : {0, 1, 2}) {
        CAPTURE(level);
        std::vector<std::uint32_t> read(10, 0);
        glBindTexture(GL_TEXTURE_2D, texture.name());
        glGetTexImage(GL_TEXTURE_2D, level, GL_RGBA, GL_UNSIGNED_BYTE, read.data());
        const std::size_t count = level == 0 ? 10 : (level == 1 ? 2 : 1);
        for (std::size_t i = 0; i < count; ++i) CHECK(read[i] == 0xFF204060U);
        if (count < read.size()) CHECK(read[count] == 0);
    }
    CHECK(context->take_errors().empty());
}

TEST_CASE("a smaller picture is made of means") {
    CHECK(count_mip_levels(1, 1) == 1);
    CHECK(count_mip_levels(5, 2) == 3);
    CHECK(count_mip_levels(1, 8) == 4);
    const auto grey = [](std::uint32_t value) { return value * 0x01010101U; };

    const MipLevel even = make_next_level(4, 2,
                                          std::vector{grey(0), grey(255), grey(10), grey(20),
                                                      grey(255), grey(255), grey(30), grey(41)});
    CHECK(even.width == 2);
    CHECK(even.height == 1);
    CHECK(even.texels == std::vector{grey(191), grey(25)});

    // Five columns on two: the one in the middle belongs to both, by halves.
    const MipLevel odd =
        make_next_level(5, 1, std::vector{grey(10), grey(20), grey(100), grey(30), grey(40)});
    CHECK(odd.texels == std::vector{grey(32), grey(48)});

    // Channels keep apart.
    const MipLevel channels =
        make_next_level(2, 2, std::vector{0xFF000001U, 0xFF00FF01U, 0xFFFF0001U, 0xFF000001U});
    CHECK(channels.texels == std::vector{0xFF404001U});
}

// Whatever the sides, nothing is lost: the mean of a level is that of the picture.
TEST_CASE("the mean of a picture stays through its levels") {
    for (const int width : {1, 2, 3, 7, 16, 33}) {
        for (const int height : {1, 5, 12, 31}) {
            CAPTURE(width);
            CAPTURE(height);
            MipLevel level{width, height, {}};
            double sum = 0;
            for (int i = 0; i < width * height; ++i) {
                const auto value = static_cast<std::uint32_t>((i * 37) % 256);
                level.texels.push_back(value);
                sum += value;
            }
            const int levels = count_mip_levels(width, height);
            for (int i = 1; i < levels; ++i) {
                level = make_next_level(level.width, level.height, level.texels);
            }
            REQUIRE(level.texels.size() == 1);
            // Each level rounds to a whole number.
            const double mean = sum / (width * height);
            CHECK(std::abs(level.texels[0] - mean) <= 0.5 * (levels - 1) + 1e-9);
        }
    }
}

TEST_CASE("a handle that was moved from deletes nothing") {
    const auto context = make_offscreen_context(true);
    TextureHandle first = make_texture();
    glBindTexture(GL_TEXTURE_2D, first.name());
    const GLuint name = first.name();
    TextureHandle second = std::move(first);
    first = TextureHandle();
    CHECK(second.name() == name);
    CHECK(glIsTexture(name) == GL_TRUE);
    second = TextureHandle();
    CHECK(context->take_errors().empty());
}

TEST_CASE("contexts may follow one another") {
    for (int i = 0; i < 3; ++i) {
        const auto context = make_offscreen_context(false);
        const RenderTarget target(8, 8);
        CHECK(target.read().width == 8);
    }
}

TEST_SUITE_END();
