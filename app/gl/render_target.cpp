#include "app/gl/render_target.h"

#include <algorithm>
#include <string>

#include "core/base/check.h"
#include "core/base/error.h"

namespace heed::app {

namespace {

// Reads the bound framebuffer and turns its rows the right way up.
Image read_bound(int width, int height) {
    Image image{width, height, {}};
    const std::size_t row_bytes = static_cast<std::size_t>(width) * 4;
    image.rgba.resize(row_bytes * static_cast<std::size_t>(height));
    glPixelStorei(GL_PACK_ALIGNMENT, 4);
    glPixelStorei(GL_PACK_ROW_LENGTH, 0);
    glReadPixels(0, 0, width, height, GL_RGBA, GL_UNSIGNED_BYTE, image.rgba.data());
    for (std::size_t top = 0, bottom = static_cast<std::size_t>(height) - 1; top < bottom;
         ++top, --bottom) {
        std::swap_ranges(image.rgba.data() + top * row_bytes,
                         image.rgba.data() + (top + 1) * row_bytes,
                         image.rgba.data() + bottom * row_bytes);
    }
    return image;
}

}  // namespace

RenderTarget::RenderTarget(int width, int height)
    : colour_(make_texture()), framebuffer_(make_framebuffer()), width_(width), height_(height) {
    HEED_CHECK(width >= 1 && height >= 1);
    glBindTexture(GL_TEXTURE_2D, colour_.name());
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_NEAREST);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
    glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, width, height, 0, GL_RGBA, GL_UNSIGNED_BYTE, nullptr);
    glBindFramebuffer(GL_FRAMEBUFFER, framebuffer_.name());
    glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, colour_.name(), 0);
    const GLenum status = glCheckFramebufferStatus(GL_FRAMEBUFFER);
    if (status != GL_FRAMEBUFFER_COMPLETE) {
        throw Error("picture", std::to_string(width) + "x" + std::to_string(height),
                    "a size that the driver can draw", "status " + std::to_string(status));
    }
}

void RenderTarget::bind() const {
    glBindFramebuffer(GL_FRAMEBUFFER, framebuffer_.name());
    glViewport(0, 0, width_, height_);
}

Image RenderTarget::read() const {
    bind();
    return read_bound(width_, height_);
}

void bind_window_target(int width, int height) {
    glBindFramebuffer(GL_FRAMEBUFFER, 0);
    glViewport(0, 0, width, height);
}

void clear_target(float red, float green, float blue) {
    glDisable(GL_SCISSOR_TEST);
    glClearColor(red, green, blue, 1.0F);
    glClear(GL_COLOR_BUFFER_BIT);
}

void clear_rect(const ClearRect& rect, int target_height, float red, float green, float blue) {
    glEnable(GL_SCISSOR_TEST);
    glScissor(rect.x, target_height - rect.y - rect.height, std::max(0, rect.width),
              std::max(0, rect.height));
    glClearColor(red, green, blue, 1.0F);
    glClear(GL_COLOR_BUFFER_BIT);
    glDisable(GL_SCISSOR_TEST);
}

}  // namespace heed::app
