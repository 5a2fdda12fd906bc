// Compute programs of the device: compiled when they are first needed, kept as the driver's binary
// in a folder for the next start. Used on the device's thread.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "app/gl/commands.h"
#include "app/gl/handle.h"

namespace heed::app {

class ProgramCache {
  public:
    // `driver` tells one driver from another, so that binaries of an old one are not used; binaries
    // lie in `folder`, an empty one keeps none. `broken` is a file that is made not to compile (a
    // test's).
    ProgramCache(std::filesystem::path shaders, std::filesystem::path folder, std::string driver,
                 std::string broken);

    // Throws GlFailure with the file and what the driver said.
    GLuint get(const ProgramKey& key);
    int compiled() const { return compiled_; }  // from source since the start
    int loaded() const { return loaded_; }      // from binaries

  private:
    std::filesystem::path binary_path(const std::string& source) const;
    ProgramHandle load_binary(const std::string& source) const;
    void store_binary(const std::string& source, GLuint program) const;

    std::filesystem::path shaders_;
    std::filesystem::path folder_;
    std::string driver_;
    std::string broken_;
    std::map<ProgramKey, ProgramHandle> programs_;
    int compiled_ = 0;
    int loaded_ = 0;
};

}  // namespace heed::app
