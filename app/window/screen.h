// What a scenario drives: the program with a picture to look at and made-up input. One is
// offscreen, one is the window.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/gl/image.h"
#include "app/ui/geometry.h"
#include "app/ui/keys.h"
#include "app/window/program.h"

struct ImGuiIO;

namespace heed::app {

// Mouse and keys as a scenario holds them.
struct MadeUpInput {
    Point mouse{-1e6F, -1e6F};  // pixels of the picture
    bool is_mouse_down = false;
    bool is_right_down = false;
    float wheel = 0;    // lines, for one frame
    KeyChord chord;     // modifiers and the key that is down
    std::string typed;  // for one frame

    // Writes mouse and keys to Dear ImGui; what was for one frame is used up.
    void apply(ImGuiIO& io);
    // The characters for one frame, used up.
    std::u32string take_typed();
};

class Screen {
  public:
    virtual ~Screen() = default;

    virtual Program& program() = 0;
    virtual int width() const = 0;
    virtual int height() const = 0;
    virtual float scale() const = 0;
    // Pixels of the picture; scale enlarges what is in it. Throws Error where that cannot be.
    virtual void resize(int width, int height, float scale) = 0;
    // One frame with the made-up input. With `record` the item log is filled.
    virtual void draw_frame(bool record = false) = 0;
    // The last frame.
    virtual Image read() = 0;
    // What the driver complained of since the last call; empty in a healthy program.
    virtual std::vector<std::string> take_gl_errors() = 0;

    // Frames until no work is pending and the picture is settled. Throws Error after `limit_s`
    // seconds of real time.
    void wait(double limit_s);
    // Moves the clock of the frames, as though nothing had happened for so long.
    void pass_time(double seconds) { skipped_s_ += seconds; }
    // How far one line of the wheel scrolls.
    float pixels_per_wheel_line() const;

    MadeUpInput input;

  protected:
    double skipped_s() const { return skipped_s_; }

  private:
    double skipped_s_ = 0;
};

}  // namespace heed::app
