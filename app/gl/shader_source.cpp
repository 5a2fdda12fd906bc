#include "app/gl/shader_source.h"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string_view>
#include <vector>

#include "core/base/error.h"

namespace heed::app {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kDeepest = 8;  // files that include each other

std::string read_file(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) throw Error(path.string(), "", "a shader that can be read", "none");
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

// The file named by `#include "x.glsl"`, or nothing.
std::string_view included_file(std::string_view line) {
    constexpr std::string_view kStart = "#include \"";
    if (!line.starts_with(kStart)) return {};
    const std::size_t end = line.find('"', kStart.size());
    return end == std::string_view::npos ? line.substr(0, 0)
                                         : line.substr(kStart.size(), end - kStart.size());
}

void append_file(const fs::path& folder, const std::string& file, std::size_t depth,
                 std::vector<std::string>& lines) {
    const fs::path path = folder / file;
    if (depth > kDeepest) throw Error(path.string(), "#include", "files that end", "a circle");
    std::istringstream text(read_file(path));
    for (std::string line; std::getline(text, line);) {
        const std::string_view included = included_file(line);
        if (included.empty()) {
            lines.push_back(line);
        } else {
            append_file(folder, std::string(included), depth + 1, lines);
        }
    }
}

}  // namespace

fs::path shaders_folder() {
    const char* given = std::getenv("HEED_SHADERS");
    if (given != nullptr && *given != '\0') return given;
    std::error_code error;
    const fs::path executable = fs::read_symlink("/proc/self/exe", error);
    if (!error) {
        const fs::path folder = executable.parent_path();
        for (const fs::path& path : {folder / "shaders", folder.parent_path() / "shaders",
                                     folder.parent_path() / "share" / "heed" / "shaders"}) {
            if (fs::is_directory(path, error)) return path;
        }
    }
    return fs::path(HEED_SOURCE_DIR) / "shaders";
}

std::string read_shader(const fs::path& folder, const ProgramKey& key) {
    std::vector<std::string> lines;
    append_file(folder, key.file, 0, lines);
    if (lines.empty() || !lines.front().starts_with("#version")) {
        throw Error((folder / key.file).string(), "line 1", "#version",
                    lines.empty() ? "" : lines[0]);
    }
    std::string text = lines.front() + "\n";
    for (const auto& [name, value] : key.defines) text += "#define " + name + " " + value + "\n";
    for (std::size_t i = 1; i < lines.size(); ++i) text += lines[i] + "\n";
    return text;
}

}  // namespace heed::app
