// A file that appears whole or not at all: written beside its place, renamed over it at the end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace heed {

class AtomicFile {
  public:
    // Creates the file beside `path`. Throws Error where that cannot be, and where `path` is there
    // and is no regular file.
    explicit AtomicFile(const std::filesystem::path& path);
    // Without finish() the file beside is removed and `path` is as it was.
    ~AtomicFile();
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    // Appends. Throws Error.
    void write(std::span<const std::byte> bytes);
    void write(std::string_view bytes);
    // Overwrites what was appended before: at + bytes.size() <= size() (Bug). Throws Error.
    void write_at(std::uint64_t at, std::string_view bytes);
    std::uint64_t size() const { return size_; }
    // Writes what is pending, syncs and renames. Throws Error.
    void finish();

  private:
    [[noreturn]] void fail(int reason) const;
    void flush();
    void write_out(std::span<const std::byte> bytes, std::uint64_t at);

    std::string target_;
    std::string aside_;
    int fd_ = -1;
    std::uint64_t size_ = 0;
    std::vector<std::byte> pending_;  // the last bytes of size_, not yet given to the system
};

// Writes `bytes` as the whole of `path`, so that a crash leaves the old file or the new one. Throws
// Error.
void write_file_atomically(const std::filesystem::path& path, std::string_view bytes);

}  // namespace heed
