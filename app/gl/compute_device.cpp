#include "app/gl/compute_device.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "app/gl/shader_source.h"

namespace heed::app {

namespace {

// A range of a buffer is addressed with ints of 32 bits in the shaders.
constexpr std::int64_t kMostBindingWords = std::int64_t{1} << 28;

std::string text_of(GLenum name) {
    const GLubyte* text = glGetString(name);
    return text == nullptr ? "" : reinterpret_cast<const char*>(text);
}

}  // namespace

ComputeDevice::ComputeDevice(DeviceOptions options) : options_(std::move(options)) {
    if (!options_.make_context) {
        options_.make_context = make_card_context;
    }
    if (options_.faults.has_no_context) {
        throw NoOpenGl("the graphics card", "OpenGL", "a context", "none");
    }
    thread_ = std::make_unique<GlThread>(options_.make_context);
    try {
        thread_->call([this] { open(); });
    } catch (...) {
        thread_->call([this] {
            programs_.reset();
            memory_.reset();
        });
        throw;
    }
}

ComputeDevice::~ComputeDevice() {
    thread_->call([this] {
        programs_.reset();
        memory_.reset();
    });
}

void ComputeDevice::open() {
    const GlContext& context = thread_->context();
    renderer_ = context.renderer();
    driver_ = renderer_ + "\n" + text_of(GL_VERSION);
    if (!context.has_compute() || options_.faults.has_old_version) {
        const GlVersion version =
            options_.faults.has_old_version ? GlVersion{4, 1} : context.version();
        throw GlFailure(renderer_, "OpenGL", "4.3 or later, which has compute shaders",
                        fmt::format("{}.{}", version.major, version.minor));
    }
    read_limits();
    memory_ = std::make_unique<DeviceMemory>(options_.faults.failing_allocation);
    programs_ = std::make_unique<ProgramCache>(shaders_folder(), options_.cache, driver_,
                                               options_.faults.broken_shader);
}

void ComputeDevice::read_limits() {
    GLint64 range = 0;
    glGetInteger64v(GL_MAX_SHADER_STORAGE_BLOCK_SIZE, &range);
    limits_.binding_words = std::min<std::int64_t>(range / 4, kMostBindingWords);
    if (options_.faults.binding_words) limits_.binding_words = *options_.faults.binding_words;
    if (options_.products) limits_.products = *options_.products;
    if (options_.faults.dispatch_work) limits_.work = *options_.faults.dispatch_work;
    GLint alignment = 0;
    glGetIntegerv(GL_SHADER_STORAGE_BUFFER_OFFSET_ALIGNMENT, &alignment);
    limits_.alignment_words = std::max(1, alignment / 4);
    glGetIntegerv(GL_UNIFORM_BUFFER_OFFSET_ALIGNMENT, &limits_.params_alignment);
    limits_.params_alignment = std::max(16, limits_.params_alignment);
}

void ComputeDevice::check() {
    if (GLAD_GL_KHR_robustness != 0 && glGetGraphicsResetStatus != nullptr &&
        glGetGraphicsResetStatus() != GL_NO_ERROR) {
        throw GlLost(renderer_, "OpenGL", "a context", "a context that was lost");
    }
    const std::vector<std::string> errors = thread_->context().take_errors();
    if (!errors.empty()) throw GlFailure(renderer_, "OpenGL", "no error", errors.front());
}

std::filesystem::path device_cache_folder() {
    const char* cache = std::getenv("XDG_CACHE_HOME");
    if (cache != nullptr && *cache == '/') return std::filesystem::path(cache) / "heed" / "gl";
    const char* home = std::getenv("HOME");
    if (home == nullptr || *home == '\0') return {};
    return std::filesystem::path(home) / ".cache" / "heed" / "gl";
}

}  // namespace heed::app
