#include "app/window/offscreen.h"

#include <imgui.h>

#include <chrono>
#include <string>
#include <thread>
#include <utility>

#include "app/ui/keys.h"
#include "core/base/error.h"

namespace heed::app {

namespace {

constexpr int kWidth = 1600;
constexpr int kHeight = 1000;
constexpr double kFrame_s = 1.0 / 60;
constexpr std::chrono::milliseconds kPoll{1};

// What Dear ImGui calls the keys that its text fields use.
void map_keys(ImGuiIO& io) {
    io.KeyMap[ImGuiKey_Tab] = kKeyTab;
    io.KeyMap[ImGuiKey_LeftArrow] = kKeyLeft;
    io.KeyMap[ImGuiKey_RightArrow] = kKeyRight;
    io.KeyMap[ImGuiKey_UpArrow] = kKeyUp;
    io.KeyMap[ImGuiKey_DownArrow] = kKeyDown;
    io.KeyMap[ImGuiKey_PageUp] = kKeyPageUp;
    io.KeyMap[ImGuiKey_PageDown] = kKeyPageDown;
    io.KeyMap[ImGuiKey_Home] = kKeyHome;
    io.KeyMap[ImGuiKey_End] = kKeyEnd;
    io.KeyMap[ImGuiKey_Insert] = kKeyInsert;
    io.KeyMap[ImGuiKey_Delete] = kKeyDelete;
    io.KeyMap[ImGuiKey_Backspace] = kKeyBackspace;
    io.KeyMap[ImGuiKey_Space] = kKeySpace;
    io.KeyMap[ImGuiKey_Enter] = kKeyEnter;
    io.KeyMap[ImGuiKey_Escape] = kKeyEscape;
    io.KeyMap[ImGuiKey_KeyPadEnter] = kKeyKeypadEnter;
    for (const int letter : {'A', 'C', 'V', 'X', 'Y', 'Z'}) {
        const int offset = letter == 'A'   ? ImGuiKey_A
                           : letter == 'C' ? ImGuiKey_C
                           : letter == 'V' ? ImGuiKey_V
                           : letter == 'X' ? ImGuiKey_X
                           : letter == 'Y' ? ImGuiKey_Y
                                           : ImGuiKey_Z;
        io.KeyMap[offset] = letter;
    }
}

}  // namespace

Offscreen::Offscreen()
    : context_(make_offscreen_context(true)),
      program_(std::make_unique<Program>([] { /* waiting polls */ })) {
    map_keys(ImGui::GetIO());
    move_mouse({-1e6F, -1e6F});
    resize(kWidth, kHeight, 1);
}

void Offscreen::resize(int width, int height, float scale) {
    width_ = width;
    height_ = height;
    scale_ = scale;
    target_ = std::make_unique<RenderTarget>(width, height);
}

void Offscreen::draw_frame(bool record) {
    ImGuiIO& io = ImGui::GetIO();
    io.DisplaySize = {static_cast<float>(width_), static_cast<float>(height_)};
    io.DisplayFramebufferScale = {1, 1};
    io.DeltaTime = static_cast<float>(kFrame_s);
    io.MouseWheel = std::exchange(wheel_, 0.0F);
    now_s_ += kFrame_s;
    program_->build_frame({scale_, now_s_, record});
    target_->bind();
    program_->render_frame();
}

void Offscreen::wait(double limit_s) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(limit_s);
    // The picture is settled one frame after the last change: a frame's wishes show in the next.
    for (int settled = 0; settled < 2;) {
        if (program_->document().is_busy()) {
            settled = 0;
            std::this_thread::sleep_for(kPoll);
            if (std::chrono::steady_clock::now() > end) {
                throw Error("wait", "", "the work to be done within 60 s", "work still pending");
            }
            program_->document().update();
            continue;
        }
        draw_frame();
        ++settled;
    }
}

void Offscreen::move_mouse(Point at) {
    ImGui::GetIO().MousePos = {at.x, at.y};
}

void Offscreen::press_mouse(bool is_down) {
    ImGui::GetIO().MouseDown[0] = is_down;
}

void Offscreen::press_key(int key, bool is_down) {
    ImGui::GetIO().KeysDown[key] = is_down;
}

void Offscreen::set_modifiers(bool ctrl, bool shift, bool alt) {
    ImGuiIO& io = ImGui::GetIO();
    io.KeyCtrl = ctrl;
    io.KeyShift = shift;
    io.KeyAlt = alt;
}

void Offscreen::type(std::string_view text) {
    ImGui::GetIO().AddInputCharactersUTF8(std::string(text).c_str());
}

float Offscreen::pixels_per_wheel_line() const {
    return 5 * ImGui::GetIO().FontDefault->FontSize;
}

}  // namespace heed::app
