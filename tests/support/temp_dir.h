// A folder that is gone with its owner.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace heed::test {

class TempDir {
  public:
    TempDir();
    ~TempDir();
    TempDir(const TempDir&) = delete;
    TempDir& operator=(const TempDir&) = delete;

    const std::filesystem::path& path() const { return path_; }
    std::filesystem::path operator/(std::string_view name) const { return path_ / name; }
    // Writes a file of that name and returns where it is.
    std::filesystem::path write(std::string_view name, std::string_view content) const;

  private:
    std::filesystem::path path_;
};

// The bytes of a file, read without heed's own code. Throws std::runtime_error.
std::string read_file(const std::filesystem::path& path);

}  // namespace heed::test
