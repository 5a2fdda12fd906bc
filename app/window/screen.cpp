#include "app/window/screen.h"

#include <imgui.h>

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "core/base/error.h"
#include "core/base/utf8.h"

namespace heed::app {

namespace {

constexpr std::chrono::milliseconds kPoll{1};
// The picture is settled one frame after the last change: a frame's wishes show in the next.
constexpr int kSettlingFrames = 2;

}  // namespace

void MadeUpInput::apply(ImGuiIO& io) {
    io.MousePos = {mouse.x, mouse.y};
    std::fill(std::begin(io.MouseDown), std::end(io.MouseDown), false);
    io.MouseDown[0] = is_mouse_down;
    io.MouseDown[1] = is_right_down;
    io.MouseWheel = std::exchange(wheel, 0.0F);
    io.MouseWheelH = 0;
    std::fill(std::begin(io.KeysDown), std::end(io.KeysDown), false);
    io.KeyCtrl = chord.ctrl;
    io.KeyShift = chord.shift;
    io.KeyAlt = chord.alt;
    io.KeySuper = false;
    if (chord.key != kKeyNone) io.KeysDown[chord.key] = true;
}

std::u32string MadeUpInput::take_typed() {
    std::u32string characters;
    const std::string text = std::exchange(typed, {});
    for (std::size_t at = 0; at < text.size();) {
        const Utf8Char c = decode_utf8(text, at);
        at += static_cast<std::size_t>(c.length);
        characters.push_back(c.code_point);
    }
    return characters;
}

void Screen::wait(double limit_s) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(limit_s);
    const auto is_settled = [this] { return !program().is_busy() && !program().is_pending(); };
    for (int settled = 0; settled < kSettlingFrames;) {
        if (is_settled()) {
            draw_frame();
            settled = is_settled() ? settled + 1 : 0;
            continue;
        }
        settled = 0;
        std::this_thread::sleep_for(kPoll);
        if (std::chrono::steady_clock::now() > end) {
            throw Error("", "", "the work to be done in time", "work still pending");
        }
        program().update();
    }
}

float Screen::pixels_per_wheel_line() const {
    const ImFont* font = ImGui::GetIO().FontDefault;
    return 5 * font->FontSize * font->Scale;
}

}  // namespace heed::app
