#include "app/gl/texture.h"

#include <algorithm>

#include "app/gl/mip_levels.h"
#include "core/base/check.h"

namespace heed::app {

Texture::Texture(int width, int height) : handle_(make_texture()), width_(width), height_(height) {
    HEED_CHECK(width >= 1 && height >= 1);
    HEED_CHECK_LE(width, max_texture_side());
    HEED_CHECK_LE(height, max_texture_side());
    glBindTexture(GL_TEXTURE_2D, handle_.name());
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR_MIPMAP_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_NEAREST);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
    for (int level = 0; level < count_mip_levels(width, height); ++level) {
        glTexImage2D(GL_TEXTURE_2D, level, GL_RGBA8, std::max(1, width >> level),
                     std::max(1, height >> level), 0, GL_RGBA, GL_UNSIGNED_BYTE, nullptr);
    }
}

void Texture::upload(std::span<const std::uint32_t> texels) {
    HEED_CHECK_EQ(texels.size(),
                  static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_));
    glBindTexture(GL_TEXTURE_2D, handle_.name());
    glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
    glPixelStorei(GL_UNPACK_ROW_LENGTH, 0);
    glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, width_, height_, GL_RGBA, GL_UNSIGNED_BYTE,
                    texels.data());
    MipLevel next{width_, height_, {}};
    for (int level = 1; level < count_mip_levels(width_, height_); ++level) {
        next = make_next_level(next.width, next.height,
                               level == 1 ? texels : std::span<const std::uint32_t>(next.texels));
        glTexSubImage2D(GL_TEXTURE_2D, level, 0, 0, next.width, next.height, GL_RGBA,
                        GL_UNSIGNED_BYTE, next.texels.data());
    }
}

void Texture::keep_one_level() {
    glBindTexture(GL_TEXTURE_2D, handle_.name());
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAX_LEVEL, 0);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_NEAREST);
}

int max_texture_side() {
    GLint side = 0;
    glGetIntegerv(GL_MAX_TEXTURE_SIZE, &side);
    return side;
}

}  // namespace heed::app
