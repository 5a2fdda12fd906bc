// Shaders as text: files with what they include, and macros set. It knows no OpenGL.
#pragma once

#include <filesystem>
#include <string>

#include "app/gl/commands.h"

namespace heed::app {

// Where shaders/ lies: $HEED_SHADERS, beside the program or its assets, else the source tree.
std::filesystem::path shaders_folder();

// The text of a program: its #version line, its macros, then the rest, with each line
// `#include "x.glsl"` replaced by that file of the same folder. Throws Error where a file cannot be
// read, has no #version or includes itself.
std::string read_shader(const std::filesystem::path& folder, const ProgramKey& key);

}  // namespace heed::app
