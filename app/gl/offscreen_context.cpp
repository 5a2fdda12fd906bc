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

bool has_word(const char* words, const char* word) {
    return words != nullptr && std::strstr(words, word) != nullptr;
}

// A display, initialised as long as any context uses it: ending it would end all of them.
class Display {
  public:
    // Throws NoOpenGl where it cannot be initialised.
    explicit Display(EGLDisplay display) : display_(display) {
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

// The one display of a kind: made by `open` where nobody uses it yet.
template <class Open>
std::shared_ptr<const Display> share_display(std::weak_ptr<const Display>& opened, Open open) {
    static std::mutex mutex;
    const std::lock_guard lock(mutex);
    std::shared_ptr<const Display> display = opened.lock();
    if (display == nullptr) opened = display = std::make_shared<const Display>(open());
    return display;
}

// Mesa's platform without a window system.
std::shared_ptr<const Display> open_display() {
    static std::weak_ptr<const Display> opened;
    return share_display(opened, [] {
        const char* extensions = eglQueryString(EGL_NO_DISPLAY, EGL_EXTENSIONS);
        if (!has_word(extensions, "EGL_MESA_platform_surfaceless")) {
            throw NoOpenGl(kWhere, "EGL", "the platform EGL_MESA_platform_surfaceless", "none");
        }
        return eglGetPlatformDisplay(EGL_PLATFORM_SURFACELESS_MESA, EGL_DEFAULT_DISPLAY, nullptr);
    });
}

// The first device of the machine that is no software renderer; EGL_NO_DISPLAY where there is none
// or EGL does not tell devices.
EGLDisplay find_card() {
    const char* extensions = eglQueryString(EGL_NO_DISPLAY, EGL_EXTENSIONS);
    if (!has_word(extensions, "EGL_EXT_platform_device")) return EGL_NO_DISPLAY;
    const auto query_devices = reinterpret_cast<PFNEGLQUERYDEVICESEXTPROC>(
        reinterpret_cast<void*>(eglGetProcAddress("eglQueryDevicesEXT")));
    const auto query_string = reinterpret_cast<PFNEGLQUERYDEVICESTRINGEXTPROC>(
        reinterpret_cast<void*>(eglGetProcAddress("eglQueryDeviceStringEXT")));
    if (query_devices == nullptr || query_string == nullptr) return EGL_NO_DISPLAY;
    std::array<EGLDeviceEXT, 16> devices{};
    EGLint count = 0;
    if (query_devices(static_cast<EGLint>(devices.size()), devices.data(), &count) == EGL_FALSE) {
        return EGL_NO_DISPLAY;
    }
    for (EGLint i = 0; i < count; ++i) {
        EGLDeviceEXT device = devices.at(static_cast<std::size_t>(i));
        if (has_word(query_string(device, EGL_EXTENSIONS), "EGL_MESA_device_software")) continue;
        EGLDisplay display = eglGetPlatformDisplay(EGL_PLATFORM_DEVICE_EXT, device, nullptr);
        if (display != EGL_NO_DISPLAY) return display;
    }
    return EGL_NO_DISPLAY;
}

std::shared_ptr<const Display> open_card() {
    static std::weak_ptr<const Display> opened;
    return share_display(opened, find_card);
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

std::unique_ptr<GlContext> make_card_context() {
    try {
        return std::make_unique<OffscreenContext>(open_card(), EGL_NO_CONTEXT, false);
    } catch (const NoOpenGl&) {
        return make_offscreen_context(false);
    }
}

}  // namespace heed::app
