#include "core/format/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/base/error.h"

namespace heed {
namespace {

// Owns a descriptor for the length of a scope.
class Descriptor {
  public:
    explicit Descriptor(int fd) : fd_(fd) {}
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const { return fd_; }

  private:
    int fd_;
};

// Opens without ever waiting (a FIFO would), then looks what was opened.
int open_regular(const std::string& path, std::size_t& size) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0) {
        throw Error(path, "", "a file that can be read", std::strerror(errno));
    }
    struct stat status {};
    if (::fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
        ::close(fd);
        throw Error(path, "", "a file", describe_file_mode(status.st_mode));
    }
    size = static_cast<std::size_t>(status.st_size);
    return fd;
}

bool starts_with_no_case(std::string_view text, std::string_view lower) {
    if (text.size() < lower.size()) return false;
    for (std::size_t i = 0; i < lower.size(); ++i) {
        const char c = text[i];
        const char folded = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        if (folded != lower[i]) return false;
    }
    return true;
}

}  // namespace

std::string describe_file_mode(unsigned int mode) {
    if (S_ISREG(mode)) return "a file";
    if (S_ISDIR(mode)) return "a directory";
    if (S_ISFIFO(mode)) return "a named pipe";
    if (S_ISSOCK(mode)) return "a socket";
    if (S_ISCHR(mode) || S_ISBLK(mode)) return "a device";
    return "something else";
}

MappedFile::MappedFile(const std::filesystem::path& path) : path_(path.string()) {
    const Descriptor fd(open_regular(path_, size_));
    if (size_ == 0) return;
    void* data = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, fd.get(), 0);
    if (data == MAP_FAILED) {
        throw Error(path_, "", "a file that can be mapped", std::strerror(errno));
    }
    data_ = static_cast<const std::byte*>(data);
}

MappedFile::~MappedFile() {
    if (data_ != nullptr) ::munmap(const_cast<std::byte*>(data_), size_);
}

std::string_view MappedFile::text() const {
    return {reinterpret_cast<const char*>(data_), size_};
}

std::string read_text_file(const std::filesystem::path& path, std::size_t max_bytes) {
    const MappedFile file(path);
    if (file.bytes().size() > max_bytes) {
        throw Error(file.path(), "size", "at most " + std::to_string(max_bytes) + " bytes",
                    std::to_string(file.bytes().size()) + " bytes");
    }
    return std::string(file.text());
}

std::string recognise_wrong_content(std::string_view head) {
    if (head.empty()) return "an empty file";
    std::size_t at = 0;
    while (at < head.size() &&
           (head[at] == ' ' || head[at] == '\n' || head[at] == '\r' || head[at] == '\t')) {
        ++at;
    }
    const std::string_view text = head.substr(at);
    if (starts_with_no_case(text, "<!doctype html") || starts_with_no_case(text, "<html")) {
        return "a web page";
    }
    if (text.starts_with("version https://git-lfs")) return "a Git LFS pointer";
    if (starts_with_no_case(text, "<?xml")) return "an XML document";
    if (head.starts_with("PK\x03\x04")) return "a ZIP archive";
    if (head.starts_with("GGUF")) return "a GGUF file";
    if (head.starts_with("\x1f\x8b")) return "a gzip file";
    return "";
}

}  // namespace heed
