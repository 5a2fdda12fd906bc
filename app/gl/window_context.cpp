// The context of a window, through GLFW.
#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include "app/gl/context.h"

namespace heed::app {

namespace {

constexpr std::string_view kWhere = "window";

std::string last_glfw_error() {
    const char* text = nullptr;
    return glfwGetError(&text) == GLFW_NO_ERROR || text == nullptr ? "nothing" : text;
}

GLFWwindow* try_window(const WindowRequest& request, int major, int minor,
                       GLFWwindow* shared = nullptr) {
    glfwDefaultWindowHints();
    glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, major);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, minor);
    glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
    glfwWindowHint(GLFW_OPENGL_DEBUG_CONTEXT, request.debug ? GLFW_TRUE : GLFW_FALSE);
    glfwWindowHint(GLFW_SCALE_TO_MONITOR, request.scales_to_monitor ? GLFW_TRUE : GLFW_FALSE);
    glfwWindowHint(GLFW_VISIBLE, request.is_visible ? GLFW_TRUE : GLFW_FALSE);
    glfwWindowHintString(GLFW_X11_CLASS_NAME, "heed");
    glfwWindowHintString(GLFW_X11_INSTANCE_NAME, "heed");
    return glfwCreateWindow(request.width, request.height, request.title.c_str(), nullptr, shared);
}

// The context of a window that is never seen, for another thread. The window is made and deleted on
// the main thread.
class HiddenContext : public GlContext {
  public:
    explicit HiddenContext(GLFWwindow* window) : window_(window) {
        glfwMakeContextCurrent(window_);
        load_functions(glfwGetProcAddress, kWhere);
    }
    ~HiddenContext() override { glfwMakeContextCurrent(nullptr); }

    void make_current() override { glfwMakeContextCurrent(window_); }
    ContextMaker make_sharing() const override { return nullptr; }

  private:
    GLFWwindow* window_ = nullptr;
};

class GlfwContext : public WindowContext {
  public:
    explicit GlfwContext(const WindowRequest& request) {
        if (glfwInit() == GLFW_FALSE) throw NoOpenGl(kWhere, "", "a display", last_glfw_error());
        try {
            open(request);
        } catch (...) {
            glfwTerminate();
            throw;
        }
    }
    ~GlfwContext() override { glfwTerminate(); }

    GLFWwindow* window() const override { return window_; }
    void make_current() override { glfwMakeContextCurrent(window_); }
    void swap() override { glfwSwapBuffers(window_); }

    ContextMaker make_sharing() const override {
        WindowRequest hidden;
        hidden.title = "heed";
        hidden.width = hidden.height = 1;
        hidden.is_visible = false;
        hidden.scales_to_monitor = false;
        GLFWwindow* window = try_window(hidden, version().major, version().minor, window_);
        if (window == nullptr) throw NoOpenGl(kWhere, "", "a second context", last_glfw_error());
        return [window] { return std::make_unique<HiddenContext>(window); };
    }

  private:
    void open(const WindowRequest& request) {
        window_ = try_window(request, 4, 3);
        if (window_ == nullptr) window_ = try_window(request, 3, 3);
        if (window_ == nullptr) {
            throw NoOpenGl(kWhere, "", "OpenGL 4.3 or 3.3 core", last_glfw_error());
        }
        glfwMakeContextCurrent(window_);
        load_functions(glfwGetProcAddress, kWhere);
        glfwSwapInterval(1);
    }

    GLFWwindow* window_ = nullptr;
};

}  // namespace

std::unique_ptr<WindowContext> make_window_context(const WindowRequest& request) {
    return std::make_unique<GlfwContext>(request);
}

}  // namespace heed::app
