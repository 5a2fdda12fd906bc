// A whole regular file, mapped read-only. Directories, FIFOs, devices and unreadable files are
// refused with an Error; opening never blocks. It knows nothing of what the bytes mean.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace heed {

class MappedFile {
  public:
    // Maps `path`; an empty file gives no bytes. Throws Error where it is missing, unreadable or no
    // regular file. The file must not shrink while it is mapped: no reader can guard against that.
    explicit MappedFile(const std::filesystem::path& path);
    ~MappedFile();
    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;

    std::span<const std::byte> bytes() const { return {data_, size_}; }
    std::string_view text() const;
    const std::string& path() const { return path_; }

  private:
    std::string path_;
    const std::byte* data_ = nullptr;
    std::size_t size_ = 0;
};

// The bytes of a small file. Throws Error as MappedFile does, and where it is larger than
// `max_bytes`.
std::string read_text_file(const std::filesystem::path& path, std::size_t max_bytes);

// What stat's st_mode says, in words: "a directory", "a named pipe", ...
std::string describe_file_mode(unsigned int mode);

// What stands in place of the expected content, in words, where it can be told: "a web page", "a
// Git LFS pointer", "an empty file", "a ZIP archive"; else an empty string.
std::string recognise_wrong_content(std::string_view head);

}  // namespace heed
