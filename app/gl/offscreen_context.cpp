// The context without a window, through EGL.
#include <EGL/egl.h>
#include <EGL/eglext.h>

#include <array>
#include <cstring>
#include <memory>
#include <mutex>

#include "app/gl/context.h"

namespace heed::app {

namespace {

constexpr std::string_view kWhere = "OpenGL without a window";

// Puts "EGL error 0x3008" behind a failed call.
std::string last_egl_error() {
    char text[32];
    std::snprintf(text, sizeof text, "EGL error 0x%x", static_cast<unsigned>(eglGetError()));
    return text;
}

// The display, initialised as long as any context uses it: ending it would end all of them.
class Display {
  public:
    Display() {
        const char* extensions = eglQueryString(EGL_NO_DISPLAY, EGL_EXTENSIONS);
        const bool is_there = extensions != nullptr &&
                              std::strstr(extensions, "EGL_MESA_platform_surfaceless") != nullptr;
        if (!is_there) {
            throw NoOpenGl(kWhere, "EGL", "the platform EGL_MESA_platform_surfaceless", "none");
        }
        display_ =
            eglGetPlatformDisplay(EGL_PLATFORM_SURFACELESS_MESA, EGL_DEFAULT_DISPLAY, nullptr);
        if (display_ == EGL_NO_DISPLAY || eglInitialize(display_, nullptr, nullptr) == EGL_FALSE) {
            throw NoOpenGl(kWhere, "EGL", "a display", last_egl_error());
        }
    }
    ~Display() { eglTerminate(display_); }
    Display(const Display&) = delete;
    Display& operator=(const Display&) = delete;

    EGLDisplay get() const { return display_; }

  private:
    EGLDisplay display_ = EGL_NO_DISPLAY;
};

std::shared_ptr<const Display> open_display() {
    static std::mutex mutex;
    static std::weak_ptr<const Display> opened;
    const std::lock_guard lock(mutex);
    std::shared_ptr<const Display> display = opened.lock();
    if (display == nullptr) opened = display = std::make_shared<const Display>();
    return display;
}

EGLContext try_context(EGLDisplay display, EGLContext shared, int major, int minor, bool debug) {
    const std::array<EGLint, 9> wanted{EGL_CONTEXT_MAJOR_VERSION,
                                       major,
                                       EGL_CONTEXT_MINOR_VERSION,
                                       minor,
                                       EGL_CONTEXT_OPENGL_PROFILE_MASK,
                                       EGL_CONTEXT_OPENGL_CORE_PROFILE_BIT,
                                       EGL_CONTEXT_OPENGL_DEBUG,
                                       debug ? EGL_TRUE : EGL_FALSE,
                                       EGL_NONE};
    return eglCreateContext(display, EGL_NO_CONFIG_KHR, shared, wanted.data());
}

class OffscreenContext : public GlContext {
  public:
    OffscreenContext(std::shared_ptr<const Display> display, EGLContext shared, bool debug)
        : display_(std::move(display)), debug_(debug) {
        try {
            open(shared);
        } catch (...) {
            close();
            throw;
        }
    }
    ~OffscreenContext() override { close(); }

    void make_current() override {
        if (eglMakeCurrent(display_->get(), EGL_NO_SURFACE, EGL_NO_SURFACE, context_) ==
            EGL_FALSE) {
            throw NoOpenGl(kWhere, "EGL", "a current context", last_egl_error());
        }
    }

    ContextMaker make_sharing() const override {
        return [display = display_, shared = context_, debug = debug_] {
            return std::make_unique<OffscreenContext>(display, shared, debug);
        };
    }

  private:
    void open(EGLContext shared) {
        if (eglBindAPI(EGL_OPENGL_API) == EGL_FALSE) {
            throw NoOpenGl(kWhere, "EGL", "OpenGL (not ES)", last_egl_error());
        }
        context_ = try_context(display_->get(), shared, 4, 3, debug_);
        if (context_ == EGL_NO_CONTEXT) {
            context_ = try_context(display_->get(), shared, 3, 3, debug_);
        }
        if (context_ == EGL_NO_CONTEXT) {
            throw NoOpenGl(kWhere, "EGL", "OpenGL 4.3 or 3.3 core", last_egl_error());
        }
        make_current();
        load_functions(eglGetProcAddress, kWhere);
    }
    void close() {
        eglMakeCurrent(display_->get(), EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT);
        if (context_ != EGL_NO_CONTEXT) eglDestroyContext(display_->get(), context_);
    }

    std::shared_ptr<const Display> display_;
    bool debug_ = false;
    EGLContext context_ = EGL_NO_CONTEXT;
};

}  // namespace

std::unique_ptr<GlContext> make_offscreen_context(bool debug) {
    return std::make_unique<OffscreenContext>(open_display(), EGL_NO_CONTEXT, debug);
}

}  // namespace heed::app
