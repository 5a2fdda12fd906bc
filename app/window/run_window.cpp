// The window: a loop that sleeps until something happens.
#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>
#include <imgui.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "app/gl/context.h"
#include "app/gl/render_target.h"
#include "app/window/glfw_input.h"
#include "app/window/keeping.h"
#include "app/window/offscreen.h"
#include "app/window/run.h"
#include "app/window/scenario_runner.h"
#include "app/window/system_look.h"
#include "app/window/window_place.h"
#include "core/format/png.h"

namespace heed::app {

static_assert(kKeyLeft == GLFW_KEY_LEFT && kKeyF1 == GLFW_KEY_F1 && kKeyEnd == GLFW_KEY_END &&
              kKeyPlus == GLFW_KEY_KP_ADD && kKeyKeypadMinus == GLFW_KEY_KP_SUBTRACT &&
              kKeyEqual == GLFW_KEY_EQUAL && kKeyLeftBracket == GLFW_KEY_LEFT_BRACKET);

namespace {

// Frames drawn after an event: Dear ImGui reacts in the frame after the one that sees the input.
constexpr int kFramesAfterEvent = 3;
constexpr double kLongestSleep_s = 3600;

bool has_display() {
    const auto is_set = [](const char* name) {
        const char* value = std::getenv(name);
        return value != nullptr && *value != '\0';
    };
    return is_set("DISPLAY") || is_set("WAYLAND_DISPLAY");
}

int render_first_screen(const WindowOptions& options) {
    Offscreen screen(asked_backend(options.backend, BackendChoice::kCpu));
    prepare_document(screen.program(), options, Kept{});
    screen.wait(60);
    const Image image = screen.read();
    const std::filesystem::path path = std::filesystem::absolute("heed.png");
    write_png(path, image.width, image.height, image.rgba);
    std::cout << "heed: no display here (DISPLAY and WAYLAND_DISPLAY are not set); the first "
                 "screen is in "
              << path.string() << '\n';
    return 0;
}

// A second context that has the same buffers; one of its own where the window system gives none.
ContextMaker make_compute_context(const GlContext& context) {
    try {
        return context.make_sharing();
    } catch (const NoOpenGl&) {
        return nullptr;
    }
}

class Window : public Screen {
  public:
    Window(const std::optional<WindowPlace>& place, BackendChoice backend)
        : place_(place.value_or(WindowPlace{})),
          context_(make_window_context(
              {"heed", place_.width, place_.height, false, !place.has_value(), false})),
          program_({[] { glfwPostEmptyEvent(); }, make_compute_context(*context_), backend}),
          input_(context_->window()) {
        glfwSetWindowSizeLimits(context_->window(), 800, 500, GLFW_DONT_CARE, GLFW_DONT_CARE);
        program_.set_clipboard(make_x11_clipboard());
        place_window(context_->window(), place);
        glfwShowWindow(context_->window());
    }

    Program& program() override { return program_; }

    int width() const override { return width_; }
    int height() const override { return height_; }
    float scale() const override { return scenario_scale_; }

    void resize(int width, int height, float scale) override {
        glfwSetWindowSize(context_->window(), width, height);
        scenario_scale_ = scale;
        glfwPollEvents();
    }

    void draw_frame(bool record) override {
        glfwPollEvents();
        input_.begin_frame(program_.is_typing());
        measure();
        input.apply(ImGui::GetIO());
        present({scenario_scale_, glfwGetTime() + skipped_s(), record,
                 input_.take_typed() + input.take_typed()});
    }

    // Drawn again aside: what a window holds after its swap is nobody's promise.
    Image read() override {
        const RenderTarget aside(width_, height_);
        aside.bind();
        program_.render_frame();
        return aside.read();
    }
    std::vector<std::string> take_gl_errors() override { return context_->take_errors(); }

