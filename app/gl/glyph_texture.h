// A square RGBA8 texture that is written piece by piece: a page of glyphs.
#pragma once

#include <cstdint>
#include <span>

#include "app/gl/handle.h"

namespace heed::app {

class GlyphTexture {
  public:
    // Between its texels it is blended (linear). side >= 1 and at most max_texture_side().
    explicit GlyphTexture(int side);

    int side() const { return side_; }
    GLuint name() const { return handle_.name(); }
    // Copies the rectangle out of rows of `side` texels r, g, b, a: at least y + height of them.
    void upload(int x, int y, int width, int height, std::span<const std::uint32_t> texels);

  private:
    TextureHandle handle_;
    int side_ = 0;
};

}  // namespace heed::app
