// The program without a window: a context without a surface, a picture as the screen, time and
// input made up by whoever drives it.
#pragma once

#include <memory>
#include <string_view>

#include "app/gl/context.h"
#include "app/gl/image.h"
#include "app/gl/render_target.h"
#include "app/window/program.h"

namespace heed::app {

class Offscreen {
  public:
    // 1600x1000 at scale 1. Throws NoOpenGl.
    Offscreen();

    Program& program() { return *program_; }
    int width() const { return width_; }
    int height() const { return height_; }
    float scale() const { return scale_; }
    // Pixels of the picture; scale enlarges what is in it.
    void resize(int width, int height, float scale);

    // One frame, 1/60 s after the one before. With `record` the item log is filled.
    void draw_frame(bool record = false);
    // Frames until nothing more is wanted and no work is pending. Throws Error after `limit_s`
    // seconds of real time.
    void wait(double limit_s);
    // Moves the made-up clock, as though nothing had happened for so long.
    void pass_time(double seconds) { now_s_ += seconds; }
    Image read() const { return target_->read(); }
    // What the driver complained of since the last call; empty in a healthy program.
    std::vector<std::string> take_gl_errors() { return context_->take_errors(); }

    void move_mouse(Point at);
    void press_mouse(bool is_down);
    void turn_wheel(float lines) { wheel_ = lines; }
    void press_key(int key, bool is_down);
    void set_modifiers(bool ctrl, bool shift, bool alt);
    void type(std::string_view text);
    // ImGui scrolls by lines of so many pixels.
    float pixels_per_wheel_line() const;

  private:
    std::unique_ptr<GlContext> context_;
    std::unique_ptr<Program> program_;
    std::unique_ptr<RenderTarget> target_;
    int width_ = 0;
    int height_ = 0;
    float scale_ = 1;
    double now_s_ = 0;
    float wheel_ = 0;
};

}  // namespace heed::app