    // Until it is closed. `keeping` is null for a scenario.
    void loop(Keeping* keeping, SystemLookWatcher& system) {
        int frames_due = kFramesAfterEvent;
        double sleep_s = 0;
        while (!is_closed()) {
            if (frames_due > 0 || input_.is_pending()) {
                glfwPollEvents();
                frames_due = std::max(0, frames_due - 1);
            } else {
                glfwWaitEventsTimeout(std::clamp(sleep_s, 0.001, kLongestSleep_s));
                frames_due = kFramesAfterEvent - 1;
            }
            program_.set_system_look(system.look());
            sleep_s = draw();
            if (keeping == nullptr) continue;
            place_ = read_place(context_->window(), place_);
            sleep_s = std::min(sleep_s, keeping->note(program_, place_, glfwGetTime()));
        }
    }
    const WindowPlace& place() const { return place_; }

  private:
    bool is_closed() const {
        return glfwWindowShouldClose(context_->window()) != 0 || program_.wants_to_quit();
    }

    // Returns the seconds until the next frame is wanted though nothing happens.
    double draw() {
        program_.open_dropped(input_.take_dropped());
        input_.begin_frame(program_.is_typing());
        measure();
        if (width_ == 0 || height_ == 0) return kLongestSleep_s;
        float scale_x = 1;
        float scale_y = 1;
        glfwGetWindowContentScale(context_->window(), &scale_x, &scale_y);
        return present(
            {std::max(0.5F, scale_x), glfwGetTime() + skipped_s(), false, input_.take_typed()});
    }

    double present(const FrameRequest& request) {
        const double wanted_in = program_.build_frame(request);
        bind_window_target(width_, height_);
        program_.render_frame();
        context_->swap();
        return wanted_in;
    }

    // Everything is drawn in pixels of the picture; where the window system counts in larger units
    // the mouse is scaled to them.
    void measure() {
        glfwGetFramebufferSize(context_->window(), &width_, &height_);
        ImGuiIO& io = ImGui::GetIO();
        const float horizontal = static_cast<float>(width_) / std::max(1.0F, io.DisplaySize.x);
        const float vertical = static_cast<float>(height_) / std::max(1.0F, io.DisplaySize.y);
        if (ImGui::IsMousePosValid(&io.MousePos)) {
            io.MousePos.x *= horizontal;
            io.MousePos.y *= vertical;
        }
        io.DisplaySize = {static_cast<float>(width_), static_cast<float>(height_)};
        io.DisplayFramebufferScale = {1, 1};
    }

    WindowPlace place_;
    std::unique_ptr<WindowContext> context_;
    Program program_;
    GlfwInput input_;
    int width_ = 0;  // of the framebuffer
    int height_ = 0;
    float scenario_scale_ = 1;
};

}  // namespace

BackendChoice asked_backend(const std::optional<std::string>& option, BackendChoice fallback) {
    if (!option) return choice_from_environment().value_or(fallback);
    const auto choice = find_choice(*option);
    if (!choice) throw Error("--backend", "", "auto, cpu or gl", in_quotes(*option));
    return *choice;
}

int run_window(const WindowOptions& options) {
    if (!has_display()) return render_first_screen(options);
    std::atomic<bool> has_window = false;
    SystemLookWatcher system([&] {
        if (has_window) glfwPostEmptyEvent();
    });
    // A scenario starts from the defaults and writes no settings.
    const Kept kept = options.scenario ? Kept{} : recall_kept();
    const BackendChoice backend = asked_backend(
        options.backend, options.scenario ? BackendChoice::kCpu : BackendChoice::kAuto);
    Window window(kept.session.window, backend);
    has_window = true;
    window.program().set_system_look(system.wait_for_first());
    prepare_document(window.program(), options, kept);
    if (options.scenario) {
        const std::vector<ScenarioStep> steps =
            parse_scenario(read_scenario(*options.scenario), *options.scenario);
        ScenarioRunner(window, *options.scenario).run(steps);
        window.loop(nullptr, system);
        return 0;
    }
    Keeping keeping;
    window.loop(&keeping, system);
    keeping.finish(window.program(), window.place());
    has_window = false;
    return 0;
}

}  // namespace heed::app
