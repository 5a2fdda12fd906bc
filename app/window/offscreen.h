// The program without a window: a context without a surface, a picture as the screen.
#pragma once

#include <memory>

#include "app/gl/context.h"
#include "app/gl/render_target.h"
#include "app/window/screen.h"

namespace heed::app {

class Offscreen : public Screen {
  public:
    // 1600x1000 at scale 1. Throws NoOpenGl.
    explicit Offscreen(BackendChoice backend = BackendChoice::kCpu);

    Program& program() override { return *program_; }
    int width() const override { return width_; }
    int height() const override { return height_; }
    float scale() const override { return scale_; }
    void resize(int width, int height, float scale) override;
    // 1/60 s after the one before.
    void draw_frame(bool record = false) override;
    Image read() override { return target_->read(); }
    std::vector<std::string> take_gl_errors() override { return context_->take_errors(); }

  private:
    std::unique_ptr<GlContext> context_;
    std::unique_ptr<Program> program_;
    std::unique_ptr<RenderTarget> target_;
    int width_ = 0;
    int height_ = 0;
    float scale_ = 1;
    double drawn_s_ = 0;  // time of the frames, without what was skipped
};

}  // namespace heed::app
