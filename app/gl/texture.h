// A two-dimensional RGBA8 texture, for pictures whose texels are cells.
#pragma once

#include <cstdint>
#include <span>

#include "app/gl/handle.h"

namespace heed::app {

class Texture {
  public:
    // width and height >= 1 and at most max_texture_side(). Texels keep their edges when they are
    // magnified (nearest), and are averaged when they are made smaller.
    Texture(int width, int height);

    int width() const { return width_; }
    int height() const { return height_; }
    GLuint name() const { return handle_.name(); }
    // width * height texels r, g, b, a; the first row is the top one.
    void upload(std::span<const std::uint32_t> texels);
    // For what is painted into its first level alone, and not drawn smaller.
    void keep_one_level();

  private:
    TextureHandle handle_;
    int width_ = 0;
    int height_ = 0;
};

int max_texture_side();

}  // namespace heed::app
