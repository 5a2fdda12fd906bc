// Owners of OpenGL names: moved, never copied, deleted in the context that made them. A handle must
// die before its context does.
#pragma once

#include <glad/gl.h>

#include <utility>

namespace heed::app {

// `Delete` is called with the name; the name 0 is nothing.
template <void (*Delete)(GLuint)>
class Handle {
  public:
    Handle() = default;
    explicit Handle(GLuint name) : name_(name) {}
    ~Handle() {
        if (name_ != 0) Delete(name_);
    }
    Handle(Handle&& other) noexcept : name_(std::exchange(other.name_, 0)) {}
    Handle& operator=(Handle&& other) noexcept {
        std::swap(name_, other.name_);
        return *this;
    }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;

    GLuint name() const { return name_; }
    // Gives the name away: nothing is deleted any more.
    GLuint release() { return std::exchange(name_, 0); }

  private:
    GLuint name_ = 0;
};

inline void delete_texture(GLuint name) {
    glDeleteTextures(1, &name);
}
inline void delete_framebuffer(GLuint name) {
    glDeleteFramebuffers(1, &name);
}
inline void delete_shader(GLuint name) {
    glDeleteShader(name);
}
inline void delete_program(GLuint name) {
    glDeleteProgram(name);
}

inline void delete_buffer(GLuint name) {
    glDeleteBuffers(1, &name);
}
inline void delete_query(GLuint name) {
    glDeleteQueries(1, &name);
}

using TextureHandle = Handle<delete_texture>;
using FramebufferHandle = Handle<delete_framebuffer>;
using ShaderHandle = Handle<delete_shader>;
using ProgramHandle = Handle<delete_program>;
using BufferHandle = Handle<delete_buffer>;
using QueryHandle = Handle<delete_query>;

inline TextureHandle make_texture() {
    GLuint name = 0;
    glGenTextures(1, &name);
    return TextureHandle(name);
}
inline BufferHandle make_buffer() {
    GLuint name = 0;
    glGenBuffers(1, &name);
    return BufferHandle(name);
}
inline QueryHandle make_query() {
    GLuint name = 0;
    glGenQueries(1, &name);
    return QueryHandle(name);
}
inline FramebufferHandle make_framebuffer() {
    GLuint name = 0;
    glGenFramebuffers(1, &name);
    return FramebufferHandle(name);
}

}  // namespace heed::app
