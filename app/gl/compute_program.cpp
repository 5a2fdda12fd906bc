#include "app/gl/compute_program.h"

#include <fmt/format.h>

#include <algorithm>

#include <fstream>
#include <iterator>
#include <vector>

#include "app/gl/faults.h"
#include "app/gl/shader_source.h"
#include "core/base/hash.h"

namespace heed::app {

namespace fs = std::filesystem;

namespace {

std::string shader_log(GLuint shader) {
    GLint length = 0;
    glGetShaderiv(shader, GL_INFO_LOG_LENGTH, &length);
    std::string log(static_cast<std::size_t>(length > 0 ? length : 0), '\0');
    if (length > 0) glGetShaderInfoLog(shader, length, nullptr, log.data());
    return log;
}

std::string program_log(GLuint program) {
    GLint length = 0;
    glGetProgramiv(program, GL_INFO_LOG_LENGTH, &length);
    std::string log(static_cast<std::size_t>(length > 0 ? length : 0), '\0');
    if (length > 0) glGetProgramInfoLog(program, length, nullptr, log.data());
    return log;
}

ProgramHandle compile(const std::string& file, const std::string& source) {
    const ShaderHandle shader(glCreateShader(GL_COMPUTE_SHADER));
    const char* text = source.c_str();
    glShaderSource(shader.name(), 1, &text, nullptr);
    glCompileShader(shader.name());
    GLint is_done = GL_FALSE;
    glGetShaderiv(shader.name(), GL_COMPILE_STATUS, &is_done);
    if (is_done == GL_FALSE) {
        throw GlFailure("shaders/" + file, "", "a shader that compiles", shader_log(shader.name()));
    }
    ProgramHandle program(glCreateProgram());
    glProgramParameteri(program.name(), GL_PROGRAM_BINARY_RETRIEVABLE_HINT, GL_TRUE);
    glAttachShader(program.name(), shader.name());
    glLinkProgram(program.name());
    glGetProgramiv(program.name(), GL_LINK_STATUS, &is_done);
    if (is_done == GL_FALSE) {
        throw GlFailure("shaders/" + file, "", "a program that links", program_log(program.name()));
    }
    return program;
}

}  // namespace

ProgramCache::ProgramCache(fs::path shaders, fs::path folder, std::string driver,
                           std::string broken)
    : shaders_(std::move(shaders)),
      folder_(std::move(folder)),
      driver_(std::move(driver)),
      broken_(std::move(broken)) {}

GLuint ProgramCache::get(const ProgramKey& key) {
    const auto known = programs_.find(key);
    if (known != programs_.end()) return known->second.name();
    std::string source = read_shader(shaders_, key);
    if (key.file == broken_) source += "this does not compile\n";
    ProgramHandle program = load_binary(source);
    if (program.name() != 0) {
        ++loaded_;
    } else {
        program = compile(key.file, source);
        ++compiled_;
        store_binary(source, program.name());
    }
    return programs_.emplace(key, std::move(program)).first->second.name();
}

fs::path ProgramCache::binary_path(const std::string& source) const {
    return folder_ / fmt::format("{:016x}.bin", hash_text(driver_ + "\n" + source));
}

// A driver may refuse a binary at any time; the source is compiled then.
ProgramHandle ProgramCache::load_binary(const std::string& source) const {
    if (folder_.empty()) return {};
    std::ifstream in(binary_path(source), std::ios::binary);
    if (!in) return {};
    const std::vector<char> bytes{std::istreambuf_iterator<char>(in), {}};
    GLenum format = 0;
    if (bytes.size() <= sizeof format) return {};
    std::copy_n(bytes.data(), sizeof format, reinterpret_cast<char*>(&format));
    ProgramHandle program(glCreateProgram());
    glProgramBinary(program.name(), format, bytes.data() + sizeof format,
                    static_cast<GLsizei>(bytes.size() - sizeof format));
    GLint is_done = GL_FALSE;
    glGetProgramiv(program.name(), GL_LINK_STATUS, &is_done);
    if (is_done == GL_FALSE) return {};
    return program;
}

// Not being able to keep it is no failure: it is compiled again next time.
void ProgramCache::store_binary(const std::string& source, GLuint program) const {
    GLint formats = 0;
    glGetIntegerv(GL_NUM_PROGRAM_BINARY_FORMATS, &formats);
    GLint length = 0;
    glGetProgramiv(program, GL_PROGRAM_BINARY_LENGTH, &length);
    if (folder_.empty() || formats == 0 || length <= 0) return;
    GLenum format = 0;
    std::vector<char> bytes(static_cast<std::size_t>(length));
    glGetProgramBinary(program, length, nullptr, &format, bytes.data());
    std::error_code error;
    fs::create_directories(folder_, error);
    const fs::path path = binary_path(source);
    fs::path partial = path;
    partial += ".partial";
    {
        std::ofstream out(partial, std::ios::binary);
        out.write(reinterpret_cast<const char*>(&format), sizeof format);
        out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        if (!out) return;
    }
    fs::rename(partial, path, error);
}

}  // namespace heed::app
