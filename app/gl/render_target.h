// A picture to draw into without a window, and its way back to memory.
#pragma once

#include "app/gl/handle.h"
#include "app/gl/image.h"

namespace heed::app {

class RenderTarget {
  public:
    // RGBA8; sides >= 1. Throws Error where the driver cannot make it.
    RenderTarget(int width, int height);

    int width() const { return width_; }
    int height() const { return height_; }
    // Makes it what is drawn to, with the viewport over all of it.
    void bind() const;
    // What was drawn, top row first: OpenGL's bottom-up rows are turned here and nowhere else.
    Image read() const;

  private:
    TextureHandle colour_;
    FramebufferHandle framebuffer_;
    int width_ = 0;
    int height_ = 0;
};

// The window's own framebuffer becomes what is drawn to.
void bind_window_target(int width, int height);
// Fills the whole of what is drawn to.
void clear_target(float red, float green, float blue);
// Fills a rectangle of a picture `target_height` pixels high; whole pixels, y down from its top.
struct ClearRect {
    int x = 0;
    int y = 0;
    int width = 0;
    int height = 0;
};
void clear_rect(const ClearRect& rect, int target_height, float red, float green, float blue);
}  // namespace heed::app
