#include "app/gl/texture.h"

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
    glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, width, height, 0, GL_RGBA, GL_UNSIGNED_BYTE, nullptr);
}

void Texture::upload(std::span<const std::uint32_t> texels) {
    HEED_CHECK_EQ(texels.size(),
                  static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_));
    glBindTexture(GL_TEXTURE_2D, handle_.name());
    glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
    glPixelStorei(GL_UNPACK_ROW_LENGTH, 0);
    glTexSubImage2D(GL_TEXTURE_2D, 0, 0, 0, width_, height_, GL_RGBA, GL_UNSIGNED_BYTE,
                    texels.data());
    glGenerateMipmap(GL_TEXTURE_2D);
}

int max_texture_side() {
    GLint side = 0;
    glGetIntegerv(GL_MAX_TEXTURE_SIZE, &side);
    return side;
}

}  // namespace heed::app
