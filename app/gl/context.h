// An OpenGL context with its functions loaded: a window's, or one without a surface for pictures
// made offscreen. It knows nothing of what is drawn.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"

struct GLFWwindow;

namespace heed::app {

// There is no OpenGL where it is needed; the command ends with exit status 3.
class NoOpenGl : public Error {
  public:
    using Error::Error;
};

struct GlVersion {
    int major = 0;
    int minor = 0;
    bool operator==(const GlVersion&) const = default;
};

class GlContext;
// Makes a context and makes it current on the thread that calls it.
using ContextMaker = std::function<std::unique_ptr<GlContext>()>;

class GlContext {
  public:
    virtual ~GlContext() = default;
    GlContext(const GlContext&) = delete;
    GlContext& operator=(const GlContext&) = delete;

    virtual void make_current() = 0;
    // Of a context for another thread that has the same buffers and textures. Asked for on this
    // context's thread; this context outlives that one.
    virtual ContextMaker make_sharing() const = 0;

    GlVersion version() const { return version_; }
    // True where the context has compute shaders (4.3).
    bool has_compute() const {
        return version_.major > 4 || (version_.major == 4 && version_.minor >= 3);
    }
    const std::string& renderer() const { return renderer_; }
    // What the driver called an error since the last call (KHR_debug, else glGetError), one line
    // each. The context must be current.
    std::vector<std::string> take_errors();

  protected:
    using LoadFunction = void (*(*)(const char* name))();

    GlContext() = default;
    // Loads the functions through `load`, reads version and renderer, listens to the driver. The
    // context must be current. Throws NoOpenGl.
    void load_functions(LoadFunction load, std::string_view where);

  private:
    GlVersion version_;
    std::string renderer_;
    std::vector<std::string> errors_;
    bool listens_ = false;
};

struct WindowRequest {
    std::string title;
    int width = 0;  // of the content, in the window system's units
    int height = 0;
    bool debug = false;
    bool scales_to_monitor = true;  // width and height are for scale 1
    bool is_visible = true;         // else glfwShowWindow shows it
};

// A window and its context, current, with swaps that wait for the screen. One at a time; main
// thread.
class WindowContext : public GlContext {
  public:
    virtual GLFWwindow* window() const = 0;
    virtual void swap() = 0;
};

// OpenGL 4.3 core, else 3.3 core. Throws NoOpenGl where there is no display or no OpenGL.
std::unique_ptr<WindowContext> make_window_context(const WindowRequest& request);

// The same without a window: EGL's surfaceless platform (Mesa). Throws NoOpenGl.
std::unique_ptr<GlContext> make_offscreen_context(bool debug);

// A context for computing, on a graphics card of the machine where EGL tells of one (its platform
// of devices), else as make_offscreen_context. Throws NoOpenGl.
std::unique_ptr<GlContext> make_card_context();

}  // namespace heed::app
