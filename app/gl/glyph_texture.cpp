#include "app/gl/glyph_texture.h"

#include "app/gl/texture.h"
#include "core/base/check.h"

namespace heed::app {

GlyphTexture::GlyphTexture(int side) : handle_(make_texture()), side_(side) {
    HEED_CHECK(side >= 1);
    HEED_CHECK_LE(side, max_texture_side());
    glBindTexture(GL_TEXTURE_2D, handle_.name());
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
    glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, side, side, 0, GL_RGBA, GL_UNSIGNED_BYTE, nullptr);
}

void GlyphTexture::upload(int x, int y, int width, int height,
                          std::span<const std::uint32_t> texels) {
    HEED_CHECK(x >= 0 && y >= 0 && x + width <= side_ && y + height <= side_);
    HEED_CHECK_LE(static_cast<std::size_t>(y + height) * static_cast<std::size_t>(side_),
                  texels.size());
    if (width <= 0 || height <= 0) return;
    glBindTexture(GL_TEXTURE_2D, handle_.name());
    glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
    glPixelStorei(GL_UNPACK_ROW_LENGTH, side_);
    const std::size_t first =
        static_cast<std::size_t>(y) * static_cast<std::size_t>(side_) + static_cast<std::size_t>(x);
    glTexSubImage2D(GL_TEXTURE_2D, 0, x, y, width, height, GL_RGBA, GL_UNSIGNED_BYTE,
                    texels.data() + first);
    glPixelStorei(GL_UNPACK_ROW_LENGTH, 0);
}

}  // namespace heed::app
