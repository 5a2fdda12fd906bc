#include "app/window/offscreen.h"

#include <imgui.h>

#include "app/ui/keys.h"

namespace heed::app {

namespace {

constexpr int kWidth = 1600;
constexpr int kHeight = 1000;
constexpr double kFrame_s = 1.0 / 60;

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

Offscreen::Offscreen(BackendChoice backend)
    : context_(make_offscreen_context(true)),
      program_(std::make_unique<Program>(
          ProgramSetup{[] { /* waiting polls */ }, context_->make_sharing(), backend})) {
    map_keys(ImGui::GetIO());
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
    input.apply(io);
    drawn_s_ += kFrame_s;
    program_->build_frame({scale_, drawn_s_ + skipped_s(), record, input.take_typed()});
    target_->bind();
    program_->render_frame();
}

}  // namespace heed::app
