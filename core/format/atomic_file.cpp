#include "core/format/atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "core/base/check.h"
#include "core/base/error.h"
#include "core/format/mapped_file.h"

namespace heed {
namespace {

constexpr std::size_t kPendingBytes = 1u << 16;
constexpr int kMaxAttempts = 100;

}  // namespace

AtomicFile::AtomicFile(const std::filesystem::path& path) : target_(path.string()) {
    struct stat status {};
    if (::stat(target_.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) {
        throw Error(target_, "", "a file to write", describe_file_mode(status.st_mode));
    }
    for (int attempt = 0; fd_ < 0; ++attempt) {
        aside_ = target_ + ".part" + std::to_string(::getpid()) + "." + std::to_string(attempt);
        fd_ = ::open(aside_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
        if (fd_ < 0 && (errno != EEXIST || attempt >= kMaxAttempts)) fail(errno);
    }
}

AtomicFile::~AtomicFile() {
    if (fd_ < 0) return;
    ::close(fd_);
    ::unlink(aside_.c_str());
}

void AtomicFile::fail(int reason) const {
    throw Error(target_, "", "a file that can be written", std::strerror(reason));
}

void AtomicFile::write(std::span<const std::byte> bytes) {
    if (pending_.size() + bytes.size() > kPendingBytes) flush();
    if (bytes.size() > kPendingBytes) {
        write_out(bytes, size_);
    } else {
        pending_.insert(pending_.end(), bytes.begin(), bytes.end());
    }
    size_ += bytes.size();
}

void AtomicFile::write(std::string_view bytes) {
    write(std::as_bytes(std::span(bytes.data(), bytes.size())));
}

void AtomicFile::write_at(std::uint64_t at, std::string_view bytes) {
    HEED_CHECK_LE(bytes.size(), size_);
    HEED_CHECK_LE(at, size_ - bytes.size());
    flush();
    write_out(std::as_bytes(std::span(bytes.data(), bytes.size())), at);
}

void AtomicFile::flush() {
    write_out(pending_, size_ - pending_.size());
    pending_.clear();
}

void AtomicFile::write_out(std::span<const std::byte> bytes, std::uint64_t at) {
    HEED_CHECK_LE(0, fd_);
    while (!bytes.empty()) {
        const ssize_t written = ::pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(at));
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) fail(errno);
        bytes = bytes.subspan(static_cast<std::size_t>(written));
        at += static_cast<std::uint64_t>(written);
    }
}

void AtomicFile::finish() {
    flush();
    if (::fsync(fd_) != 0 && errno != EINVAL) fail(errno);
    if (std::rename(aside_.c_str(), target_.c_str()) != 0) fail(errno);
    ::close(fd_);
    fd_ = -1;
}

void write_file_atomically(const std::filesystem::path& path, std::string_view bytes) {
    AtomicFile file(path);
    file.write(bytes);
    file.finish();
}

}  // namespace heed
