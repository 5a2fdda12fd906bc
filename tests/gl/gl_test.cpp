#include <doctest/doctest.h>

#include <vector>

#include "app/gl/context.h"
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
