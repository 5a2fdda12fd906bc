#include "app/gl/context.h"

#include <glad/gl.h>

#include <mutex>
#include <utility>

namespace heed::app {

namespace {

constexpr std::size_t kMostErrors = 64;

void GLAD_API_PTR keep_message(GLenum, GLenum type, GLuint, GLenum severity, GLsizei length,
                               const GLchar* message, const void* user) {
    const bool is_error = type == GL_DEBUG_TYPE_ERROR || type == GL_DEBUG_TYPE_UNDEFINED_BEHAVIOR;
    if (!is_error && severity != GL_DEBUG_SEVERITY_HIGH) return;
    // The driver hands back the pointer it was given, and takes it only as const.
    auto* errors =
        const_cast<std::vector<std::string>*>(static_cast<const std::vector<std::string>*>(user));
    if (errors->size() >= kMostErrors) return;
    errors->push_back(one_line({message, static_cast<std::size_t>(length < 0 ? 0 : length)}));
}

// The functions are the whole program's: contexts that follow get them as they are, since another
// thread may be calling them. Version 0.0 where there are none.
GlVersion load_once(void (*(*load)(const char* name))()) {
    static std::mutex mutex;
    static void (*(*loaded_by)(const char*))() = nullptr;
    const std::lock_guard lock(mutex);
    if (loaded_by != load) {
        const int loaded = gladLoadGL(reinterpret_cast<GLADloadfunc>(load));
        if (loaded == 0) return {};
        loaded_by = load;
    }
    GlVersion version;
    glGetIntegerv(GL_MAJOR_VERSION, &version.major);
    glGetIntegerv(GL_MINOR_VERSION, &version.minor);
    return version;
}

}  // namespace

void GlContext::load_functions(LoadFunction load, std::string_view where) {
    version_ = load_once(load);
    if (version_.major == 0) throw NoOpenGl(where, "", "OpenGL 3.3 or later", "no functions");
    const GLubyte* renderer = glGetString(GL_RENDERER);
    if (renderer != nullptr) renderer_ = reinterpret_cast<const char*>(renderer);
    if (GLAD_GL_KHR_debug == 0 || glDebugMessageCallback == nullptr) return;
    glEnable(GL_DEBUG_OUTPUT);
    glEnable(GL_DEBUG_OUTPUT_SYNCHRONOUS);
    glDebugMessageCallback(keep_message, &errors_);
    listens_ = true;
}

std::vector<std::string> GlContext::take_errors() {
    for (GLenum error = glGetError(); error != GL_NO_ERROR; error = glGetError()) {
        if (!listens_ && errors_.size() < kMostErrors) {
            errors_.push_back("glGetError " + std::to_string(error));
        }
    }
    return std::exchange(errors_, {});
}

}  // namespace heed::app
